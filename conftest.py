"""Fixtures that most tests share."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from pyspark.sql import SparkSession
from support.command import call
from support.paths import ROOT, SHARED
from xdist.scheduler import LoadFileScheduling

from datalake.core.settings import Settings, load_settings
from datalake.spark.session import create_session
from datalake.spark.tables import Tables

# Every Spark of the tests, those of subprocesses too, unless a test asks for the real defaults.
os.environ["DATALAKE_SPARK_CONF_DIR"] = str(ROOT / "tests/support/spark-conf")
# Files that share a session's expensive fixture, by its name.
_SHARING = {
    "ran": (
        *("pipeline/test_pipeline_run.py", "sql/test_sql.py"),
        *("docs/test_docs_api.py", "docs/test_tutorials.py"),
    ),
    "answers": tuple(
        f"questions/test_{name}.py"
        for name in ("people", "popularity_cost", "questions", "ratings", "trends")
    ),
    "data": ("report/test_report.py", "report/test_report_data.py"),
}
# Files of a few long tests begin first: one that begins last leaves the other worker idle.
_LONGEST = ("tests/infra/test_infra_on_glue.py", "tests/aws/test_aws_pipeline.py")
_GROUPS = {f"tests/{file}": fixture for fixture, files in _SHARING.items() for file in files}

# Ten thousand examples where `make test` tries a hundred: `make fuzz`.
hypothesis_settings.register_profile("quick", deadline=None, derandomize=True)
hypothesis_settings.register_profile("fuzz", max_examples=10_000, deadline=None, print_blob=True)
hypothesis_settings.load_profile("quick")


class ByFile(LoadFileScheduling):
    """One worker gets a whole file, for its fixtures; files that share one go together."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return _GROUPS.get(file, file)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files come first."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONGEST))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """How `pytest -n` hands out the tests."""
    return ByFile(config, log)


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """One Spark for all tests, on two cores."""
    lake = tmp_path_factory.mktemp("spark")
    running = create_session(load_settings(str(lake), cores="2", memory="2g"))
    running.conf.set("spark.sql.shuffle.partitions", "1")
    yield running
    running.stop()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a lake of this test's own."""
    return load_settings(str(tmp_path / "lake"), cores="2", memory="2g")


@pytest.fixture
def tables(spark: SparkSession, settings: Settings) -> Tables:
    """The tables of that lake."""
    own = create_session(settings)
    own.conf.set("spark.sql.shuffle.partitions", "1")
    return Tables(own, settings.lake)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the whole run was started."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def ran(home: Path) -> tuple[int, str, str]:
    """`datalake run` in an empty folder: exit status, output and error output."""
    return call("run", "--titles", 1500, "--memory", "1g", cwd=home, DATALAKE_SPARK_CONF_DIR="")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of development data beside the project; the test is skipped without it."""
    if not SHARED.is_dir():
        pytest.skip(f"no development data in {SHARED}")
    return SHARED
