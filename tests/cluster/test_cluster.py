"""The jobs by spark-submit on two workers, one of which is killed; the tables as run locally."""

import pytest
from support.big_lakes import copied, raw_of, source, sums
from support.standalone import Cluster, free_port
from support.submitted import JOBS, ended_well, library_wheel, log_of, run_locally, submit

pytestmark = pytest.mark.cluster

# What each job writes when it is hit: it has cached and shuffled by then, or is about to.
HIT_AT = {"build_trusted": "write Trusted.titles", "build_refined": "write Refined.fact_credit"}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("cluster")


@pytest.fixture(scope="module")
def on_cluster(home):
    """A lake with Raw alone, for the cluster to build."""
    files, what = source(home / "source")
    print(f"\ninput: {what}")
    return raw_of(home / "on_cluster", files)


@pytest.fixture(scope="module")
def built(on_cluster, home):
    """What the jobs said; in the middle of each a worker was killed."""
    wheel, logs = library_wheel(), {}
    with Cluster(home).running() as cluster:
        for name in JOBS:
            cluster.fill()
            ui_port, log = free_port(), log_of(cluster, name)
            process = submit(cluster, wheel, name, on_cluster, ui_port)
            try:
                cluster.kill_worker_at_work(process, ui_port, log, HIT_AT[name])
            finally:
                logs[name] = ended_well(process, log)
    return logs


@pytest.fixture(scope="module")
def local(home, on_cluster):
    """A lake of the same Raw, built by the same jobs on this machine's cores alone."""
    lake = copied(on_cluster, home / "local")
    for name in JOBS:
        run_locally(name, lake)
    return lake


@pytest.mark.parametrize("name", JOBS)
def test_a_job_ends_well_though_a_worker_was_killed(built, name):
    assert "Lost executor" in built[name]
    assert f"cost: none on Glue ({name}: local" in built[name]


def test_every_table_is_equal_to_the_local_run_s(built, on_cluster, local):
    expected, actual = sums(local), sums(on_cluster)
    assert expected["Trusted.credits"][0] > 100_000
    assert expected["Trusted.tmdb_credits"][0] > 1_000
    assert {name: actual[name] for name in actual if actual[name] != expected[name]} == {}
