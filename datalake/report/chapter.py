"""What a question hands to the page: its figures, its story, its texts and its script."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from datalake.report.data import PageData
from datalake.report.i18n import Translator
from datalake.schemas.table import Row

Spec = dict[str, Any]
"""A chart, as Vega-Lite without data."""


@dataclass(frozen=True)
class Figure:
    """A chart with its table; the page's script registers what it shows under the same name.

    `controls` names a template in the question's folder: choices that act on this figure alone.
    `static_rows` gives what the chart draws of all titles, where no script computes it.
    """

    name: str
    spec: Callable[[Sequence[str], Translator], Spec]
    controls: str | None = None
    static_rows: Callable[[PageData, Translator], Sequence[Row]] = lambda data, translate: ()


@dataclass(frozen=True)
class Story:
    """An answer in sentences; `headline` and `sure` stand at the top of the page.

    `caveats` come after those of the catalogue, and `left_out` names who doesn't count, and why.
    """

    headline: str
    sure: Sequence[str]
    answer: Sequence[str]
    left_out: Sequence[str]
    caveats: Sequence[str] = ()


@dataclass(frozen=True)
class Chapter:
    """A question's place on the page.

    `id` marks it in the page and in the table of sensitivity, `name` in the catalogue. `tell` makes
    the story of the rows of `table`; `subject` names what a row of sensitivity is about. `folder`
    holds `page.js`, which reads `constants`, and a catalogue a language. One that `needs_tmdb` says
    what is missing in a lake with nothing from TMDB, and shows no figures. `original` is how the
    question was first asked, in Portuguese.
    """

    id: str
    name: str
    table: str
    folder: Traversable
    figures: Sequence[Figure]
    constants: Mapping[str, Any]
    tell: Callable[[Sequence[Row], Translator], Story]
    subject: Callable[[str, Translator], str]
    needs_tmdb: bool = False
    original: str = ""
