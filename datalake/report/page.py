"""The page: one HTML file that carries its charts' code and asks the network for nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Any

import vl_convert
from jinja2 import ChoiceLoader, Environment, FunctionLoader, PackageLoader, StrictUndefined
from markupsafe import Markup

from datalake.core.options import LANGUAGES
from datalake.report import grids
from datalake.report.chapter import Chapter, Figure
from datalake.report.coverage import COVERAGE
from datalake.report.data import PageData
from datalake.report.grids import Grid
from datalake.report.i18n import Translator
from datalake.report.script import pack, page_script, to_json
from datalake.report.sections import Section, is_unanswered, write_section
from datalake.report.static_charts import draw_static_charts

_MAKING_LIBRARY = Lock()


@dataclass(frozen=True)
class Edition:
    """The page's content in one language; `size`: figures of the lake and what they count."""

    translate: Translator
    title: str
    genres: str
    either: str
    size: Sequence[tuple[str, str]]
    sources: Sequence[str]
    sections: Sequence[Section]
    tables: Sequence[Grid]

    @property
    def source(self) -> str:
        """Where the figures' data come from, and of which days."""
        return self.translate("under.source", sources=self.translate.listed(self.sources))


def render(data: PageData, chapters: Sequence[Chapter], language: str) -> str:
    """The page in both languages, showing `language` first; `SettingsError` for an unknown one."""
    folders = [chapter.folder for chapter in chapters]
    first = Translator(language, folders)
    editions = [_edition(data, chapters, Translator(code, folders)) for code in LANGUAGES]
    drawn = [chapter for chapter in chapters if not is_unanswered(chapter, data)]
    figures = [*(figure for chapter in drawn for figure in chapter.figures), COVERAGE]
    texts = {edition.translate.language: _texts(edition, figures, data) for edition in editions}
    return (
        _environment(chapters)
        .get_template("page.html")
        .render(
            first=first,
            editions=editions,
            data=data,
            chapters=chapters,
            drawn=drawn,
            coverage=COVERAGE,
            static_charts=draw_static_charts(figures, texts[language]["specs"], data, first),
            texts=to_json(texts),
            facts=to_json(_facts(data, language)),
            lake=pack(data.chart_data),
            style=_style(),
            library=chart_library(),
            script=page_script(drawn),
        )
    )


def headlines(data: PageData, chapters: Sequence[Chapter], language: str) -> list[str]:
    """Each question's answer in a sentence, as at the top of the page."""
    translate = Translator(language, [chapter.folder for chapter in chapters])
    return [write_section(chapter, data, translate).headline for chapter in chapters]


def _environment(chapters: Sequence[Chapter]) -> Environment:
    """Templates of the page, and under a chapter's name those of its folder."""
    folders = {chapter.name: chapter.folder for chapter in chapters}

    def of_chapter(template: str) -> str | None:
        chapter, _, name = template.partition("/")
        return (folders[chapter] / name).read_text(encoding="utf-8") if name else None

    return Environment(
        loader=ChoiceLoader([PackageLoader("datalake.report"), FunctionLoader(of_chapter)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _facts(data: PageData, language: str) -> dict[str, Any]:
    """What the page's script takes of the lake as a whole.

    A page made in the first language shows the reader's own, if it has that.
    """
    return {
        "genres": data.genres,
        "made_up": data.made_up,
        "steps": data.steps,
        "version": data.version,
        "follows_reader": language == LANGUAGES[0],
        "shown_steps": data.shown_steps,
    }


def _texts(edition: Edition, figures: Sequence[Figure], data: PageData) -> dict[str, Any]:
    """What the page's script says and draws in one language."""
    return {
        "catalogue": edition.translate.catalogue,
        "format": edition.translate.chart_format(),
        "title": edition.title,
        "specs": {figure.name: figure.spec(data.genres, edition.translate) for figure in figures},
    }


def _edition(data: PageData, chapters: Sequence[Chapter], translate: Translator) -> Edition:
    counts = [{"table": name, "rows": rows} for name, rows in data.row_counts.items()]
    tables = {
        "reconciliation": (grids.RECONCILIATION, data.reconciliation),
        "quarantine": (grids.QUARANTINE, data.quarantine),
        **({"coverage": (grids.COVERAGE, data.coverage)} if data.has_tmdb else {}),
        "row_counts": (grids.ROW_COUNTS, counts),
    }
    days = {"imdb": data.load_date}
    if data.has_tmdb:
        days["tmdb"] = data.tmdb_fetched_at.date() if data.tmdb_fetched_at else None
    names = [translate.name("genres", genre) for genre in data.genres]
    genres, questions = translate.listed(names), translate.name("numbers", str(len(chapters)))
    return Edition(
        translate=translate,
        title=translate(
            "title" if data.has_tmdb else "title_without_tmdb", genres=genres, questions=questions
        ),
        genres=genres,
        either=translate.either(names),
        size=_size(data, translate),
        sources=[translate("under.made_up")]
        if data.made_up
        else [translate(f"under.{site}", day=translate.day(day)) for site, day in days.items()],
        sections=[write_section(chapter, data, translate) for chapter in chapters],
        tables=[
            grids.fill_grid(translate(f"quality.{name}"), columns, rows, translate)
            for name, (columns, rows) in tables.items()
        ],
    )


def _size(data: PageData, translate: Translator) -> list[tuple[str, str]]:
    """How large the lake is: titles, those in scope, those known on TMDB, source rows."""
    kinds = {row["kind"]: row["titles"] for row in data.steps}
    counts = {
        "titles": sum(kinds.values()),
        "in_scope": sum(row["in_scope"] for row in data.steps),
        **({"found": sum(row["found"] for row in data.steps)} if data.has_tmdb else {}),
        "source_rows": sum(row["raw_rows"] for row in data.reconciliation),
    }
    values = {
        "films": translate.number(kinds.get("movie", 0)),
        "series": translate.number(kinds.get("series", 0)),
        "genres": translate.either(translate.name("genres", genre) for genre in data.genres),
    }
    return [
        (translate.number(n), translate(f"size.{name}", **values)) for name, n in counts.items()
    ]


def _style() -> Markup:
    text = (files("datalake.report") / "templates" / "style.css").read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - our own file


def chart_library() -> Markup:
    """The chart library, in one piece; who asks while another thread makes it, waits."""
    with _MAKING_LIBRARY:
        return _make_library()


@cache
def _make_library() -> Markup:
    bundle = vl_convert.javascript_bundle("globalThis.vegaEmbed = vegaEmbed;")
    return Markup(bundle.replace("</script", "<\\/script"))  # noqa: S704 - the library's own code
