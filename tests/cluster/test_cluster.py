"""The jobs by spark-submit on two workers, one of which is killed; the tables as run locally."""

import pytest
from support.big_lakes import DAY, copied, datasets, raw_of, source, sums
from support.standalone import Cluster, free_port
from support.submitted import JOBS, ended_well, library_wheel, log_of, run_locally, submit

from datalake.core.lake import Lake
from datalake.sources.ingestion import ingest

pytestmark = pytest.mark.cluster

# What each job writes when it is hit: it has cached and shuffled by then, or is about to.
HIT_AT = {"imdb-csv": "write Trusted.titles", "imdb-datasets": "write Trusted.credits"}
MORE_ROWS_THAN = {
    "imdb-csv": {"Trusted.credits": 100_000, "Trusted.tmdb_credits": 1_000},
    "imdb-datasets": {"Trusted.credits": 50_000, "Trusted.episodes": 10_000},
}


@pytest.fixture(scope="module", params=HIT_AT)
def source_format(request):
    return request.param


@pytest.fixture(scope="module")
def home(source_format, tmp_path_factory):
    return tmp_path_factory.mktemp(source_format)


@pytest.fixture(scope="module")
def on_cluster(source_format, home):
    """A lake with Raw alone, for the cluster to build."""
    if source_format == "imdb-csv":
        files, what = source(home / "source")
        lake = raw_of(home / "on_cluster", files)
    else:
        files, what = datasets(home / "source")
        lake = Lake(str(home / "on_cluster"))
        ingest(lake, files, DAY)
    print(f"\ninput: {what}")
    return lake


@pytest.fixture(scope="module")
def built(source_format, on_cluster, home):
    """What the jobs said; in the middle of each a worker was killed."""
    wheel, logs = library_wheel(), {}
    with Cluster(home).running() as cluster:
        for name in JOBS:
            cluster.fill()
            ui_port, log = free_port(), log_of(cluster, name)
            process = submit(cluster, wheel, name, on_cluster, ui_port)
            try:
                is_trusted = name == "build_trusted"
                message = HIT_AT[source_format] if is_trusted else "write Refined.fact_credit"
                cluster.kill_worker_at_work(process, ui_port, log, message)
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


def test_every_table_is_equal_to_the_local_run_s(source_format, built, on_cluster, local):
    expected, actual = sums(local), sums(on_cluster)
    for table, rows in MORE_ROWS_THAN[source_format].items():
        assert expected[table][0] > rows
    assert {name: actual[name] for name in actual if actual[name] != expected[name]} == {}
