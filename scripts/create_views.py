"""Create the views of sql/ in Athena, each after those that it reads; safe to repeat.

python scripts/create_views.py --workgroup NAME --database NAME [--region REGION]
"""

import argparse
import sys
import time
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from datalake.sql.views import View, views

_POLL_SECONDS = 0.5
_DEADLINE_SECONDS = 120.0


def main() -> int:
    """Create all of them; 1, and one line that says why, where one can't be created."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--workgroup", default="datalake", help="the Athena workgroup")
    parser.add_argument("--database", default="datalake_refined", help="that holds Refined")
    parser.add_argument("--region", help="of the lake; else the one of your AWS settings")
    given = parser.parse_args()
    try:
        athena = boto3.client("athena", region_name=given.region)
        for view in views():
            failure = create(athena, view, given.workgroup, given.database)
            if failure:
                print(f"sql/{view.name}.sql: {failure}", file=sys.stderr)
                return 1
            print(f"{given.database}.{view.name}: {view.question}")
    except (BotoCoreError, ClientError) as error:
        print(f"athena: {error}", file=sys.stderr)
        return 1
    return 0


def create(athena: Any, view: View, workgroup: str, database: str) -> str | None:
    """Run the view's statement to its end, and say why it failed, if it did."""
    query = athena.start_query_execution(
        QueryString=view.text[view.text.index("CREATE ") :],
        WorkGroup=workgroup,
        QueryExecutionContext={"Catalog": "AwsDataCatalog", "Database": database},
    )["QueryExecutionId"]
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while time.monotonic() < deadline:
        found = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]
        if found["State"] == "SUCCEEDED":
            return None
        if found["State"] in ("FAILED", "CANCELLED"):
            return str(found.get("StateChangeReason", found["State"]))
        time.sleep(_POLL_SECONDS)
    return f"not done after {_DEADLINE_SECONDS:.0f} s"


if __name__ == "__main__":
    sys.exit(main())
