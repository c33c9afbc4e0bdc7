"""Attach to a running Spark: spark-submit's, Glue's, or one of this process.

Its master, memory and settings are kept. Missing jars are added as `--jars` would add them.
"""

import os
from pathlib import Path
from typing import Any

import pyspark
from pyspark import SparkContext
from pyspark.sql import SparkSession

from datalake.core.errors import SettingsError
from datalake.core.progress import Progress
from datalake.core.settings import Settings
from datalake.spark.catalog import required_jars
from datalake.spark.jars import fetch_jars, release

GLUE_JOB = "com.amazonaws.services.glue.util.Job"


def is_running() -> bool:
    """Whether a JVM with Spark is already available to this process."""
    return SparkContext._gateway is not None or is_external()


def is_external() -> bool:
    """Whether spark-submit, or Glue, started Spark and then this process."""
    return "PYSPARK_GATEWAY_PORT" in os.environ


def attach_session(settings: Settings, progress: Progress) -> SparkSession:
    """A session of the running Spark, with the jars that the lake needs."""
    SparkContext._ensure_initialized()
    missing = tuple(jar for jar in required_jars(settings.lake) if not has_class(jar.provides))
    if missing and has_class(GLUE_JOB):
        raise SettingsError("this Glue job has no Iceberg: give it --datalake-formats iceberg")
    s3a = release(pyspark.__version__).s3a
    hadoop = _jvm().org.apache.hadoop.util.VersionInfo.getVersion()
    if s3a in missing and hadoop != s3a.version:
        raise SettingsError(
            f"this Spark can't read S3: give it hadoop-aws {hadoop} by --packages or --jars"
        )
    files = fetch_jars(missing, Path(settings.jar_cache), settings.maven_mirror, progress)
    for file in files:
        _loader().addURL(_jvm().java.io.File(str(file)).toURI().toURL())
    spark = SparkSession.builder.appName("datalake").getOrCreate()
    for file in files:
        spark.sparkContext._jsc.addJar(str(file))
    return spark


def has_class(name: str) -> bool:
    """Whether the class is on the running JVM's class path."""
    return _loader().getResource(f"{name.replace('.', '/')}.class") is not None


def _loader() -> Any:
    return _jvm().java.lang.Thread.currentThread().getContextClassLoader()


def _jvm() -> Any:
    return SparkContext._jvm
