"""An emulated AWS for tests of a file or folder: MiniStack in the environment, a Spark on it."""

import os
from contextlib import contextmanager
from pathlib import Path

import boto3
import pytest
from pyspark.sql import SparkSession
from support.ministack import REGION, environment, ministack

from datalake.core.aws import Aws
from datalake.core.lake import Lake
from datalake.core.settings import Settings


@contextmanager
def emulated(folder):
    """MiniStack's address; this process and its children know no other AWS."""
    running_before = SparkSession.getActiveSession()
    with pytest.MonkeyPatch.context() as patch, ministack(folder) as port:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in environment(port).items():
            patch.setenv(name, value)
        try:
            yield os.environ["AWS_ENDPOINT_URL"]
        finally:
            if (spark := SparkSession.getActiveSession()) and not running_before:
                spark.stop()


def bucket(name):
    """A new bucket of that name, in the region; its name."""
    region = {"LocationConstraint": REGION}
    boto3.client("s3", REGION).create_bucket(Bucket=name, CreateBucketConfiguration=region)
    return name


def lake_on(name, prefix, endpoint, folder="lake"):
    """Settings of a lake in the bucket, asked by way of that address."""
    aws = Aws(REGION, endpoint, endpoint)
    return Settings(
        Lake(f"s3://{name}/{folder}", prefix, aws),
        cores="2",
        memory="2g",
        java_home=os.environ.get("JAVA_HOME"),
        jar_cache=os.environ.get("DATALAKE_JARS", str(Path.home() / ".cache/datalake/jars")),
        maven_mirror=os.environ.get("DATALAKE_MAVEN_MIRROR"),
    )
