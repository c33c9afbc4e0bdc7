"""The Spark session: a local one with Iceberg, or the one that Glue or spark-submit brings."""

import os
import sys
from pathlib import Path

from pyspark.find_spark_home import _find_spark_home
from pyspark.sql import SparkSession

from datalake.core.progress import Progress, silent
from datalake.core.settings import Settings
from datalake.spark.catalog import catalog_config, required_jars
from datalake.spark.external_session import attach_session, is_external, is_running
from datalake.spark.jars import fetch_jars
from datalake.spark.java import java_home

# Code made for one query runs for seconds: compile to the utmost only what runs longest.
_JIT = (
    "-XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000"
    " -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000"
)
_LOG = Path(__file__).parent / "log4j2.properties"
_LOCAL = {
    "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.adaptive.coalescePartitions.parallelismFirst": "false",
    # Methods the JIT refuses are better not made; two maps a hash aggregate help few keys only.
    "spark.sql.codegen.hugeMethodLimit": "8000",
    "spark.sql.codegen.aggregate.map.twolevel.enabled": "false",
    # One machine: memory and disk are nearer than the processor time compression takes.
    "spark.shuffle.compress": "false",
    "spark.shuffle.spill.compress": "false",
    "spark.sql.inMemoryColumnarStorage.compressed": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.extraJavaOptions": f"-XX:+UseParallelGC {_JIT} -Dlog4j2.configurationFile={_LOG}",
}


# What the results depend on, whoever started Spark.
_EVERYWHERE = {"spark.sql.session.timeZone": "UTC"}


def create_session(settings: Settings, progress: Progress = silent) -> SparkSession:
    """A session on the lake's catalog; the Spark behind it is started once a process."""
    spark = (attach_session if is_running() else _start_spark)(settings, progress).newSession()
    for name, value in (_EVERYWHERE | catalog_config(settings.lake, spark)).items():
        spark.conf.set(name, value)
    return spark


def stop_session(spark: SparkSession) -> None:
    """Stop a Spark that `create_session` started; spark-submit's or Glue's ends by itself."""
    if not is_external():
        spark.stop()


def _start_spark(settings: Settings, progress: Progress) -> SparkSession:
    os.environ["JAVA_HOME"] = str(java_home(settings.java_home))
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # not what `python3` happens to be
    installed = Path(_find_spark_home()) / "jars"  # type: ignore[no-untyped-call]
    missing = tuple(
        jar for jar in required_jars(settings.lake) if not any(installed.glob(f"{jar.name}-*.jar"))
    )
    files = fetch_jars(missing, Path(settings.jar_cache), settings.maven_mirror, progress)
    builder = SparkSession.builder.appName("datalake").master(f"local[{settings.cores}]")
    options = _LOCAL | {
        "spark.jars": ",".join(map(str, files)),
        "spark.driver.memory": settings.memory,
    }
    for name, value in options.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
