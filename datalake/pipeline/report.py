"""Answers → the page."""

from pathlib import Path

from datalake import __version__
from datalake.base.errors import SettingsError
from datalake.report.data import gather
from datalake.report.page import render
from datalake.spark.tables import Tables


def write_report(tables: Tables, target: Path, language: str) -> None:
    """Write the page to `target`, whole or not at all."""
    page = render(gather(tables.read, __version__), language)
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(page, encoding="utf-8")
        temporary.replace(target)
    except OSError as error:
        raise SettingsError(f"{target}: can't write the page: {error.strerror}") from error
