"""Start a Spark on this machine: the installed pyspark and Java, whatever else the machine has.

Variables of other Spark, Hadoop and Java installations do not reach it. What its Java says while
it fails to start becomes the error's one line; later its error output is this process's own.
"""

import logging
import os
import pwd
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pyspark
from py4j.protocol import Py4JError, Py4JJavaError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from datalake.core.errors import SettingsError
from datalake.core.progress import Progress
from datalake.core.settings import Settings
from datalake.spark.catalog import required_jars
from datalake.spark.errors import reason
from datalake.spark.jars import fetch_jars
from datalake.spark.java import java_home

# Generated code runs for seconds: only the hottest methods are worth the C2 compiler.
_JIT = (
    "-XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000"
    " -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000"
)
# As a URI, for a blank in a path would split the option.
_LOG4J_CONFIG = (Path(__file__).parent / "log4j2.properties").absolute().as_uri()
_OPTIONS = {
    "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.adaptive.coalescePartitions.parallelismFirst": "false",
    # The JIT doesn't compile huge methods; a two-level hash map only helps aggregates of few keys.
    "spark.sql.codegen.hugeMethodLimit": "8000",
    "spark.sql.codegen.aggregate.map.twolevel.enabled": "false",
    # One machine: memory and disk are nearer than the processor time compression takes.
    "spark.shuffle.compress": "false",
    "spark.shuffle.spill.compress": "false",
    "spark.sql.inMemoryColumnarStorage.compressed": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}
_JAVA_OPTIONS = f"-XX:+UseParallelGC -Dlog4j2.configurationFile={_LOG4J_CONFIG}"
_MANY_ROWS = {"spark.driver.extraJavaOptions": f"{_JAVA_OPTIONS} {_JIT}"}
# On few rows compiling takes longer than running what is compiled, Java's and Spark's alike.
_FEW_ROWS = {
    "spark.driver.extraJavaOptions": f"{_JAVA_OPTIONS} -XX:TieredStopAtLevel=1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
# Variables that Spark, Hadoop or Java read; SPARK_LOCAL_DIRS (temporary files) is respected.
_FOREIGN_VARIABLES = re.compile(
    r"(PY)?SPARK_(?!LOCAL_DIRS$)|HADOOP_|YARN_|HIVE_|(_JAVA|JAVA_TOOL|JDK_JAVA)_OPTIONS$|LC_ALL$"
)
_NOISE = re.compile(r"(Picked up|NOTE:|WARNING|Warning|at .*\(|Error occurred during init)")
_HOME = str(Path(pyspark.__file__).parent)


def start_spark(settings: Settings, progress: Progress, few_rows: bool) -> SparkSession:
    """A session of a new Spark; `SettingsError` where its Java does not start.

    With `few_rows` as little as possible is compiled.
    """
    _require_user_name()
    with _own_environment(settings):
        installed = Path(_HOME) / "jars"
        missing = tuple(
            jar
            for jar in required_jars(settings.lake)
            if not any(installed.glob(f"{jar.name}-*.jar"))
        )
        files = fetch_jars(missing, Path(settings.jar_cache), settings.maven_mirror, progress)
        options = {
            **_OPTIONS,
            **(_FEW_ROWS if few_rows else _MANY_ROWS),
            "spark.app.name": "datalake",
            "spark.master": f"local[{settings.cores}]",
            "spark.jars": ",".join(map(str, files)),
            "spark.driver.memory": settings.memory,
        }
        conf = SparkConf(loadDefaults=False).setAll(list(options.items()))
        return _start(conf)


def _require_user_name() -> None:
    """`SettingsError` for a user id without a name, with which Hadoop's login fails."""
    try:
        pwd.getpwuid(os.getuid())
    except KeyError as error:
        raise SettingsError(
            f"Spark needs a user with a name, and user id {os.getuid()} has none here; add it to"
            " /etc/passwd, or run as another user"
        ) from error


@contextmanager
def _own_environment(settings: Settings) -> Iterator[None]:
    """In the block the environment names this Spark, Python and Java, and no other."""
    saved = dict(os.environ)
    for name in saved:
        if _FOREIGN_VARIABLES.match(name):
            del os.environ[name]
    os.environ |= {
        "JAVA_HOME": str(java_home(settings.java_home)),
        "SPARK_HOME": _HOME,
        "PYSPARK_PYTHON": sys.executable,
        "LC_ALL": "C.UTF-8",  # else Java can't name files with accents where the locale is C
    }
    if settings.spark_conf_dir:
        os.environ["SPARK_CONF_DIR"] = settings.spark_conf_dir
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(saved)


def _start(conf: SparkConf) -> SparkSession:
    """Start Java and a session in it; `SettingsError` says in one line why it doesn't start."""
    logging.getLogger().addFilter(_is_not_duplicate)
    output = _JavaOutput()
    try:
        popen_options = {"stdout": output.target, "stderr": output.target}
        gateway = launch_gateway(conf, popen_options)  # type: ignore[no-untyped-call]
        SparkContext._ensure_initialized(gateway=gateway)
        spark = SparkSession.builder.config(conf=conf).getOrCreate()
    except Py4JJavaError as error:
        raise SettingsError(f"Spark does not start: {reason(error)}") from error
    except (PySparkException, Py4JError, OSError) as error:
        raise SettingsError(f"Spark does not start: {output.cause() or reason(error)}") from error
    output.forward()
    return spark


def _is_not_duplicate(record: logging.LogRecord) -> bool:
    """False for the traceback that py4j logs, on the root logger, of an error it raises too."""
    return record.msg != "Exception while sending command."


class _JavaOutput:
    """Java's output: captured while it starts, then forwarded to this process's error output."""

    def __init__(self) -> None:
        self._source, self.target = os.pipe()
        self._lines: list[str] = []
        self._started = Event()
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def cause(self) -> str:
        """The first two meaningful lines, once Java has ended; empty where there are none."""
        os.close(self.target)
        self._thread.join(5)
        lines = [line for line in self._lines if line and not _NOISE.match(line)]
        return "; ".join(lines[:2])

    def forward(self) -> None:
        """Forward Java's output to this process's from now on."""
        self._started.set()
        os.close(self.target)

    def _read(self) -> None:
        with open(self._source, encoding="utf-8", errors="replace") as output:  # noqa: PTH123
            for line in output:
                if self._started.is_set():
                    os.write(2, line.encode())  # where Java itself would have written
                else:
                    self._lines.append(line.strip())
