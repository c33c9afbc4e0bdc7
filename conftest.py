"""Fixtures that most tests share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from datalake.base.settings import Settings, settings
from datalake.spark.session import session
from datalake.spark.tables import Tables

# Every Spark of the tests, those of subprocesses too, unless a test asks for the real defaults.
os.environ["SPARK_CONF_DIR"] = str(Path(__file__).parent / "tests" / "spark")
SHARED = Path(__file__).parent.parent / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker gets a whole file, for its fixtures; what looks at the whole run goes together."""
    for item in items:
        shares_run = "ran" in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group("run" if shares_run else item.path.name))


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """One Spark for all tests, on two cores."""
    lake = tmp_path_factory.mktemp("spark")
    running = session(settings(str(lake), cores="2", memory="2g"))
    running.conf.set("spark.sql.shuffle.partitions", "1")
    yield running
    running.stop()


@pytest.fixture
def given(tmp_path: Path) -> Settings:
    """Settings of a lake of this test's own."""
    return settings(str(tmp_path / "lake"), cores="2", memory="2g")


@pytest.fixture
def tables(spark: SparkSession, given: Settings) -> Tables:
    """The tables of that lake."""
    own = session(given)
    own.conf.set("spark.sql.shuffle.partitions", "1")
    return Tables(own, given.lake)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the whole run was started."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def ran(home: Path) -> tuple[int, str, str]:
    """`datalake run` in an empty folder: exit status, output and error output."""
    from command import call  # of tests/, which is on the path once tests are collected

    return call("run", "--titles", 1500, "--memory", "1g", cwd=home, SPARK_CONF_DIR="")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of development data beside the project; the test is skipped without it."""
    if not SHARED.is_dir():
        pytest.skip(f"no development data in {SHARED}")
    return SHARED
