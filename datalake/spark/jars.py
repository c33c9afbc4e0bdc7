"""The jars that PySpark's wheel lacks: pinned by SHA-256, fetched once, cached."""

import hashlib
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import requests
from pyspark.find_spark_home import _find_spark_home

from datalake.core.errors import SettingsError
from datalake.core.files import atomic_path
from datalake.core.install import INSTALL
from datalake.core.progress import Progress


@dataclass(frozen=True)
class Jar:
    """An artifact of Maven Central, pinned by checksum; the class `provides` tells it is there."""

    group: str
    name: str
    version: str
    sha256: str
    provides: str = ""

    @property
    def file(self) -> str:
        """Its file name."""
        return f"{self.name}-{self.version}.jar"

    @property
    def path(self) -> str:
        """Its path in a Maven repository."""
        return f"{self.group.replace('.', '/')}/{self.name}/{self.version}/{self.file}"


class Release(NamedTuple):
    """The jars that the wheel of one Spark release lacks."""

    iceberg: Jar
    iceberg_aws: Jar
    s3a: Jar
    aws_sdk: Jar


_CATALOG = "org.apache.iceberg.spark.SparkCatalog"
_GLUE = "software.amazon.awssdk.services.glue.GlueClient"
# Stands for the SDK, too: a Spark with S3A has the SDK that S3A was built with.
_S3A = "org.apache.hadoop.fs.s3a.S3AFileSystem"

# By Spark's release: Glue 5.1 has 3.5, Glue 6.0 has 4.1.
RELEASES = {
    "3.5": Release(
        iceberg=Jar(
            "org.apache.iceberg",
            "iceberg-spark-runtime-3.5_2.12",
            "1.10.0",
            "70f9471870b2d456167d703c829f098a446b86bb1379eee338c0efa03a341026",
            _CATALOG,
        ),
        iceberg_aws=Jar(
            "org.apache.iceberg",
            "iceberg-aws-bundle",
            "1.10.0",
            "172370cfc32a5f1ae5399b210e86fc04a366dc29a112d97ac8ffc74df7525596",
            _GLUE,
        ),
        s3a=Jar(
            "org.apache.hadoop",
            "hadoop-aws",
            "3.3.4",
            "53f9ae03c681a30a50aa17524bd9790ab596b28481858e54efd989a826ed3a4a",
            _S3A,
        ),
        aws_sdk=Jar(
            "com.amazonaws",
            "aws-java-sdk-bundle",
            "1.12.262",
            "873fe7cf495126619997bec21c44de5d992544aea7e632fdc77adb1a0915bae5",
            _S3A,
        ),
    ),
    "4.1": Release(
        iceberg=Jar(
            "org.apache.iceberg",
            "iceberg-spark-runtime-4.1_2.13",
            "1.11.0",
            "d6ea6c5d099288daeb7d5a92061bd3d7d8f296492632b42378e5f2f0e3066242",
            _CATALOG,
        ),
        iceberg_aws=Jar(
            "org.apache.iceberg",
            "iceberg-aws-bundle",
            "1.11.0",
            "38f01da7e96850cdd05e6616d758b77b43314b712a8808e3f9a824d56976162f",
            _GLUE,
        ),
        s3a=Jar(
            "org.apache.hadoop",
            "hadoop-aws",
            "3.4.2",
            "d2d24e6b715b5656b9d238bf13b6682a07e2004dd36aad74a73aeb854319f4d9",
            _S3A,
        ),
        aws_sdk=Jar(
            "software.amazon.awssdk",
            "bundle",
            "2.29.52",
            "62638f33045690c6bc5e496b54b0b2e89a9ad38cbedacdf6e017fea6bc85f55c",
            _S3A,
        ),
    ),
}


def release(spark: str) -> Release:
    """The jars for that version of Spark; `SettingsError` for an unsupported one."""
    jars = RELEASES.get(".".join(spark.split(".")[:2]))
    if jars is None:
        raise SettingsError(
            f"Spark {spark}: this datalake runs on Spark {' and '.join(RELEASES)}; run: {INSTALL}"
        )
    return jars


def fetch_jars(
    jars: tuple[Jar, ...], cache: Path, mirror: str | None, progress: Progress
) -> list[Path]:
    """The jars' files in `cache`, downloaded where they are missing; each matches its SHA-256.

    `SettingsError` where one can't be fetched or differs, also one put there by hand.
    """
    for jar in jars:
        target = cache / jar.file
        if not target.exists():
            _fetch(jar, target, (mirror or _maven_central()).rstrip("/"), progress)
        elif (digest := _sha256(target)) != jar.sha256:
            raise SettingsError(
                f"{target}: its SHA-256 is {digest}, not {jar.sha256};"
                " delete it and run again: it will be fetched anew"
            )
    return [cache / jar.file for jar in jars]


def _fetch(jar: Jar, target: Path, repository: str, progress: Progress) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(target) as temporary:
            _download(f"{repository}/{jar.path}", jar, temporary, progress)
            if (digest := _sha256(temporary)) != jar.sha256:
                raise SettingsError(
                    f"{jar.file} from {repository}: its SHA-256 is {digest}, not {jar.sha256};"
                    " check the mirror in DATALAKE_MAVEN_MIRROR"
                )
    except requests.RequestException as error:
        raise SettingsError(
            f"can't fetch {jar.file} from {repository} ({type(error).__name__}): the first run"
            " needs the network once; go online, set DATALAKE_MAVEN_MIRROR to a repository you"
            " reach, or set DATALAKE_JARS to a folder that holds the file"
        ) from error
    except OSError as error:
        raise SettingsError(
            f"{target}: can't write: {error.strerror}; set DATALAKE_JARS to another folder"
        ) from error


def _download(url: str, jar: Jar, target: Path, progress: Progress) -> None:
    with (
        requests.get(url, stream=True, timeout=(10, 60)) as response,
        target.open("wb") as file,
    ):
        response.raise_for_status()
        size = int(response.headers.get("Content-Length", 0))
        for chunk in response.iter_content(1 << 20):
            file.write(chunk)
            progress(f"fetch {jar.file}", file.tell(), size, "B")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _maven_central() -> str:
    """Maven Central's address, as the resolver inside Spark (Ivy) has it."""
    home = _find_spark_home()  # type: ignore[no-untyped-call]  # pyspark may lie in an archive
    (ivy,) = (Path(home) / "jars").glob("ivy-*.jar")
    with zipfile.ZipFile(ivy) as archive:
        code = archive.read("org/apache/ivy/plugins/resolver/IBiblioResolver.class")
    match = re.search(rb"https://[\w.]+/maven2", code)
    if not match:
        raise SettingsError("set DATALAKE_MAVEN_MIRROR to a Maven repository")
    return match.group().decode()
