"""The lake's catalog in Spark: a folder, or Glue's on S3, and the jars that takes."""

import pyspark
from pyspark.sql import SparkSession

from datalake.core.lake import CATALOG, Lake
from datalake.spark.jars import Jar, release

_NAME = f"spark.sql.catalog.{CATALOG}"
_ENCRYPTIONS = {"AES256": "s3", "aws:kms": "kms"}  # S3's names, and those of Iceberg


def required_jars(lake: Lake) -> tuple[Jar, ...]:
    """The jars that this process's Spark must have for the lake."""
    jars = release(pyspark.__version__)
    return tuple(jars) if lake.on_s3 else (jars.iceberg,)


def catalog_config(lake: Lake, spark: SparkSession) -> dict[str, str]:
    """The session's settings for the lake's tables, and for its Raw files on S3."""
    common = {
        _NAME: "org.apache.iceberg.spark.SparkCatalog",
        f"{_NAME}.warehouse": lake.storage.url(""),
        f"{_NAME}.cache-enabled": "false",
    }
    if not lake.on_s3:
        # A cluster's HADOOP_CONF_DIR may say that paths without a scheme are HDFS's.
        return common | {f"{_NAME}.type": "hadoop", "fs.defaultFS": "file:///"}
    return common | _glue(lake) | _s3a(lake, spark)


def _glue(lake: Lake) -> dict[str, str]:
    options = {
        "catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
        "io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        "client.region": lake.aws.require_region(),
        "s3.endpoint": lake.aws.s3_endpoint,
        "s3.path-style-access": "true" if lake.aws.s3_endpoint else None,
        "glue.endpoint": lake.aws.glue_endpoint,
        "s3.sse.type": _ENCRYPTIONS.get(lake.aws.encryption or ""),
        "s3.sse.key": lake.aws.kms_key,
    }
    return {f"{_NAME}.{name}": value for name, value in options.items() if value}


def _s3a(lake: Lake, spark: SparkSession) -> dict[str, str]:
    options = {
        "endpoint.region": lake.aws.require_region(),
        "endpoint": lake.aws.s3_endpoint,
        "path.style.access": "true" if lake.aws.s3_endpoint else None,
        "attempts.maximum": "6",
        "retry.limit": "6",
    }
    version = spark.sparkContext._jvm.org.apache.hadoop.util.VersionInfo.getVersion()  # type: ignore[union-attr]
    if version.startswith("3.3."):  # before 3.4 S3A's own chain leaves profiles out
        options["aws.credentials.provider"] = (
            "com.amazonaws.auth.DefaultAWSCredentialsProviderChain"
        )
    return {f"fs.s3a.{name}": value for name, value in options.items() if value}
