"""The page's address, and the records in its last lines: its headlines and its inputs."""

import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from datalake.core.errors import LakeError
from datalake.core.lake import Lake
from datalake.core.settings import Settings
from datalake.core.storage import Storage, open_storage

_ON_S3 = "Report/index.html"
_HEADLINES, _INPUTS, _END = "\n<!-- headlines: ", "\n<!-- inputs: ", " -->"


def page_address(lake: Lake, output: str | None) -> str:
    """Where the page goes: to `output`, a file or an s3:// address, else into the lake.

    That is index.html in the lake's folder, or Report/index.html in a lake on S3.
    """
    if output is None:
        output = lake.storage.url(_ON_S3) if lake.on_s3 else str(Path(lake.root) / "index.html")
    return output if output.startswith("s3://") else Path(output).absolute().as_uri()


def write_page(settings: Settings, page: str, headlines: Sequence[str], inputs: str) -> None:
    """Write the page whole or not at all; `LakeError` where it can't be written."""
    # No title in them ends the comment.
    recorded = json.dumps(headlines, ensure_ascii=False).replace(">", "\\u003e")
    storage, name = _storage(settings)
    with storage.create(name) as file:
        file.write(f"{page}{_HEADLINES}{recorded}{_END}{_INPUTS}{inputs}{_END}\n".encode())


def page_inputs(settings: Settings) -> str | None:
    """The inputs recorded in the published page; None where there is no page or no record."""
    return _record(settings, _INPUTS)


def page_headlines(settings: Settings) -> list[str]:
    """The headlines recorded in the published page; none where there is no page or no record."""
    try:
        headlines: list[str] = json.loads(_record(settings, _HEADLINES) or "[]")
    except ValueError:
        return []  # altered by hand
    return headlines


def _record(settings: Settings, start: str) -> str | None:
    """What the page's last line that starts so records."""
    storage, name = _storage(settings)
    try:
        with storage.open(name) as file:
            page = file.read().decode(errors="replace")
    except LakeError:
        return None
    _, marker, rest = page.rpartition(start)
    record, end, _ = rest.partition(f"{_END}\n")
    return record if marker and end else None


def _storage(settings: Settings) -> tuple[Storage, str]:
    """The folder that the page lies in, and its name there."""
    folder, _, name = page_address(settings.lake, settings.output).rpartition("/")
    if not folder.startswith("s3://"):
        folder, name = unquote(urlsplit(folder).path) or "/", unquote(name)
    return open_storage(folder, settings.lake.aws), name
