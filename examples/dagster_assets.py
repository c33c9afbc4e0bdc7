"""The lake's run as Dagster assets: one a step, materialised each day.

`dagster dev -f dagster_assets.py`: with `datalake` on the path, TMDB_TOKEN in the environment.

A retry is safe: what a step has done is not done twice, and nothing half done is published. The
last two keep the lake small, and within TMDB's terms. Without a token leave `enrich` out.
"""

import shlex
import subprocess

import dagster

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


def asset(step: str, after: list[str]) -> dagster.AssetsDefinition:
    @dagster.asset(
        name=step, deps=after, retry_policy=dagster.RetryPolicy(max_retries=2, delay=600)
    )
    def run() -> None:
        subprocess.run(shlex.split(COMMANDS[step]), check=True)

    return run


steps = list(COMMANDS)
assets = [asset(step, steps[:place][-1:]) for place, step in enumerate(steps)]
daily = dagster.define_asset_job("daily", selection="*")
schedule = dagster.ScheduleDefinition(job=daily, cron_schedule="0 5 * * *")
definitions = dagster.Definitions(assets=assets, jobs=[daily], schedules=[schedule])
