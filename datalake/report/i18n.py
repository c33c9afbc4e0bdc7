"""The reader's language: every word from a catalogue, every number as the reader writes it."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from babel import Locale, dates, lists, numbers

from datalake.core.errors import SettingsError
from datalake.core.options import LANGUAGES

UNKNOWN = "–"
TEXTS = files("datalake.report") / "templates"


class Translator:
    """One catalogue of the page's texts and those in `folders`; `SettingsError` for no language.

    A catalogue is a file `LANGUAGE.toml`; no text stands in two of them.
    """

    def __init__(self, language: str, folders: Iterable[Traversable] = ()) -> None:
        if language not in LANGUAGES:
            raise SettingsError(f"--language {language}: not one of {', '.join(LANGUAGES)}")
        self.language = language
        self._locale = Locale.parse(language, sep="-")
        self.catalogue: dict[str, Any] = {}
        for folder in (TEXTS, *folders):
            text = (folder / f"{language}.toml").read_text(encoding="utf-8")
            _merge(self.catalogue, tomllib.loads(text), f"{folder}")

    def __call__(self, key: str, **values: str) -> str:
        """The text at a dotted key, its placeholders filled."""
        return str(self._text(key)).format(**values)

    def all(self, key: str) -> list[str]:
        """The texts of a list at a dotted key."""
        return list(self._text(key))

    def _text(self, key: str) -> str | list[str]:
        *groups, last = key.split(".")
        table = self.catalogue
        for group in groups:
            table = table[group]
        text: str | list[str] = table[last]
        return text

    def name(self, group: str, value: str) -> str:
        """How a value of the data is called; one without a name of its own stays as it is."""
        return str(self.catalogue[group].get(value, value))

    def number(self, value: float | None, digits: int = 0) -> str:
        """A number with that many digits after the decimal sign; unknown is a dash.

        The answers have nine decimals; a half goes away from zero, as SQL's and the browser's do.
        """
        if value is None:
            return UNKNOWN
        exact = Decimal(str(round(value, 9))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        formatted: str = numbers.format_decimal(exact or 0, format=pattern, locale=self._locale)
        return formatted.replace("-", "\N{MINUS SIGN}")

    def percent(self, share: float) -> str:
        """A share from 0 to 1 as a percentage without decimals; «under 1 %» is not none.

        Nor is «over 99 %» all.
        """
        if 0 < share < 0.01:
            return self("under_one_percent")
        if 0.99 < share < 1:
            return self("over_99_percent")
        return self("percent", n=self.number(100 * share))

    def p_value(self, p: float | None) -> str:
        """A p-value in three decimals; tiny ones are «< 0.001»."""
        if p is not None and p < 0.001:
            return f"< {self.number(0.001, 3)}"
        return self.number(p, 3)

    def interval(self, low: float | None, high: float | None, digits: int) -> str:
        """Both ends of an interval; unknown is a dash."""
        if low is None or high is None:
            return UNKNOWN
        return self("interval", low=self.number(low, digits), high=self.number(high, digits))

    def listed(self, items: Iterable[str]) -> str:
        """«a, b and c» in the reader's language."""
        return lists.format_list(list(items), locale=self._locale)

    def either(self, items: Iterable[str]) -> str:
        """«a, b or c» in the reader's language."""
        return lists.format_list(list(items), style="or", locale=self._locale)

    def day(self, day: date | None) -> str:
        """A date in words; unknown is a dash."""
        return dates.format_date(day, format="long", locale=self._locale) if day else UNKNOWN

    def chart_format(self) -> dict[str, Any]:
        """How charts write numbers: a d3 format locale."""
        return {
            "decimal": numbers.get_decimal_symbol(self._locale),
            "thousands": numbers.get_group_symbol(self._locale),
            "grouping": [3],
            "currency": ["$", ""],
        }


def _merge(catalogue: dict[str, Any], more: Mapping[str, Any], source: str) -> None:
    """Add texts to the catalogue, group by group; `ValueError` where a text is there already."""
    for key, text in more.items():
        if isinstance(text, dict):
            _merge(catalogue.setdefault(key, {}), text, f"{source}: {key}")
        elif key in catalogue:
            raise ValueError(f"{source}: {key} stands in another catalogue too")
        else:
            catalogue[key] = text
