"""Fixtures that most tests share."""

import os
import re
from collections.abc import Iterator
from functools import cache
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
# One worker gets all files whose tests use Spark in this process, for a Java is quick only once it
# has run a while; so do those on AWS, whose Spark has other jars. Others share a lake or a page.
_USES_SPARK = re.compile(r"^def \w+\([^)]*\b(spark|tables|answers)\b", re.MULTILINE)
_SCOPES = {
    "tests/pipeline/test_pipeline_run.py": "ran",
    "tests/sql/test_sql.py": "ran",
    "tests/docs/test_docs_api.py": "ran",
    "tests/docs/test_tutorials.py": "ran",
    "tests/deployed/test_deployed_jobs.py": "aws",
    "tests/deployed/test_deployed_tables.py": "aws",
    "tests/aws/test_aws_faults.py": "aws",
    "tests/report/test_report.py": "page",
    "tests/report/test_report_data.py": "page",
}
_FIRST = ("spark", "aws", "ran")

# Ten thousand examples where `make test` tries a hundred: `make fuzz`.
hypothesis_settings.register_profile("quick", deadline=None, derandomize=True)
hypothesis_settings.register_profile("fuzz", max_examples=10_000, deadline=None, print_blob=True)
hypothesis_settings.load_profile("quick")


@cache
def _scope(file: str) -> str:
    """What a worker gets as a whole: a file, or several that share what is slow to make."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return _SCOPES.get(file, "spark" if _USES_SPARK.search(text) else file)


class ByScope(LoadFileScheduling):
    """Hands out a scope at a time, in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return _scope(super()._split_scope(nodeid))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first: if it began last, the other worker would be idle."""
    place = {scope: number for number, scope in enumerate(_FIRST)}
    items.sort(key=lambda item: place.get(_scope(item.nodeid.partition("::")[0]), len(place)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByScope:
    """How `pytest -n` hands out the tests."""
    config.option.loadscopereorder = False  # else those with most tests come first
    return ByScope(config, log)


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
