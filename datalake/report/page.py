"""The page: one HTML file that carries its charts' code and asks the network for nothing."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from datalake.report import grids
from datalake.report.data import PageData
from datalake.report.sections import Section, sections
from datalake.report.words import Words


def render(data: PageData, language: str) -> str:
    """The page in `language`, `en` or `pt-BR`; `SettingsError` for another."""
    words = Words(language)
    questions = sections(data, words)
    environment = Environment(
        loader=PackageLoader("datalake.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html").render(
        words=words,
        data=data,
        sections=questions,
        genres=words.listed(words.name("genres", genre) for genre in data.genres),
        reconciliation=grids.grid(
            "run.reconciliation", grids.RECONCILIATION, data.reconciliation, words
        ),
        charts=_json({"format": words.chart_format(), "specs": _specs(questions)}),
        style=_unescaped("style.css"),
        script=_script(),
    )


def _specs(questions: list[Section]) -> dict[str, Any]:
    return {figure.id: figure.spec for section in questions for figure in section.figures}


def _json(value: object) -> Markup:
    """JSON for a script element: no text in it can end the element or start a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - no `<` is left in it


def _unescaped(name: str) -> Markup:
    """A file of our own templates, as it stands."""
    file = files("datalake.report") / "templates" / name
    return Markup(file.read_text(encoding="utf-8"))  # noqa: S704 - our own file


@cache
def _script() -> Markup:
    """The page's script with the chart library, in one piece."""
    bundle = vl_convert.javascript_bundle(str(_unescaped("page.js")))
    return Markup(bundle.replace("</script", "<\\/script"))  # noqa: S704 - the library's own code
