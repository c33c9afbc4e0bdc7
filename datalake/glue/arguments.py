"""The jobs' arguments: the command line's names, without its libraries, beside Glue's own."""

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from datalake.core.errors import SettingsError
from datalake.core.settings import DEFAULT_GENRES, TMDB_URL
from datalake.enrichment.due import REFRESH_AFTER
from datalake.glue.cost import PRICE
from datalake.sources.tmdb.client import DEFAULT_RATE

# What Glue hands to a script beside the job's own arguments; no name of ours may fit it.
OF_GLUE = re.compile(
    r"--(JOB_\w+|TempDir|RedshiftTempDir|SECURITY_CONFIGURATION|scriptLocation|conf|class"
    r"|(additional|auto|continuation|continuous-log|customer|datalake|disable|enable|encryption"
    r"|executor|extra|job|python|spark|use|user-jars|write)-[\w-]+)(=|$)"
)
_OF_PIP = "--python-modules-installer-option"  # its value is an option itself, such as --no-deps


@dataclass(frozen=True)
class Option:
    """A job's option: `read` makes its value of the text; an empty text stands for `default`."""

    name: str
    read: Callable[[str], Any] = str
    what: str = "a text"
    default: Any = None
    required: bool = False

    @property
    def key(self) -> str:
        """Its name in Python."""
        return self.name.replace("-", "_")

    def value(self, text: str) -> Any:
        """The value that the text stands for; `SettingsError` names a wrong one."""
        if not text:
            if self.required:
                raise SettingsError(f"--{self.name} is missing")
            return self.default
        try:
            return self.read(text)
        except ValueError as error:
            raise SettingsError(f"--{self.name} {text}: not {self.what}") from error


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _some(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError(text)
    return number


_COUNT, _AMOUNT = "a number from 1 on", "a number above 0"

COMMON = (
    Option("lake", required=True),
    Option("database-prefix"),
    Option("region"),
    Option("genres", default=",".join(DEFAULT_GENRES)),
    Option("day", date.fromisoformat, "a day such as 2026-01-31"),
    Option("worker-type"),
    Option("workers", _positive, _COUNT),
    Option("dpu-hour-price", _some, _AMOUNT, PRICE),
)
SOURCE = Option("source", required=True)
TMDB = (
    Option("tmdb-url", default=TMDB_URL),
    Option("rate", _some, _AMOUNT, DEFAULT_RATE),
    Option("threads", _positive, _COUNT, 16),
    Option("limit", _positive, _COUNT),
    Option("budget-seconds", _some, _AMOUNT),
    Option("refresh-after", _positive, _COUNT, REFRESH_AFTER.days),
)
MAX_BAD = Option("max-bad-share", float, "a share such as 0.01", 0.01)
OUTPUT = Option("output")
LANGUAGE = Option("language", default="en")


def arguments(words: Sequence[str], options: Sequence[Option]) -> dict[str, Any]:
    """The options' values by their names in Python.

    Glue's own arguments are passed over; `SettingsError` names any other that is unknown.
    """
    parser = _Parser(add_help=False, allow_abbrev=False)
    for option in options:
        parser.add_argument(f"--{option.name}", default="")
    given, others = parser.parse_known_args(words)
    of_glue, before = False, ""
    for word in others:
        # A value of Glue's follows its name.
        is_value = not word.startswith("--") or before == _OF_PIP
        of_glue, before = bool(OF_GLUE.match(word)) or (of_glue and is_value), word
        if not of_glue:
            known = ", ".join(f"--{option.name}" for option in options)
            raise SettingsError(f"{word.partition('=')[0]}: no such argument; there are {known}")
    return {option.key: option.value(getattr(given, option.key)) for option in options}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise SettingsError(message)
