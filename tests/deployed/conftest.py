"""One lake on emulated AWS as deployed, and a run of all its jobs, for all tests of this folder."""

import pytest
from support.glue_run import JOBS, deployed_lake, installed_jobs, run_job


@pytest.fixture(scope="package")
def prepared(tmp_path_factory):
    """A stack with a sample in its Raw, and what ingestion and the function asked of AWS."""
    with deployed_lake(tmp_path_factory.mktemp("deployed")) as (endpoint, seen):
        yield endpoint, seen


@pytest.fixture(scope="package")
def deployed(prepared):
    return prepared[0]


@pytest.fixture(scope="package")
def jobs(deployed, tmp_path_factory):
    """Each job in an environment with its modules installed."""
    return installed_jobs(JOBS, tmp_path_factory.mktemp("jobs"))


@pytest.fixture(scope="package")
def calls(deployed, jobs):
    """What each job asked of AWS, and of what, in a run that goes through."""
    return {name: run_job(job, name, deployed) for name, job in jobs.items()}
