"""The lake's run as an Airflow DAG (Airflow 3): a task a step, a new one each day.

Put it among your DAGs. Its workers need `datalake` on the path, TMDB_TOKEN in the environment.

A retry is safe: what a step has done is not done twice, and nothing half done is published.
"""

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, chain

LAKE = "/srv/films/lake"
COMMANDS = {
    "ingest": f"datalake ingest --source /srv/films/source --lake {LAKE}",
    "enrich": f"datalake enrich --lake {LAKE}",
    "trusted": f"datalake trusted --lake {LAKE}",
    "refined": f"datalake refined --lake {LAKE}",
    "answers": f"datalake answers --lake {LAKE}",
    "report": f"datalake report --lake {LAKE}",
}

with DAG(
    dag_id="datalake",
    schedule="0 5 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,  # a lake takes one run at a time, and refuses another
    default_args={"retries": 2, "retry_delay": timedelta(minutes=10)},
) as dag:
    chain(*(BashOperator(task_id=step, bash_command=line) for step, line in COMMANDS.items()))
