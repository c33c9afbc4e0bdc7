"""The jars Spark lacks: named here, fetched once, checked, and kept in a cache."""

import hashlib
import re
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import requests

from datalake.core.errors import SettingsError
from datalake.core.progress import Progress


@dataclass(frozen=True)
class Jar:
    """An artifact of Maven Central, pinned by checksum; the class `brings` tells it is there."""

    group: str
    name: str
    version: str
    sha256: str
    brings: str = ""

    @property
    def file(self) -> str:
        """Its file name."""
        return f"{self.name}-{self.version}.jar"

    @property
    def path(self) -> str:
        """Its path in a Maven repository."""
        return f"{self.group.replace('.', '/')}/{self.name}/{self.version}/{self.file}"


class Release(NamedTuple):
    """The jars that one release of Spark, as its wheel is, lacks."""

    iceberg: Jar
    iceberg_aws: Jar
    s3a: Jar
    aws_sdk: Jar


_CATALOG = "org.apache.iceberg.spark.SparkCatalog"
_GLUE = "software.amazon.awssdk.services.glue.GlueClient"
# The Hadoop side tells of the SDK, too: a Spark that has one has what it was built with.
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
    """The jars for that version of Spark; `SettingsError` where it is none we know."""
    known = RELEASES.get(".".join(spark.split(".")[:2]))
    if known is None:
        raise SettingsError(
            f"Spark {spark}: this datalake runs on Spark {' and '.join(RELEASES)};"
            " run: pip install 'datalake[local]'"
        )
    return known


def jars(
    wanted: tuple[Jar, ...], cache: Path, mirror: str | None, progress: Progress
) -> list[Path]:
    """The jars' files, fetched into `cache` where they are not there yet."""
    return [_cached(jar, cache, mirror, progress) for jar in wanted]


def _cached(jar: Jar, cache: Path, mirror: str | None, progress: Progress) -> Path:
    target = cache / jar.file
    if not target.exists():
        cache.mkdir(parents=True, exist_ok=True)
        _fetch(jar, target, mirror or _maven_central(), progress)
    return target


def _fetch(jar: Jar, target: Path, repository: str, progress: Progress) -> None:
    with tempfile.NamedTemporaryFile(
        dir=target.parent, prefix=f".{jar.file}.", delete=False
    ) as file:
        temporary = Path(file.name)
        try:
            digest = _download(f"{repository.rstrip('/')}/{jar.path}", jar, file.write, progress)
            if digest != jar.sha256:
                raise SettingsError(
                    f"{jar.file} from {repository}: its SHA-256 is {digest}, not {jar.sha256};"
                    " check the mirror in DATALAKE_MAVEN_MIRROR"
                )
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)


def _download(url: str, jar: Jar, write: Callable[[bytes], object], progress: Progress) -> str:
    digest, done = hashlib.sha256(), 0
    try:
        with requests.get(url, stream=True, timeout=(10, 60)) as answer:
            answer.raise_for_status()
            total = int(answer.headers.get("Content-Length", 0))
            for chunk in answer.iter_content(1 << 20):
                write(chunk)
                digest.update(chunk)
                done += len(chunk)
                progress(jar.file, done, total)
    except requests.RequestException as error:
        raise SettingsError(
            f"can't fetch {jar.file} from Maven Central ({type(error).__name__}): the first run"
            " needs the network once; go online, set DATALAKE_MAVEN_MIRROR to a repository you"
            " reach, or set DATALAKE_JARS to a folder that holds the file"
        ) from error
    return digest.hexdigest()


def _maven_central() -> str:
    """Maven Central's address, as the resolver inside Spark (Ivy) carries it."""
    import pyspark

    (ivy,) = (Path(pyspark.__file__).parent / "jars").glob("ivy-*.jar")
    with zipfile.ZipFile(ivy) as archive:
        code = archive.read("org/apache/ivy/plugins/resolver/IBiblioResolver.class")
    found = re.search(rb"https://[\w.]+/maven2", code)
    if not found:
        raise SettingsError("set DATALAKE_MAVEN_MIRROR to a Maven repository")
    return found.group().decode()
