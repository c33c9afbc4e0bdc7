"""Check in a real account what no emulator shows; after a first run, in a minute, for nothing.

python scripts/smoke.py --region REGION

Each check reads, and changes nothing. It prints a line a check and exits with 1 where one fails.
"""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import boto3
from aws_errors import DeployError, exit_on_error
from botocore.exceptions import BotoCoreError, ClientError
from stacks import Stack

JOBS = ("trusted", "refined", "answers", "report")
LAYERS = ("trusted", "refined", "answers")


class Lake(NamedTuple):
    """A deployed lake: its session, name, and its stacks' parameters and outputs."""

    session: Any
    name: str
    parameters: dict[str, str]
    outputs: dict[str, str]

    def client(self, service: str) -> Any:
        """A client of that service."""
        return self.session.client(service)


Check = Callable[[Lake], str]


def main() -> None:
    """Check all; exit status 1 where a check fails."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--region", required=True)
    parser.add_argument("--name", default="datalake", help="of the stacks, as deployed")
    options = parser.parse_args()
    with exit_on_error():
        session = boto3.Session(region_name=options.region)
        stack = Stack(session.client("cloudformation"), options.name)
        if not stack.outputs:
            raise DeployError(f"stack {stack.name} is not there; run `make deploy`")
        lake = Lake(session, options.name, stack.parameters, stack.outputs)
        failed = [check for check in CHECKS if not passes(check, lake)]
    sys.exit(1 if failed else 0)


def passes(check: Check, lake: Lake) -> bool:
    """Whether the check finds nothing wrong, after printing its line."""
    title = (check.__doc__ or "").split("\n")[0].rstrip(".")
    try:
        problem = check(lake)
    except (BotoCoreError, ClientError) as error:
        problem = str(error)
    print(f"{'FAILED' if problem else 'ok    '}  {title}{': ' + problem if problem else ''}")
    return not problem


def run_succeeded(lake: Lake) -> str:
    """The newest finished execution succeeded."""
    states = lake.client("stepfunctions")
    executions = states.list_executions(stateMachineArn=lake.outputs["Run"])["executions"]
    finished = [execution for execution in executions if execution["status"] != "RUNNING"]
    if not finished:
        return "none has finished; start one (docs/runbook.md)"
    return (
        ""
        if finished[0]["status"] == "SUCCEEDED"
        else f"{finished[0]['name']}: {finished[0]['status']}"
    )


def jobs_ran(lake: Lake) -> str:
    """Each job's newest attempt succeeded: its wheels were installed, its role suffices."""
    glue = lake.client("glue")
    for job in JOBS:
        runs = glue.get_job_runs(JobName=f"{lake.name}-{job}", MaxResults=1)["JobRuns"]
        state = runs[0]["JobRunState"] if runs else "never started"
        if state != "SUCCEEDED":
            return f"{lake.name}-{job}: {state} {runs[0].get('ErrorMessage', '') if runs else ''}"
    return ""


def logs_arrive(lake: Lake) -> str:
    """The jobs log to the stack's groups, which have a retention."""
    logs = lake.client("logs")
    for end in ("output", "error"):
        name = f"/aws-glue/{lake.name}/{end}"
        groups = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        if not groups or "retentionInDays" not in groups[0]:
            return f"{name}: there is none with a retention"
        if not logs.describe_log_streams(logGroupName=name, limit=1)["logStreams"]:
            return f"{name}: empty; where do the jobs log to?"
    return ""


def token_is_there(lake: Lake) -> str:
    """TMDB's token is in its secret."""
    secret = lake.client("secretsmanager").describe_secret(SecretId=lake.parameters["TokenSecret"])
    return "" if secret.get("VersionIdsToStages") else "empty; put it there (docs/runbook.md)"


def tables_are_in_the_catalog(lake: Lake) -> str:
    """Each layer has tables, and they lie in the bucket."""
    glue, place = lake.client("glue"), f"s3://{lake.parameters['Bucket']}/"
    for layer in LAYERS:
        database = f"{lake.parameters['DatabasePrefix']}{layer}"
        tables = glue.get_tables(DatabaseName=database)["TableList"]
        lost = [table["Name"] for table in tables if place not in str(table["StorageDescriptor"])]
        if not tables or lost:
            return f"{database}: {'no tables' if not tables else f'{lost[0]} lies elsewhere'}"
    return ""


def no_publication_is_half_done(lake: Lake) -> str:
    """No publication is half done."""
    key = f"{lake.parameters['Prefix']}/Publishing/intent.json"
    page = lake.client("s3").list_objects_v2(Bucket=lake.parameters["Bucket"], Prefix=key)
    return "start a run, which completes it" if page.get("KeyCount") else ""


def topic_has_a_reader(lake: Lake) -> str:
    """Somebody has confirmed to be told of failures."""
    topic = lake.client("sns").get_topic_attributes(TopicArn=lake.outputs["Failures"])
    confirmed = int(topic["Attributes"].get("SubscriptionsConfirmed", 0))
    return "" if confirmed else "set AlarmEmail, and confirm the mail that AWS sends"


def page_is_new(lake: Lake) -> str:
    """The page is there and of the last eight days."""
    key = f"{lake.parameters['Prefix']}/Report/index.html"
    page = lake.client("s3").head_object(Bucket=lake.parameters["Bucket"], Key=key)
    old = page["LastModified"] < datetime.now(UTC) - timedelta(days=8)
    return f"of {page['LastModified']:%Y-%m-%d}" if old else ""


def metrics_arrive(lake: Lake) -> str:
    """What jobs log has become metrics."""
    listed = lake.client("cloudwatch").list_metrics(Namespace=lake.name)["Metrics"]
    names = {metric["MetricName"] for metric in listed}
    missing = sorted({"JobUsd", "OldestHours"} - names)
    return f"no {', '.join(missing)}: look at the log group of errors" if missing else ""


def old_responses_expire(lake: Lake) -> str:
    """The bucket deletes TMDB's responses in time."""
    s3, bucket = lake.client("s3"), lake.parameters["Bucket"]
    rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    days = {rule["ID"]: rule.get("Expiration", {}).get("Days") for rule in rules}
    return "" if days.get("tmdb-bodies") == 170 else "deploy again: the bucket lacks that rule"


CHECKS: tuple[Check, ...] = (
    token_is_there,
    run_succeeded,
    jobs_ran,
    logs_arrive,
    tables_are_in_the_catalog,
    no_publication_is_half_done,
    page_is_new,
    topic_has_a_reader,
    metrics_arrive,
    old_responses_expire,
)

if __name__ == "__main__":
    main()
