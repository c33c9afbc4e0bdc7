"""The Spark session: a local one with Iceberg, or the running one of Glue or spark-submit."""

from typing import Any

from pyspark import SparkContext
from pyspark.sql import SparkSession

from datalake.core.progress import Progress, silent
from datalake.core.settings import Settings
from datalake.spark.catalog import catalog_config
from datalake.spark.external_session import attach_session, is_external, is_running
from datalake.spark.local import start_spark

# Settings that results depend on, whoever started Spark.
_EVERYWHERE = {"spark.sql.session.timeZone": "UTC"}


def create_session(
    settings: Settings, progress: Progress = silent, few_rows: bool = False
) -> SparkSession:
    """A session on the lake's catalog; the Spark behind it is started once a process.

    A Spark that is started for `few_rows` compiles as little as possible.
    """
    running = (
        attach_session(settings, progress)
        if is_running()
        else start_spark(settings, progress, few_rows)
    )
    _cache_java_names()
    spark = running.newSession()
    for name, value in (_EVERYWHERE | catalog_config(settings.lake, spark)).items():
        spark.conf.set(name, value)
    return spark


def _cache_java_names() -> None:
    """Keep what Python asks Java for at each column: each time it would search all jars."""
    jvm: Any = SparkContext._jvm
    jvm.functions, jvm.PythonUtils, jvm.org = jvm.functions, jvm.PythonUtils, jvm.org


def stop_session(spark: SparkSession) -> None:
    """Stop a Spark that `create_session` started; spark-submit's or Glue's ends by itself."""
    if not is_external():
        spark.stop()
