"""Take the lake's machinery away, and keep the data unless told otherwise; safe to repeat.

python scripts/destroy.py --region REGION [--purge-data] [--dry-run]
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from aws_errors import DeployError, translate_errors
from botocore.exceptions import ClientError
from stacks import Stack


def main() -> None:
    """Destroy as the arguments say; one line and exit status 1 where that can't be."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--region", required=True)
    options.add_argument("--name", default="datalake", help="of the stacks, as deployed")
    options.add_argument("--purge-data", action="store_true", help="the data and token as well")
    options.add_argument("--dry-run", action="store_true", help="tell what would be done, only")
    asked = options.parse_args()
    with translate_errors():
        session = boto3.Session(region_name=asked.region)
        cloudformation = session.client("cloudformation")
        storage = Stack(cloudformation, f"{asked.name}-storage")
        machinery = [
            Stack(cloudformation, name) for name in (f"{asked.name}-dashboard", asked.name)
        ]
        if asked.dry_run:
            tell_plan(machinery, storage, asked.purge_data)
            return
        for stack in machinery:
            take_away(stack)
        if asked.purge_data:
            purge(session, storage)
        elif storage.was_never_made:
            take_away(storage)
        else:
            tell_what_is_kept(storage)


def tell_plan(machinery: list[Stack], storage: Stack, purge_data: bool) -> None:
    """What a destroy would do now; nothing is changed."""
    for stack in machinery:
        if stack.describe():
            print(f"would delete stack {stack.name}")
    if not purge_data:
        tell_what_is_kept(storage)
    elif bucket := storage.outputs.get("Bucket"):
        print(f"would delete all that is in bucket {bucket}, old versions included")
        print(f"would delete stack {storage.name}: the bucket, the databases, the token")


def take_away(stack: Stack) -> None:
    """Delete the stack, if it is there."""
    if not stack.describe():
        print(f"stack {stack.name}: not there")
        return
    print(f"stack {stack.name} …")
    stack.delete()
    print(f"stack {stack.name}: deleted")


def purge(session: Any, storage: Stack) -> None:
    """Delete the data and the token, then the stack, which would keep them."""
    if not storage.describe():
        print(f"stack {storage.name}: not there")
        return
    storage.cloudformation.update_termination_protection(
        StackName=storage.name, EnableTerminationProtection=False
    )
    # A stack whose creation failed may know of none of it, and may have none of it made.
    if bucket := storage.outputs.get("Bucket"):
        s3 = session.client("s3")
        print(f"bucket {bucket}: {empty(s3, bucket):,} versions deleted")
        with missing("NoSuchBucket"):
            s3.delete_bucket(Bucket=bucket)
        delete_databases(session.client("glue"), storage.parameters["DatabasePrefix"])
    if secret := storage.outputs.get("TokenSecret"):
        # At once: a secret that waits for its deletion keeps its name from the next deploy.
        with missing("ResourceNotFoundException"):
            session.client("secretsmanager").delete_secret(
                SecretId=secret, ForceDeleteWithoutRecovery=True
            )
    take_away(storage)


def delete_databases(glue: Any, prefix: str) -> None:
    """Delete the catalog's databases, and with them what the catalog knows of their tables."""
    for layer in ("trusted", "refined", "answers"):
        with missing("EntityNotFoundException"):
            glue.delete_database(Name=f"{prefix}{layer}")


@contextmanager
def missing(code: str) -> Iterator[None]:
    """Pass over the error that says that a thing is not there: it is gone already."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] != code:
            raise


def empty(s3: Any, bucket: str) -> int:
    """Delete every object, version and marker, and uploads on their way; how many versions."""
    deleted = 0
    with missing("NoSuchBucket"):
        for batch in _versions(s3, bucket):
            told = s3.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True})
            if errors := told.get("Errors"):
                raise DeployError(f"s3://{bucket}/{errors[0]['Key']}: {errors[0]['Message']}")
            deleted += len(batch)
        for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket):
            for one in page.get("Uploads", ()):
                s3.abort_multipart_upload(Bucket=bucket, Key=one["Key"], UploadId=one["UploadId"])
    return deleted


def _versions(s3: Any, bucket: str) -> Iterator[list[dict[str, str]]]:
    """Versions and markers, a thousand at most at a time, as S3 deletes them."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = page.get("Versions", []) + page.get("DeleteMarkers", [])
        if found:
            yield [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]


def tell_what_is_kept(storage: Stack) -> None:
    """What stays, and what it costs."""
    if bucket := storage.outputs.get("Bucket"):
        print(
            f"kept: stack {storage.name} with bucket {bucket}, the databases and the token"
            " (S3 by the GB, USD 0.40 a month for the secret); with PURGE=1 that goes too"
        )


if __name__ == "__main__":
    main()
