"""Create the views in Athena, and on request the dashboard on them; after a first run.

python scripts/athena_views.py --region REGION [--dashboard [--set Group=GROUP ...]]
"""

import argparse
import hashlib
import time
from typing import Any

import boto3
from aws_errors import DeployError, exit_on_error
from build_wheels import ROOT
from stacks import Stack, load_template, parse_parameters

DASHBOARD = ROOT / "infra" / "dashboard.yaml"
_RUNNING = ("QUEUED", "RUNNING")
_POLL_SECONDS = 1.0


def main() -> None:
    """Create what the arguments name; one line and exit status 1 where that can't be."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--region", required=True)
    parser.add_argument("--name", default="datalake", help="of the stacks, as deployed")
    parser.add_argument("--dashboard", action="store_true", help="QuickSight's dashboard as well")
    parser.add_argument("--set", nargs="*", default=[], metavar="PARAMETER=VALUE", dest="settings")
    options = parser.parse_args()
    with exit_on_error():
        session = boto3.Session(region_name=options.region)
        lake = Stack(session.client("cloudformation"), options.name)
        if not lake.outputs:
            raise DeployError(f"stack {lake.name} is not there; run `make deploy`")
        prefix = lake.parameters["DatabasePrefix"]
        create_views(session.client("athena"), lake.outputs["Queries"], prefix)
        if options.dashboard:
            create_dashboard(session, lake, parse_parameters(options.settings, DASHBOARD))


def create_views(athena: Any, workgroup: str, database_prefix: str) -> None:
    """Create or replace each view in the Refined database, dependencies first.

    `DeployError` with Athena's reason where one fails: before a first run there are no tables.
    """
    from datalake.sql.views import all_views

    database = f"{database_prefix}refined"
    for view in all_views():
        started = athena.start_query_execution(
            QueryString=view.create_statement(database_prefix),
            QueryExecutionContext={"Database": database},
            WorkGroup=workgroup,
        )
        _wait(athena, started["QueryExecutionId"], view.name)
        print(f"view {database}.{view.name}: done")


def create_dashboard(session: Any, lake: Stack, parameters: dict[str, str]) -> None:
    """Create or update the dashboard's stack, by S3, as its template is too long to send."""
    s3, bucket = session.client("s3"), lake.parameters["Bucket"]
    content = DASHBOARD.read_bytes()
    key = f"code/dashboard-{hashlib.sha256(content).hexdigest()[:16]}.yaml"
    s3.put_object(Bucket=bucket, Key=key, Body=content, ChecksumAlgorithm="SHA256")
    url = f"{s3.meta.endpoint_url}/{bucket}/{key}"
    lake_parameters = {
        "DatabasePrefix": lake.parameters["DatabasePrefix"],
        "WorkGroup": lake.outputs["Queries"],
    }
    stack = Stack(lake.cloudformation, f"{lake.name}-dashboard")
    changed = stack.apply(DASHBOARD, parameters | lake_parameters, url)
    print(f"stack {stack.name}: {'done' if changed else 'nothing to change'}")
    if names := data_sets(content.decode(), stack.name):
        lake.set_parameters({"DataSets": ",".join(names)})
        print(f"stack {lake.name}: each run refreshes {len(names)} data sets of QuickSight")


def data_sets(template: str, stack: str) -> list[str]:
    """The ids of the data sets that the template makes in a stack of that name."""
    resources = load_template(template)["Resources"].values()
    ids = [
        resource["Properties"]["DataSetId"]["Fn::Sub"]
        for resource in resources
        if resource["Type"] == "AWS::QuickSight::DataSet"
    ]
    return sorted(id.replace("${AWS::StackName}", stack) for id in ids)


def _wait(athena: Any, query: str, name: str) -> None:
    while True:
        status = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]
        if status["State"] not in _RUNNING:
            break
        time.sleep(_POLL_SECONDS)
    if status["State"] != "SUCCEEDED":
        reason = " ".join(status.get("StateChangeReason", status["State"]).split())
        raise DeployError(f"view {name}: {reason}; a run has to build its tables first")


if __name__ == "__main__":
    main()
