"""What the server said of a downloaded file, kept beside it: the next download asks for changes."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from datalake.core.damage import PARSING_ERRORS, from_fields
from datalake.core.files import atomic_path

ENDING = ".download.json"
_GZIP_TIME = slice(4, 8)


@dataclass(frozen=True)
class Receipt:
    """A version of a file on its server: `etag` and `last_modified` as HTTP has them, or empty."""

    url: str
    etag: str
    last_modified: str
    size: int

    @property
    def modified(self) -> datetime | None:
        """When the server's file was changed last."""
        with suppress(ValueError):
            return parsedate_to_datetime(self.last_modified).astimezone(UTC)
        return None


def write_receipt(path: Path, receipt: Receipt) -> None:
    """Keep the receipt beside the file at `path`."""
    with atomic_path(receipt_path(path)) as temporary:
        temporary.write_text(json.dumps(asdict(receipt), indent=2) + "\n", encoding="utf-8")


def read_receipt(path: Path) -> Receipt | None:
    """The receipt of the file at `path`; None where it has none, or a damaged one."""
    with suppress(OSError, *PARSING_ERRORS):
        return from_fields(Receipt, json.loads(receipt_path(path).read_bytes()))
    return None


def receipt_path(path: Path) -> Path:
    """Where the receipt of the file at `path` lies."""
    return path.with_name(path.name + ENDING)


def file_date(path: Path) -> str:
    """When a gzipped file was made, ISO 8601 in UTC; empty where nothing tells.

    Its server says so, else its gzip header; a file's own time may be that of its copy.
    """
    receipt = read_receipt(path)
    made = receipt.modified if receipt and receipt.size == path.stat().st_size else None
    if made is None:
        with path.open("rb") as file:
            seconds = int.from_bytes(file.read(10)[_GZIP_TIME], "little")
        made = datetime.fromtimestamp(seconds, UTC) if seconds else None
    return made.isoformat() if made else ""
