"""Delete the lake's machinery, and keep the data unless told otherwise; safe to repeat.

python scripts/destroy.py --region REGION [--purge-data] [--dry-run]
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from aws_errors import DeployError, exit_on_error
from botocore.exceptions import ClientError
from stacks import Stack


def main() -> None:
    """Destroy as the arguments say; one line and exit status 1 where that can't be."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--region", required=True)
    parser.add_argument("--name", default="datalake", help="of the stacks, as deployed")
    parser.add_argument("--purge-data", action="store_true", help="the data and token as well")
    parser.add_argument("--dry-run", action="store_true", help="tell what would be done, only")
    options = parser.parse_args()
    with exit_on_error():
        session = boto3.Session(region_name=options.region)
        cloudformation = session.client("cloudformation")
        storage = Stack(cloudformation, f"{options.name}-storage")
        machinery = [
            Stack(cloudformation, name) for name in (f"{options.name}-dashboard", options.name)
        ]
        if options.dry_run:
            print_plan(machinery, storage, options.purge_data)
            return
        for stack in machinery:
            delete_stack(stack)
        if options.purge_data:
            purge(session, storage)
        elif storage.creation_failed:
            delete_stack(storage)
        else:
            print_kept(storage)


def print_plan(machinery: list[Stack], storage: Stack, purge_data: bool) -> None:
    """Print what a destroy would do; nothing is changed."""
    for stack in machinery:
        if stack.describe():
            print(f"would delete stack {stack.name}")
    if not purge_data:
        print_kept(storage)
    elif bucket := storage.outputs.get("Bucket"):
        print(f"would delete all that is in bucket {bucket}, old versions included")
        print(f"would delete stack {storage.name}: the bucket, the databases, the token")


def delete_stack(stack: Stack) -> None:
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
    # A stack whose creation failed may have created, and may list, only some of its resources.
    if bucket := storage.outputs.get("Bucket"):
        s3 = session.client("s3")
        print(f"bucket {bucket}: {empty_bucket(s3, bucket):,} versions deleted")
        with ignore_missing("NoSuchBucket"):
            s3.delete_bucket(Bucket=bucket)
        delete_databases(session.client("glue"), storage.parameters["DatabasePrefix"])
    if secret := storage.outputs.get("TokenSecret"):
        # At once: a secret that waits for its deletion keeps its name from the next deploy.
        with ignore_missing("ResourceNotFoundException"):
            session.client("secretsmanager").delete_secret(
                SecretId=secret, ForceDeleteWithoutRecovery=True
            )
    delete_stack(storage)


def delete_databases(glue: Any, prefix: str) -> None:
    """Delete the catalog's databases, and with them what the catalog knows of their tables."""
    for layer in ("trusted", "refined", "answers"):
        with ignore_missing("EntityNotFoundException"):
            glue.delete_database(Name=f"{prefix}{layer}")


@contextmanager
def ignore_missing(code: str) -> Iterator[None]:
    """Ignore the error that a resource does not exist: it is deleted already."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] != code:
            raise


def empty_bucket(s3: Any, bucket: str) -> int:
    """Delete every version, delete marker and pending upload; return how many versions."""
    deleted = 0
    with ignore_missing("NoSuchBucket"):
        for batch in _versions(s3, bucket):
            response = s3.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True})
            if errors := response.get("Errors"):
                raise DeployError(f"s3://{bucket}/{errors[0]['Key']}: {errors[0]['Message']}")
            deleted += len(batch)
        for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket):
            for upload in page.get("Uploads", ()):
                s3.abort_multipart_upload(
                    Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                )
    return deleted


def _versions(s3: Any, bucket: str) -> Iterator[list[dict[str, str]]]:
    """Versions and markers, a thousand at most at a time, as S3 deletes them."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        versions = page.get("Versions", []) + page.get("DeleteMarkers", [])
        if versions:
            yield [{"Key": item["Key"], "VersionId": item["VersionId"]} for item in versions]


def print_kept(storage: Stack) -> None:
    """Print what is kept, and what it costs."""
    if bucket := storage.outputs.get("Bucket"):
        print(
            f"kept: stack {storage.name} with bucket {bucket}, the databases and the token"
            " (S3 by the GB, USD 0.40 a month for the secret); with PURGE=1 that goes too"
        )


if __name__ == "__main__":
    main()
