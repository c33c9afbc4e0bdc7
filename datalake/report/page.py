"""The page: one HTML file that carries its charts' code and asks the network for nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from datalake.core.options import LANGUAGES
from datalake.report import grids
from datalake.report.chart_data import packed
from datalake.report.charts import specs
from datalake.report.data import PageData
from datalake.report.grids import Grid
from datalake.report.i18n import Translator
from datalake.report.sections import Section, sections

_SCRIPTS = ("basics", "estimators", "selection", "rows", "figures", "show", "page")


_FIGURES = {
    "q1": ("films", "strata"),
    "q2": ("people",),
    "q3": ("film_length", "episodes_per_season"),
    "q4": ("movie", "series"),
}
_OF_TMDB_ALONE = "episodes_per_season"


@dataclass(frozen=True)
class Edition:
    """All that the page says in one language; `size`: figures of the lake and what they count."""

    words: Translator
    genres: str
    either: str
    size: Sequence[tuple[str, str]]
    sources: Sequence[str]
    sections: Sequence[Section]
    tables: Sequence[Grid]

    def source(self, figure: str) -> str:
        """Where a figure's data come from, and what they are of."""
        sources = self.sources[1:] if figure == _OF_TMDB_ALONE else self.sources
        named = self.words("under.source", sources=self.words.listed(sources))
        return f"{named} {self.words(f'figures.{figure}.unit')}"


def render(data: PageData, language: str) -> str:
    """The page in both languages, showing `language` first; `SettingsError` for an unknown one."""
    first = Translator(language)
    editions = [_edition(data, Translator(each)) for each in LANGUAGES]
    environment = Environment(
        loader=PackageLoader("datalake.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html").render(
        first=first,
        editions=editions,
        data=data,
        figures=_FIGURES.items(),
        said=_json(
            {
                edition.words.language: {
                    "words": edition.words.catalogue,
                    "format": edition.words.chart_format(),
                    "title": edition.words("title", genres=edition.genres),
                    "specs": specs(data.genres, edition.words),
                }
                for edition in editions
            }
        ),
        facts=_json({"genres": data.genres, "steps": data.steps}),
        lake=packed(data.carried),
        style=_own("templates/style.css"),
        library=_library(),
        script=Markup("\n").join(_own(f"scripts/{name}.js") for name in _SCRIPTS),
    )


def _edition(data: PageData, words: Translator) -> Edition:
    counts = [{"table": name, "rows": rows} for name, rows in data.row_counts.items()]
    tables = {
        "reconciliation": (grids.RECONCILIATION, data.reconciliation),
        "quarantine": (grids.QUARANTINE, data.quarantine),
        "coverage": (grids.COVERAGE, data.coverage),
        "row_counts": (grids.ROW_COUNTS, counts),
    }
    answered = data.tmdb_fetched_at.date() if data.tmdb_fetched_at else None
    days = {"imdb": data.load_date, "tmdb": answered}
    genres = [words.name("genres", genre) for genre in data.genres]
    return Edition(
        words=words,
        genres=words.listed(genres),
        either=words.either(genres),
        size=_size(data, words),
        sources=[words(f"under.{site}", day=words.day(day)) for site, day in days.items()],
        sections=sections(data, words),
        tables=[
            grids.grid(words(f"quality.{name}"), columns, rows, words)
            for name, (columns, rows) in tables.items()
        ],
    )


def _size(data: PageData, words: Translator) -> list[tuple[str, str]]:
    """How large the lake is: titles, those in scope, those known on TMDB, source rows."""
    kinds = {row["kind"]: row["titles"] for row in data.steps}
    told = {
        "titles": sum(kinds.values()),
        "in_scope": sum(row["in_scope"] for row in data.steps),
        "found": sum(row["found"] for row in data.steps),
        "source_rows": sum(row["raw_rows"] for row in data.reconciliation),
    }
    named = {
        "films": words.number(kinds.get("movie", 0)),
        "series": words.number(kinds.get("series", 0)),
        "genres": words.either(words.name("genres", genre) for genre in data.genres),
    }
    return [(words.number(n), words(f"size.{name}", **named)) for name, n in told.items()]


def _json(value: Any) -> Markup:
    """JSON for a script element: no text in it can end the element or start a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - no `<` is left in it


def _own(name: str) -> Markup:
    """A file of the package, as it stands."""
    file = files("datalake.report") / name
    return Markup(file.read_text(encoding="utf-8"))  # noqa: S704 - our own file


@cache
def _library() -> Markup:
    """The chart library, in one piece."""
    bundle = vl_convert.javascript_bundle("globalThis.vegaEmbed = vegaEmbed;")
    return Markup(bundle.replace("</script", "<\\/script"))  # noqa: S704 - the library's own code
