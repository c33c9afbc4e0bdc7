"""Answers → the page."""

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from datalake import __version__
from datalake.core.errors import SettingsError
from datalake.core.files import atomic_path
from datalake.core.lake import Lake
from datalake.core.s3 import S3Storage
from datalake.pipeline.page_data import gather_page_data
from datalake.questions.registry import QUESTIONS
from datalake.report.page import render
from datalake.spark.tables import Tables

_ON_S3 = "Report/index.html"


def address(lake: Lake, output: str | None) -> str:
    """Where the page goes: to `output`, a file or an s3:// address, else into the lake.

    That is index.html in the lake's folder, or Report/index.html in a lake on S3.
    """
    if output is None:
        output = lake.storage.url(_ON_S3) if lake.on_s3 else str(Path(lake.root) / "index.html")
    return output if output.startswith("s3://") else Path(output).absolute().as_uri()


def write_report(tables: Tables, output: str | None, language: str) -> str:
    """Write the page, whole or not at all, to its `address`, which comes back."""
    data = gather_page_data(tables.read, __version__)
    page = render(data, [question.chapter for question in QUESTIONS], language)
    target = address(tables.lake, output)
    if target.startswith("s3://"):
        _put(tables.lake, target, page)
    else:
        _write(Path(url2pathname(urlsplit(target).path)), page)
    return target


def _put(lake: Lake, target: str, page: str) -> None:
    folder, _, name = target.rpartition("/")
    with S3Storage(folder, lake.aws).create(name) as file:
        file.write(page.encode())


def _write(target: Path, page: str) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(target) as temporary:
            temporary.write_text(page, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{target}: can't write the page: {error.strerror}") from error
