"""Answers → the page."""

import logging

from datalake import __version__
from datalake.core.logs import log_figures
from datalake.core.settings import Settings
from datalake.pipeline.page_data import gather_page_data
from datalake.pipeline.page_file import page_address, write_page
from datalake.pipeline.up_to_date import step_inputs
from datalake.questions.registry import QUESTIONS
from datalake.report.page import render
from datalake.spark.tables import Tables

_log = logging.getLogger(__name__)


def write_report(tables: Tables, settings: Settings) -> str:
    """Write the page, whole or not at all, to its address, which comes back."""
    inputs = step_inputs("report", settings)
    data = gather_page_data(tables.read, __version__)
    page = render(data, [question.chapter for question in QUESTIONS], settings.language)
    write_page(settings, page, inputs)
    address = page_address(settings.lake, settings.output)
    log_figures(_log, "page written", address=address)
    return address
