"""Checks of text files that sources share: what they really are, and whether bytes are bad."""

import codecs
import hashlib
from collections.abc import Callable
from pathlib import Path

from datalake.core.errors import InputError
from datalake.core.progress import Progress
from datalake.sources.source import FileContents, FileSpec

_CHUNK = 1 << 20
_BOM = b"\xef\xbb\xbf"
_SIGNATURES = {
    b"PK\x03\x04": "a zip archive or Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "a gzip archive",
    b"PAR1": "a Parquet file",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}

CheckHeader = Callable[[FileSpec, str], None]
"""Raises `InputError`, without the path, where a file's header isn't its spec's."""


def inspect_text(
    spec: FileSpec, path: Path, progress: Progress, check_header: CheckHeader
) -> FileContents:
    """Read a text file with a header line whole; `InputError` names what is wrong with it."""
    try:
        with path.open("rb") as file:
            header = _check_header(spec, path, file.readline(_CHUNK), check_header)
        contents = _measure(spec, path, header, progress)
    except OSError as error:
        raise InputError(f"{path}: can't read it: {error.strerror}; see --source") from error
    if not contents.rows:
        raise InputError(f"{path}: a header and no rows")
    return contents


def _measure(spec: FileSpec, path: Path, header: str, progress: Progress) -> FileContents:
    size, digest, damage, newlines, last = path.stat().st_size, hashlib.sha256(), Damage(), -1, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            damage.check(chunk)
            newlines, last = newlines + chunk.count(b"\n"), chunk[-1:]
            progress(f"check {spec.name}", file.tell(), size, "B")
    rows = newlines + (last != b"\n")
    return FileContents(size, digest.hexdigest(), rows, header, damage.found)


def _check_header(spec: FileSpec, path: Path, first_line: bytes, check_header: CheckHeader) -> str:
    if not first_line:
        raise InputError(f"{path}: the file is empty")
    for signature, description in _SIGNATURES.items():
        if first_line.startswith(signature):
            raise InputError(
                f"{path}: this is {description}, not a CSV; export it as UTF-8 text with |"
            )
    header = first_line.removeprefix(_BOM).rstrip(b"\r\n").decode("utf-8", errors="replace")
    if "\r" in header:
        raise InputError(f"{path}: a CR in the header; save it with LF or CRLF between the lines")
    try:
        check_header(spec, header)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    return header


class Damage:
    """Whether the chunks of a file, taken together, hold a NUL byte or aren't UTF-8."""

    def __init__(self) -> None:
        self.found = False
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def check(self, chunk: bytes) -> None:
        """Take in one more chunk."""
        try:
            self._decoder.decode(chunk)
        except UnicodeDecodeError:
            self.found = True
            self._decoder.reset()
        self.found = self.found or b"\0" in chunk
