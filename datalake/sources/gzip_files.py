"""Gzipped text files with a header line: the check of a whole file, and its lines.

Memory is bounded whatever the file holds: it is unpacked a piece at a time.
"""

import gzip
import hashlib
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from datalake.core.errors import InputError
from datalake.core.progress import Progress
from datalake.sources.download_receipt import file_date
from datalake.sources.source import FileContents, FileSpec
from datalake.sources.text_files import CheckHeader, Damage

_EMPTY = "the file is empty"
_GZIP = b"\x1f\x8b"
_LONGEST_LINE = 1 << 20  # also what is read at once
_LONGEST_SIGNATURE = 16
_LINES_PER_REPORT = 1 << 16
_SIGNATURES = {
    b"<": "a web page, maybe an error of the server",
    b"PK\x03\x04": "a zip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
}


def inspect_gzip(
    spec: FileSpec, path: Path, progress: Progress, check_header: CheckHeader
) -> FileContents:
    """Read a gzipped text file whole; `InputError` names what is wrong with it."""

    def report(done: int) -> None:
        progress(f"check {spec.name}", done, size, "B")

    with translate_errors(path), path.open("rb") as file:
        size = path.stat().st_size
        header, rows, damaged = _read(file, partial(check_header, spec), report)
        if not rows:
            raise InputError("a header and no rows")
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return FileContents(size, sha256, rows, header, damaged, file_date(path))


def check_gzip(path: Path, report: Callable[[int], None]) -> None:
    """Read a gzipped text file whole; `InputError` where it isn't one, is cut or damaged."""
    with translate_errors(path), path.open("rb") as file:
        _read(file, str, report)


def data_lines(path: Path, report: Callable[[int], None]) -> Iterator[bytes]:
    """The lines of a gzipped text file after its header; `report` gets the bytes read so far."""
    with path.open("rb") as file, gzip_lines(file) as lines:
        next(lines, None)
        for number, line in enumerate(lines):
            if number % _LINES_PER_REPORT == 0:
                report(file.tell())
            yield line
        report(file.tell())


def gzip_lines(stream: IO[bytes]) -> IO[bytes]:
    """The lines of a gzip stream, several times faster than `GzipFile` alone."""
    return io.BufferedReader(gzip.GzipFile(fileobj=stream), 1 << 18)


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Turn an error in reading the file into an `InputError` of one line that names it."""
    try:
        yield
    except EOFError:
        raise InputError(f"{path}: cut short; get it again") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path}: damaged ({error}); get it again") from None
    except OSError as error:
        raise InputError(f"{path}: can't read it: {error.strerror}; see --source") from error
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


def _check_signature(start: bytes) -> None:
    if not start:
        raise InputError(_EMPTY)
    if start.startswith(_GZIP):
        return
    description = next(
        (description for mark, description in _SIGNATURES.items() if start.startswith(mark)), ""
    )
    if not description and b"\t" in start and start.isascii():
        description = "plain text; take .gz off its name, and run gzip on it"
    raise InputError(f"no gzip file{f'; this is {description}' if description else ''}")


def _read(
    file: IO[bytes], check_header: Callable[[str], object], report: Callable[[int], None]
) -> tuple[str, int, bool]:
    """Header, number of rows, and whether the text is damaged."""
    _check_signature(file.read(_LONGEST_SIGNATURE))
    file.seek(0)
    damage, newlines, last = Damage(), -1, b""
    with gzip.GzipFile(fileobj=file) as text:
        chunk = text.readline(_LONGEST_LINE)
        header = _header(chunk)
        check_header(header)
        while chunk:
            if len(chunk) == _LONGEST_LINE and b"\n" not in chunk:
                raise InputError(f"a line of more than {_LONGEST_LINE:,} bytes; get it again")
            damage.check(chunk)
            newlines, last = newlines + chunk.count(b"\n"), chunk[-1:]
            report(file.tell())
            chunk = text.read(_LONGEST_LINE)
    if last != b"\n":
        raise InputError("cut short, its last line has no end; get it again")
    return header, newlines, damage.found


def _header(line: bytes) -> str:
    if not line:
        raise InputError(_EMPTY)
    if line.startswith(_GZIP):
        raise InputError("gzipped twice; gunzip it once")
    return line.rstrip(b"\r\n").decode("utf-8", errors="replace")
