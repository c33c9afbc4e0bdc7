"""The lake's run as an Airflow DAG (Airflow 3): a task a step, a new one each day.

Put it among your DAGs. Its workers need `datalake` on the path, TMDB_TOKEN in the environment.

A retry is safe: what a step has done is not done twice, and nothing half done is published. The
last two keep the lake small, and within TMDB's terms. Without a token leave `enrich` out.
"""

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, chain

SOURCE, LAKE = "/srv/films/imdb", "/srv/films/lake"
COMMANDS = {
    "download": f"datalake download imdb --out {SOURCE}",
    "ingest": f"datalake ingest --source {SOURCE} --lake {LAKE}",
    "enrich": f"datalake enrich --lake {LAKE}",
    "trusted": f"datalake trusted --lake {LAKE}",
    "refined": f"datalake refined --lake {LAKE}",
    "answers": f"datalake answers --lake {LAKE}",
    "report": f"datalake report --lake {LAKE}",
    "purge": f"datalake purge --lake {LAKE} --keep-source-days 30",
    "maintain": f"datalake maintain --lake {LAKE}",
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
