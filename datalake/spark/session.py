"""The Spark session: a local one with Iceberg, or the one that Glue or spark-submit brings."""

import os
from pathlib import Path

from pyspark.sql import SparkSession

from datalake.base.errors import SettingsError
from datalake.base.progress import Progress, silent
from datalake.base.settings import Settings
from datalake.spark.jars import ICEBERG, jars
from datalake.spark.java import java_home

CATALOG = "lake"

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


def session(settings: Settings, progress: Progress = silent) -> SparkSession:
    """A session on the lake's catalog; the Spark behind it is started once a process."""
    if settings.lake.root.startswith("s3://"):
        raise SettingsError(
            f"--lake {settings.lake.root}: the Spark steps work on a local folder only, so far"
        )
    os.environ["JAVA_HOME"] = str(java_home(settings.java_home))
    files = jars((ICEBERG,), Path(settings.jar_cache), settings.maven_mirror, progress)
    builder = SparkSession.builder.appName("datalake").master(f"local[{settings.cores}]")
    options = _LOCAL | {
        "spark.jars": ",".join(map(str, files)),
        "spark.driver.memory": settings.memory,
    }
    for name, value in options.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate().newSession()
    for name, value in _catalog(settings.lake.storage.url("")).items():
        spark.conf.set(name, value)
    return spark


def _catalog(root: str) -> dict[str, str]:
    """An Iceberg catalog on a folder."""
    name = f"spark.sql.catalog.{CATALOG}"
    return {
        name: "org.apache.iceberg.spark.SparkCatalog",
        f"{name}.type": "hadoop",
        f"{name}.warehouse": root,
        f"{name}.cache-enabled": "false",
    }
