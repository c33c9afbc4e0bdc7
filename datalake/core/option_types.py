"""Parsers of options: each returns the value of a text, or raises `ValueError` on a bad one."""

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path

from datalake.core.errors import SettingsError

# IMDb's own names; the files are in English, whoever reads them.
IMDB_GENRES = frozenset(
    "Action Adult Adventure Animation Biography Comedy Crime Documentary Drama Family Fantasy"  # noqa: SIM905
    " Film-Noir Game-Show History Horror Music Musical Mystery News Reality-TV Romance Sci-Fi"
    " Short Sport Talk-Show Thriller War Western".split()
)
TITLE_TYPES = frozenset(
    "short movie video tvSeries tvMovie tvMiniSeries tvSpecial videoGame tvShort tvPilot".split()  # noqa: SIM905
)
"""IMDb's types of titles; an episode (tvEpisode) is part of a series."""
_UNITS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_LEAST_MEMORY = 512 << 20  # Spark refuses to start with a little less


def whole(least: int, most: int | None = None) -> Callable[[str], int]:
    """A parser of whole numbers from `least` to `most`."""

    def read(text: str) -> int:
        number = _number(text)
        if not (number.is_integer() and least <= number <= (most or math.inf)):
            raise ValueError(f"not a number from {least} {f'to {most}' if most else 'on'}")
        return int(number)

    return read


def at_least(least: float) -> Callable[[str], float]:
    """A parser of finite numbers from `least` on."""

    def read(text: str) -> float:
        number = _number(text)
        if not least <= number < math.inf:
            raise ValueError(f"not a number from {least:g} on")
        return number

    return read


def positive(text: str) -> float:
    """A finite number above 0."""
    number = _number(text)
    if not 0 < number < math.inf:
        raise ValueError("not a number above 0")
    return number


def share(text: str) -> float:
    """A part of a whole."""
    number = _number(text)
    if not 0 <= number <= 1:
        raise ValueError("not a share such as 0.01, between 0 and 1")
    return number


def days(text: str) -> timedelta:
    """A whole number of days, 1 at least and a century at most."""
    return timedelta(days=whole(1, 36_525)(text))


def iso_date(text: str) -> date:
    """A day of the calendar."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("not a day such as 2026-01-31") from None


def memory_size(text: str) -> str:
    """A size of the Java heap as the JVM takes it, large enough for Spark to start."""
    match = re.fullmatch(r"([1-9]\d{0,6})([kmgt])b?", text.strip().lower())
    if not match or int(match[1]) * _UNITS[match[2]] < _LEAST_MEMORY:
        raise ValueError("not a size such as 4g, from 512m on")
    return match[1] + match[2]


def yes_or_no(text: str) -> bool:
    """A choice: true or false."""
    if text.lower() not in ("true", "false"):
        raise ValueError("neither true nor false")
    return text.lower() == "true"


def one_of(*choices: str) -> Callable[[str], str]:
    """A parser of one of the choices."""

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"not one of {', '.join(choices)}{_hint(text, choices)}")
        return text

    return read


def web_address(text: str) -> str:
    """An http(s) address, without the slash at its end; it holds neither password nor query."""
    if not re.match(r"https?://[^/\s]+", text):
        raise ValueError("not an address that begins with https://")
    if without_secrets(text) != text:
        raise ValueError(
            "an address without user, password and query; a token goes into TMDB_TOKEN"
        )
    return text.rstrip("/")


def without_secrets(address: str) -> str:
    """The address with *** for a user with password, and for a query."""
    return re.sub(r"\?.*", "?***", re.sub(r"[^/\s]*@", "***@", address))


def file_path(text: str) -> str:
    """A path or address to write a file to."""
    if "://" not in text and Path(text).is_dir():
        raise ValueError("a folder; name a file")
    return text


def folder_path(text: str) -> Path:
    """A path that is no file."""
    if Path(text).is_file():
        raise ValueError("a file; name its folder")
    return Path(text)


def genre_names(text: str) -> tuple[str, ...]:
    """IMDb's names of genres, by comma, each once; `SettingsError` names those that are none."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names:
        raise SettingsError("--genres: name at least one IMDb genre, such as Crime,War")
    if unknown := sorted(set(names) - IMDB_GENRES):
        choices = sorted(IMDB_GENRES)
        hints = "".join(_hint(name, choices) for name in unknown)
        raise SettingsError(
            f"--genres {','.join(unknown)}: no IMDb genre{hints}; they are {', '.join(choices)}"
        )
    return names


def title_types(text: str) -> tuple[str, ...]:
    """IMDb's types of titles, by comma, each once."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names:
        raise ValueError("name at least one of IMDb's title types, such as movie")
    if unknown := sorted(set(names) - TITLE_TYPES):
        choices = sorted(TITLE_TYPES)
        hints = "".join(_hint(name, choices) for name in unknown)
        raise ValueError(f"no type of titles{hints}; they are {', '.join(choices)}")
    return names


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _hint(text: str, choices: Sequence[str]) -> str:
    by_lower = {choice.lower(): choice for choice in choices}
    close = get_close_matches(text.lower(), by_lower, n=1)
    return f" (did you mean {by_lower[close[0]]}?)" if close else ""
