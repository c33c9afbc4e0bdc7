"""Create the views of sql/ in Athena, and on request the dashboard on them; after a first run.

python scripts/athena_views.py --region REGION [--dashboard [--set Group=GROUP ...]]
"""

import argparse
import hashlib
import time
from typing import Any

import boto3
from aws_errors import DeployError, translate_errors
from build_lambda import ROOT
from stacks import Stack, given_parameters

DASHBOARD = ROOT / "infra" / "dashboard.yaml"
_RUNNING = ("QUEUED", "RUNNING")
_POLL_SECONDS = 1.0


def main() -> None:
    """Create what the arguments name; one line and exit status 1 where that can't be."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--region", required=True)
    options.add_argument("--name", default="datalake", help="of the stacks, as deployed")
    options.add_argument("--dashboard", action="store_true", help="QuickSight's dashboard as well")
    options.add_argument("--set", nargs="*", default=[], metavar="PARAMETER=VALUE", dest="given")
    asked = options.parse_args()
    with translate_errors():
        session = boto3.Session(region_name=asked.region)
        lake = Stack(session.client("cloudformation"), asked.name)
        if not lake.outputs:
            raise DeployError(f"stack {lake.name} is not there; run `make deploy`")
        database = f"{lake.parameters['DatabasePrefix']}refined"
        create_views(session.client("athena"), lake.outputs["Queries"], database)
        if asked.dashboard:
            create_dashboard(session, lake, given_parameters(asked.given, DASHBOARD))


def create_views(athena: Any, workgroup: str, database: str) -> None:
    """Create or replace each view, after those that it reads.

    `DeployError` with Athena's reason where one fails: before a first run there are no tables.
    """
    from datalake.sql.views import views

    for view in views():
        started = athena.start_query_execution(
            QueryString=view.text,
            QueryExecutionContext={"Database": database},
            WorkGroup=workgroup,
        )
        _wait(athena, started["QueryExecutionId"], view.name)
        print(f"view {database}.{view.name}: done")


def create_dashboard(session: Any, lake: Stack, given: dict[str, str]) -> None:
    """Bring the dashboard's stack to its template, which is too long not to lie in the bucket."""
    s3, bucket = session.client("s3"), lake.parameters["Bucket"]
    content = DASHBOARD.read_bytes()
    key = f"code/dashboard-{hashlib.sha256(content).hexdigest()[:16]}.yaml"
    s3.put_object(Bucket=bucket, Key=key, Body=content, ChecksumAlgorithm="SHA256")
    url = f"{s3.meta.endpoint_url}/{bucket}/{key}"
    of_the_lake = {
        "DatabasePrefix": lake.parameters["DatabasePrefix"],
        "WorkGroup": lake.outputs["Queries"],
    }
    stack = Stack(lake.cloudformation, f"{lake.name}-dashboard")
    changed = stack.apply(DASHBOARD, given | of_the_lake, url)
    print(f"stack {stack.name}: {'done' if changed else 'nothing to change'}")


def _wait(athena: Any, query: str, name: str) -> None:
    while True:
        told = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]
        if told["State"] not in _RUNNING:
            break
        time.sleep(_POLL_SECONDS)
    if told["State"] != "SUCCEEDED":
        reason = " ".join(told.get("StateChangeReason", told["State"]).split())
        raise DeployError(f"view {name}: {reason}; a run has to build Refined first")


if __name__ == "__main__":
    main()
