"""Where bytes live: a local folder or an S3 prefix, behind one small interface."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

from datalake.base.errors import LakeError


class Storage(Protocol):
    """Byte objects under one root; a key is a path relative to it, with `/` between."""

    def url(self, key: str) -> str:
        """The key's full address, for messages and for Spark."""

    def list(self, prefix: str) -> list[str]:
        """Every finished key under the folder `prefix`, sorted."""

    def open(self, key: str) -> IO[bytes]:
        """A forward-only stream of the object; `LakeError` where there is none."""

    def create(self, key: str) -> AbstractContextManager[IO[bytes]]:
        """A writer whose object appears whole when the block ends, or never."""

    def delete(self, key: str) -> None:
        """Remove the object; no error where there is none."""


def storage(root: str) -> Storage:
    """The storage behind `root`: `s3://bucket/prefix` or a local folder."""
    if root.startswith("s3://"):
        return S3Storage(root)
    return LocalStorage(root)


class LocalStorage:
    """A folder; a half-written object carries a leading dot and is never listed."""

    def __init__(self, root: str) -> None:
        self._root = Path(root).expanduser().absolute()

    def url(self, key: str) -> str:
        return str(self._root / key) if key else str(self._root)

    def list(self, prefix: str) -> list[str]:
        found = (self._root / prefix).rglob("*")
        files = (path for path in found if path.is_file() and not path.name.startswith("."))
        return sorted(path.relative_to(self._root).as_posix() for path in files)

    def open(self, key: str) -> IO[bytes]:
        try:
            return (self._root / key).open("rb")
        except OSError as error:
            raise LakeError(f"{self.url(key)}: {error.strerror}") from error

    @contextmanager
    def create(self, key: str) -> Iterator[IO[bytes]]:
        target = self._root / key
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                dir=target.parent, prefix=f".{target.name}.", delete=False
            ) as temporary:
                try:
                    yield temporary.file
                    temporary.flush()
                    os.fsync(temporary.fileno())
                    Path(temporary.name).chmod(0o644)
                    Path(temporary.name).replace(target)
                except BaseException:
                    Path(temporary.name).unlink(missing_ok=True)
                    raise
        except OSError as error:
            raise LakeError(f"{self.url(key)}: can't write: {error.strerror}") from error

    def delete(self, key: str) -> None:
        (self._root / key).unlink(missing_ok=True)


class S3Storage:
    """An S3 prefix; credentials, region and endpoint come from boto3's own chain."""

    def __init__(self, root: str, client: Any = None) -> None:
        import boto3

        bucket, _, prefix = root.removeprefix("s3://").partition("/")
        self._bucket, self._prefix = bucket, f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._s3 = client or boto3.client("s3")

    def url(self, key: str) -> str:
        return f"s3://{self._bucket}/{self._prefix}{key}".rstrip("/")

    def list(self, prefix: str) -> list[str]:
        start = f"{self._prefix}{prefix.rstrip('/')}/" if prefix else self._prefix
        with self._clear_errors(prefix):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=start
            )
            keys = [item["Key"] for page in pages for item in page.get("Contents", ())]
        return sorted(key.removeprefix(self._prefix) for key in keys)

    def open(self, key: str) -> IO[bytes]:
        with self._clear_errors(key):
            body: IO[bytes] = self._s3.get_object(Bucket=self._bucket, Key=self._prefix + key)[
                "Body"
            ]
            return body

    @contextmanager
    def create(self, key: str) -> Iterator[IO[bytes]]:
        with tempfile.TemporaryFile() as temporary:
            yield temporary
            temporary.seek(0)
            with self._clear_errors(key):
                self._s3.upload_fileobj(
                    temporary,
                    self._bucket,
                    self._prefix + key,
                    ExtraArgs={"ChecksumAlgorithm": "SHA256"},
                )

    def delete(self, key: str) -> None:
        with self._clear_errors(key):
            self._s3.delete_object(Bucket=self._bucket, Key=self._prefix + key)

    @contextmanager
    def _clear_errors(self, key: str) -> Iterator[None]:
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (Boto3Error, BotoCoreError, ClientError) as error:
            raise LakeError(f"{self.url(key)}: {error}") from error
