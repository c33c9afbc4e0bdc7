"""The Spark session: a local one with Iceberg, or the one that Glue or spark-submit brings."""

import os
from pathlib import Path

from pyspark.sql import SparkSession

from datalake.base.progress import Progress
from datalake.base.settings import Settings
from datalake.spark.jars import ICEBERG, jars
from datalake.spark.java import java_home

CATALOG = "lake"

_LOG = Path(__file__).parent / "log4j2.properties"
_LOCAL = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.adaptive.coalescePartitions.parallelismFirst": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.extraJavaOptions": f"-XX:+UseParallelGC -Dlog4j2.configurationFile={_LOG}",
}


def catalog_options(root: str) -> dict[str, str]:
    """The Iceberg catalog of a lake on a folder."""
    name = f"spark.sql.catalog.{CATALOG}"
    return {
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        name: "org.apache.iceberg.spark.SparkCatalog",
        f"{name}.type": "hadoop",
        f"{name}.warehouse": root,
        f"{name}.cache-enabled": "false",
    }


def session(settings: Settings, progress: Progress) -> SparkSession:
    """A session that reads and writes the lake's tables, made or taken over."""
    os.environ["JAVA_HOME"] = str(java_home(settings.java_home))
    files = jars((ICEBERG,), Path(settings.jar_cache), settings.maven_mirror, progress)
    options = _LOCAL | catalog_options(settings.lake.storage.url(""))
    builder = SparkSession.builder.appName("datalake").master(f"local[{settings.cores}]")
    builder = builder.config("spark.jars", ",".join(map(str, files)))
    builder = builder.config("spark.driver.memory", settings.memory)
    for name, value in options.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
