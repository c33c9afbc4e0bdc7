"""Answers → the page."""

from pathlib import Path

from datalake import __version__
from datalake.base.errors import SettingsError
from datalake.base.lake import Lake
from datalake.base.s3 import S3Storage
from datalake.report.data import gather
from datalake.report.page import render
from datalake.spark.tables import Tables

_ON_S3 = "Report/index.html"


def write_report(tables: Tables, output: str | None, language: str) -> str:
    """Write the page, whole or not at all, to a file or an s3:// address; its address.

    Without `output` it is index.html in the lake's folder, or Report/index.html in a lake on S3.
    """
    page = render(gather(tables.read, __version__), language)
    lake = tables.lake
    if output is None and lake.on_s3:
        output = lake.storage.url(_ON_S3)
    if output and output.startswith("s3://"):
        return _put(lake, output, page)
    return _write(Path(output) if output else Path(lake.root) / "index.html", page)


def _put(lake: Lake, address: str, page: str) -> str:
    folder, _, name = address.rpartition("/")
    with S3Storage(folder, lake.aws).create(name) as file:
        file.write(page.encode())
    return address


def _write(target: Path, page: str) -> str:
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(page, encoding="utf-8")
        temporary.replace(target)
    except OSError as error:
        raise SettingsError(f"{target}: can't write the page: {error.strerror}") from error
    return target.absolute().as_uri()
