"""Gzipped TSV files with a header line: the check of a whole one, and its lines."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from datalake.core.errors import InputError
from datalake.core.progress import Progress
from datalake.sources.source import FileContents, FileSpec
from datalake.sources.text_files import Damage

_CHUNK = 1 << 20


def inspect_gzip(
    spec: FileSpec, path: Path, progress: Progress, columns: Mapping[FileSpec, tuple[str, ...]]
) -> FileContents:
    """Read a gzipped TSV whole; `InputError` names what is wrong with it."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            header, rows, damaged = _read(spec, file, path.stat().st_size, progress)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(f"{path}: {error}") from error
    except OSError as error:
        raise InputError(f"{path}: can't read it: {error.strerror}; see --source") from error
    if tuple(header.split("\t")) != columns[spec]:
        raise InputError(f"{path}: expected the columns {' '.join(columns[spec])}")
    return FileContents(path.stat().st_size, digest, rows, header, damaged)


def _read(spec: FileSpec, file: IO[bytes], size: int, progress: Progress) -> tuple[str, int, bool]:
    """Header, number of rows, and whether the text is damaged."""
    damage, newlines, last = Damage(), -1, b""
    with gzip.GzipFile(fileobj=file) as text:
        header = text.readline(_CHUNK)
        chunk = header
        while chunk:
            damage.check(chunk)
            newlines, last = newlines + chunk.count(b"\n"), chunk[-1:]
            progress(f"check {spec.name}", file.tell(), size, "B")
            chunk = text.read(_CHUNK)
    rows = newlines + (last != b"\n")
    return header.rstrip(b"\r\n").decode("utf-8", errors="replace"), rows, damage.found


def data_lines(path: Path) -> Iterator[bytes]:
    """The lines of a gzipped text file after its header."""
    with gzip.open(path) as lines:
        next(lines)
        yield from lines
