"""The page's address, and the record of its inputs in its last line."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from datalake.core.errors import LakeError
from datalake.core.lake import Lake
from datalake.core.settings import Settings
from datalake.core.storage import Storage, open_storage

_ON_S3 = "Report/index.html"
_START, _END = "\n<!-- inputs: ", " -->\n"


def page_address(lake: Lake, output: str | None) -> str:
    """Where the page goes: to `output`, a file or an s3:// address, else into the lake.

    That is index.html in the lake's folder, or Report/index.html in a lake on S3.
    """
    if output is None:
        output = lake.storage.url(_ON_S3) if lake.on_s3 else str(Path(lake.root) / "index.html")
    return output if output.startswith("s3://") else Path(output).absolute().as_uri()


def write_page(settings: Settings, page: str, inputs: str) -> None:
    """Write the page whole or not at all; `LakeError` where it can't be written."""
    storage, name = _storage(settings)
    with storage.create(name) as file:
        file.write(f"{page}{_START}{inputs}{_END}".encode())


def page_inputs(settings: Settings) -> str | None:
    """The inputs recorded in the published page; None where there is no page or no record."""
    storage, name = _storage(settings)
    try:
        with storage.open(name) as file:
            page = file.read().decode(errors="replace")
    except LakeError:
        return None
    _, marker, inputs = page.rpartition(_START)
    return inputs.removesuffix(_END) if marker else None


def _storage(settings: Settings) -> tuple[Storage, str]:
    """The folder that the page lies in, and its name there."""
    folder, _, name = page_address(settings.lake, settings.output).rpartition("/")
    if not folder.startswith("s3://"):
        folder, name = unquote(urlsplit(folder).path) or "/", unquote(name)
    return open_storage(folder, settings.lake.aws), name
