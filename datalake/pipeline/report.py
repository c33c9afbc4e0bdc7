"""Answers → the page."""

import logging
from threading import Thread
from typing import NamedTuple

from datalake import __version__
from datalake.core.logs import log_figures
from datalake.core.settings import Settings
from datalake.pipeline.page_data import gather_page_data
from datalake.pipeline.page_file import page_address, write_page
from datalake.pipeline.up_to_date import step_inputs
from datalake.questions.registry import QUESTIONS
from datalake.report.page import chart_library, headlines, render
from datalake.schemas.query import Query

_log = logging.getLogger(__name__)


class Report(NamedTuple):
    """Where the page is, and each question's answer in a sentence."""

    address: str
    headlines: list[str]


def write_report(query: Query, settings: Settings) -> Report:
    """Write the page, whole or not at all."""
    # It takes a second, and the data a core of their own.
    Thread(target=chart_library).start()
    inputs = step_inputs("report", settings)
    data = gather_page_data(query, __version__)
    chapters = [question.chapter for question in QUESTIONS]
    page = render(data, chapters, settings.language)
    answers = headlines(data, chapters, settings.language)
    write_page(settings, page, answers, inputs)
    address = page_address(settings.lake, settings.output)
    log_figures(_log, "page written", address=address)
    return Report(address, answers)
