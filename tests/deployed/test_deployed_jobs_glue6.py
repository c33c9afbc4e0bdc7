"""A whole run with Glue 6.0's own Python modules: Spark 4.1.1, Python 3.13."""

from pathlib import Path

import pytest
from support.glue_platform import find_python, java_home
from support.glue_run import JOBS, LAKE, deployed_lake, installed_jobs, run_job
from support.ministack import REGION

from datalake.core.settings import lake_at
from datalake.pipeline.status import read_status

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(not find_python("3.13"), reason="Glue 6.0 has Python 3.13; none is here"),
    pytest.mark.skipif(
        not (Path(java_home()) / "jmods" / "jdk.incubator.vector.jmod").exists(),
        reason="Spark 4 starts with the module jdk.incubator.vector; no Java here has it",
    ),
]


def test_each_job_goes_through(tmp_path):
    with deployed_lake(tmp_path, "--set", "GlueVersion=6.0") as (endpoint, _):
        for name, job in installed_jobs(JOBS, tmp_path / "jobs").items():
            assert job.glue_version == "6.0"
            assert run_job(job, name, endpoint)
        status = read_status(lake_at(LAKE, None, REGION))
    rows = {table["table"]: table["rows"] for table in status["tables"]}
    assert rows["Refined.dim_title"] == 200 + 1  # the unknown title
    assert min(rows[name] for name in rows if name.startswith("Answers.")) > 0
