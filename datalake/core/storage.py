"""Object storage behind one interface: a local folder or an S3 prefix."""

import fcntl
import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Protocol

from datalake.core.aws import DEFAULT_AWS, Aws
from datalake.core.errors import LakeError, SettingsError
from datalake.core.files import atomic_path, is_temporary
from datalake.core.s3 import S3Storage
from datalake.core.upload import changed_while_read

_CHUNK = 1 << 20


class Storage(Protocol):
    """Byte objects under one root; a key is a path relative to it, with `/` between."""

    def url(self, key: str) -> str:
        """The key's full address, for messages and for Spark."""

    def list(self, prefix: str) -> list[str]:
        """Every finished key under the folder `prefix`, sorted."""

    def modified(self, prefix: str) -> dict[str, datetime]:
        """When each of these keys was written, in UTC."""

    def unfinished(self, prefix: str) -> dict[str, datetime]:
        """When each half-written file under the folder `prefix` was written to last, in UTC."""

    def holds(self, prefix: str) -> bool:
        """Whether any finished object lies under the folder `prefix`."""

    def open(self, key: str) -> IO[bytes]:
        """A forward-only stream of the object; `LakeError` where there is none."""

    def create(self, key: str) -> AbstractContextManager[IO[bytes]]:
        """A writer whose object appears whole when the block ends, or never."""

    def put_file(self, key: str, path: Path, sha256: str, progress: Callable[[int], None]) -> None:
        """Copy a file, whole or not at all; `InputError` where its SHA-256 is another.

        `progress` is called with the bytes copied so far.
        """

    def compare_and_swap(self, key: str, old: bytes | None, new: bytes) -> bool:
        """Write a small object if its content is `old` (None: no object yet); whether it was."""

    def delete(self, key: str) -> None:
        """Remove the object; no error where there is none."""


def open_storage(root: str, aws: Aws = DEFAULT_AWS) -> Storage:
    """The storage behind `root`: `s3://bucket/prefix` or a local folder."""
    if root.startswith("s3://"):
        return S3Storage(root, aws)
    return LocalStorage(root)


def _is_unfinished(path: Path) -> bool:
    """Whether a killed writer left the file: ours, or Hadoop's checksum of a file that is gone."""
    if path.suffix == ".crc":
        return path.is_file() and not path.with_name(path.name[1 : -len(".crc")]).exists()
    return is_temporary(path.name) and path.is_file()


class LocalStorage:
    """A folder; a half-written object carries a leading dot and is never listed."""

    def __init__(self, root: str) -> None:
        try:
            self._root = Path(root).expanduser().absolute()
        except RuntimeError as error:
            message = f"{root}: that home folder isn't known; name the folder in full"
            raise SettingsError(message) from error

    def url(self, key: str) -> str:
        return str(self._root / key) if key else str(self._root)

    def list(self, prefix: str) -> list[str]:
        return sorted(path.relative_to(self._root).as_posix() for path in self._files(prefix))

    def modified(self, prefix: str) -> dict[str, datetime]:
        return self._times(self._files(prefix))

    def unfinished(self, prefix: str) -> dict[str, datetime]:
        paths = (self._root / prefix).rglob(".*")
        return self._times(path for path in paths if _is_unfinished(path))

    def _times(self, paths: Iterable[Path]) -> dict[str, datetime]:
        return {
            path.relative_to(self._root).as_posix(): datetime.fromtimestamp(
                path.stat().st_mtime, UTC
            )
            for path in paths
        }

    def holds(self, prefix: str) -> bool:
        return any(True for _ in self._files(prefix))

    def _files(self, prefix: str) -> Iterator[Path]:
        paths = (self._root / prefix).rglob("*")
        return (path for path in paths if path.is_file() and not path.name.startswith("."))

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
            with atomic_path(target) as temporary, temporary.open("wb") as file:
                yield file
        except OSError as error:
            raise LakeError(f"{self.url(key)}: can't write: {error.strerror}") from error

    def put_file(self, key: str, path: Path, sha256: str, progress: Callable[[int], None]) -> None:
        digest = hashlib.sha256()
        with path.open("rb") as file, self.create(key) as target:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                target.write(chunk)
                progress(file.tell())
            if digest.hexdigest() != sha256:
                raise changed_while_read(path)

    def compare_and_swap(self, key: str, old: bytes | None, new: bytes) -> bool:
        target = self._root / key
        with self._locked(target):
            current = target.read_bytes() if target.exists() else None
            if current != old:
                return False
            with self.create(key) as file:
                file.write(new)
            return True

    @contextmanager
    def _locked(self, target: Path) -> Iterator[None]:
        """A lock file held for the block: one process of this machine at a time."""
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            lock = (target.parent / f".{target.name}.lock").open("wb")
        except OSError as error:
            raise LakeError(f"{target}: can't write: {error.strerror}") from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def delete(self, key: str) -> None:
        (self._root / key).unlink(missing_ok=True)
