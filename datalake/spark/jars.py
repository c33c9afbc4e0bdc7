"""The jars Spark lacks: named here, fetched once, checked, and kept in a cache."""

import hashlib
import re
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import requests

from datalake.base.errors import SettingsError
from datalake.base.progress import Progress


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


ICEBERG = Jar(
    "org.apache.iceberg",
    "iceberg-spark-runtime-3.5_2.12",
    "1.10.0",
    "70f9471870b2d456167d703c829f098a446b86bb1379eee338c0efa03a341026",
    "org.apache.iceberg.spark.SparkCatalog",
)

ICEBERG_AWS = Jar(
    "org.apache.iceberg",
    "iceberg-aws-bundle",
    "1.10.0",
    "172370cfc32a5f1ae5399b210e86fc04a366dc29a112d97ac8ffc74df7525596",
    "software.amazon.awssdk.services.glue.GlueClient",
)
S3A = Jar(
    "org.apache.hadoop",
    "hadoop-aws",
    "3.3.4",
    "53f9ae03c681a30a50aa17524bd9790ab596b28481858e54efd989a826ed3a4a",
    "org.apache.hadoop.fs.s3a.S3AFileSystem",
)
AWS_SDK = Jar(
    "com.amazonaws",
    "aws-java-sdk-bundle",
    "1.12.262",
    "873fe7cf495126619997bec21c44de5d992544aea7e632fdc77adb1a0915bae5",
    # The Hadoop side tells: one that is there has the SDK it was built with.
    "org.apache.hadoop.fs.s3a.S3AFileSystem",
)


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
