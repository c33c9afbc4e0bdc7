"""Stand the lake up in an AWS account, or bring it up to date; safe to repeat.

python scripts/deploy.py --bucket NAME --region REGION [--set Schedule='cron(0 3 * * ? *)' …]
"""

import argparse
from typing import Any

import boto3
from aws_errors import DeployError, exit_on_error
from botocore.exceptions import ClientError
from build_wheels import ROOT
from release import LAKE, Release, build
from schedule import stale_after_hours
from stacks import Stack, parse_parameters

STORAGE = ROOT / "infra" / "storage.yaml"
DAILY = "cron(0 6 * * ? *)"  # the template's own
_SET_HERE = {"Bucket", "TokenSecret", "Code"}  # known here, not for the user to set


def main() -> None:
    """Deploy as the arguments say; one line and exit status 1 where that can't be."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bucket", required=True, help="the lake's bucket, new or its own")
    parser.add_argument("--region", required=True)
    parser.add_argument("--name", default="datalake", help="of the stacks and what is in them")
    parser.add_argument("--set", nargs="*", default=[], metavar="PARAMETER=VALUE", dest="settings")
    parser.add_argument("--service-role", default="", help="ARN of CloudFormation's role")
    parser.add_argument("--dry-run", action="store_true", help="tell what would be done, only")
    options = parser.parse_args()
    with exit_on_error():
        for option in ("bucket", "region"):
            if not vars(options)[option]:
                raise DeployError(f"--{option}: empty; make deploy BUCKET=NAME REGION=REGION")
        parameters = parse_parameters(options.settings, STORAGE, LAKE, exclude=_SET_HERE)
        session = boto3.Session(region_name=options.region)
        cloudformation = session.client("cloudformation")
        storage, lake = (
            Stack(cloudformation, name, options.service_role)
            for name in (f"{options.name}-storage", options.name)
        )
        deploy(session, storage, lake, parameters | {"Bucket": options.bucket}, options.dry_run)


def deploy(
    session: Any, storage: Stack, lake: Stack, parameters: dict[str, str], dry_run: bool
) -> None:
    """Storage, then the release's files, then the machinery that runs them."""
    s3, bucket = session.client("s3"), parameters["Bucket"]
    check_bucket(session, storage, bucket)
    for stack in (storage, lake):
        stack.check()
    release = build(parameters.get("GlueVersion") or lake.parameters.get("GlueVersion") or "5.1")
    print(f"release {release.folder}: {len(release.files)} files, {release.size:,} bytes")
    if dry_run:
        print_plan(storage, lake, release, parameters)
        return
    apply(storage, STORAGE, parameters)
    storage.cloudformation.update_termination_protection(
        StackName=storage.name, EnableTerminationProtection=True
    )
    upload(s3, bucket, release)
    own_parameters = {"Code": release.folder, "TokenSecret": storage.outputs["TokenSecret"]}
    template_url = f"{s3.meta.endpoint_url}/{bucket}/{release.folder}/{LAKE.name}"
    apply(
        lake, LAKE, parameters | own_parameters | alarm_parameters(parameters, lake), template_url
    )
    print_next_steps(storage.outputs, lake.outputs, session.region_name)


def alarm_parameters(parameters: dict[str, str], lake: Stack) -> dict[str, str]:
    """The parameter StaleAfterHours of the alarm, by the schedule, unless it is set by hand."""
    if "StaleAfterHours" in parameters:
        return {}
    schedule = parameters.get("Schedule") or lake.parameters.get("Schedule") or DAILY
    return {"StaleAfterHours": str(stale_after_hours(schedule))}


def check_bucket(session: Any, storage: Stack, bucket: str) -> None:
    """`DeployError` where the name is taken by someone else, or is not this lake's bucket."""
    own_bucket = storage.outputs.get("Bucket")
    if own_bucket and own_bucket != bucket:
        raise DeployError(
            f"stack {storage.name} holds bucket {own_bucket}; use that, or another --name"
        )
    account = session.client("sts").get_caller_identity()["Account"]
    try:
        session.client("s3").head_bucket(Bucket=bucket, ExpectedBucketOwner=account)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status == 404:
            return
        if status == 403:
            raise DeployError(
                f"bucket {bucket} is another account's; choose another name"
            ) from error
        if status in (301, 400):
            raise DeployError(
                f"bucket {bucket} is in another region than {session.region_name}"
            ) from error
        raise
    if not own_bucket:
        raise DeployError(
            f"bucket {bucket} is there already and not of stack {storage.name}; choose another name"
        )


def print_plan(storage: Stack, lake: Stack, release: Release, parameters: dict[str, str]) -> None:
    """Print what a deploy would do; nothing is changed."""
    bucket = parameters["Bucket"]
    for stack in (storage, lake):
        print(f"would {'update' if stack.describe() else 'create'} stack {stack.name}")
    print(
        f"would put the release to s3://{bucket}/{release.folder}/, but for files that are there:"
    )
    for name in sorted(release.files):
        print(f"  {name} ({len(release.files[name]):,} bytes)")
    for key, value in sorted(parameters.items() - {("Bucket", bucket)}):
        print(f"would set {key} = {value}")


def apply(stack: Stack, template: Any, parameters: dict[str, str], url: str = "") -> None:
    """Bring the stack to its template, and say whether that changed it."""
    print(f"stack {stack.name} …")
    changed = stack.apply(template, parameters, url)
    print(f"stack {stack.name}: {'done' if changed else 'nothing to change'}")


def upload(s3: Any, bucket: str, release: Release) -> None:
    """Put the release's files into its folder; the name tells the content, so old ones stay."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=release.folder)
    uploaded = {item["Key"] for page in pages for item in page.get("Contents", ())}
    for name, content in sorted(release.files.items()):
        key = f"{release.folder}/{name}"
        if key not in uploaded:
            s3.put_object(Bucket=bucket, Key=key, Body=content, ChecksumAlgorithm="SHA256")
            print(f"  put s3://{bucket}/{key}")


def print_next_steps(storage: dict[str, str], lake: dict[str, str], region: str) -> None:
    """Print the steps to the first run; docs/runbook.md has more."""
    print(
        f"""
The lake is {storage["Lake"]}. Next, once each (docs/runbook.md):

1. Give it TMDB's v4 read access token, from a file that only you can read:
     aws secretsmanager put-secret-value --region {region} \\
       --secret-id {storage["TokenSecret"]} --secret-string file://token.txt
2. Put IMDb's files into Raw:
     AWS_REGION={region} datalake ingest --source DIR --lake {storage["Lake"]}
3. Start a run by hand, and watch it in Step Functions:
     aws stepfunctions start-execution --region {region} --state-machine-arn {lake["Run"]}
4. When it went well, turn the schedule on:
     make deploy BUCKET={storage["Bucket"]} REGION={region} \\
       SET='ScheduleState=ENABLED AlarmEmail=YOU@EXAMPLE.COM'
5. For SQL in Athena: make views REGION={region}; with DASHBOARD=1 for QuickSight as well"""
    )


if __name__ == "__main__":
    main()
