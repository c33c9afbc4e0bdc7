"""A question in one language: its answer, how sure it is, other ways, who is left out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from datalake.report.chapter import Chapter
from datalake.report.data import PageData
from datalake.report.grids import Grid, sensitivity_grid
from datalake.report.i18n import Translator
from datalake.report.sentences import ANSWERED, many_looks, other_ways
from datalake.schemas.table import Row


@dataclass(frozen=True)
class Section:
    """A question in one language; `headline` and `sure` stand at the top of the page."""

    id: str
    question: str
    headline: str
    answer: Sequence[str]
    sure: Sequence[str] = ()
    caveats: Sequence[str] = ()
    left_out: Sequence[str] = ()
    sensitivity: Grid | None = None


def is_unanswered(chapter: Chapter, data: PageData) -> bool:
    """Whether the chapter needs what only TMDB has, and the lake has nothing from there."""
    return chapter.needs_tmdb and not data.has_tmdb


def write_section(chapter: Chapter, data: PageData, translate: Translator) -> Section:
    """The chapter's section, from its table's rows and their variants."""
    question = translate(f"{chapter.name}.question")
    if is_unanswered(chapter, data):
        missing = [translate(f"{chapter.name}.without_tmdb"), translate("how_to_ask_tmdb")]
        return Section(chapter.id, question, " ".join(missing), answer=missing)
    story = chapter.tell(data.answers[chapter.table], translate)
    rows = [row for row in data.answers["sensitivity"] if row["question"] == chapter.id]
    variants = _ordered(rows)
    caption = f"{question} {translate('sensitivity')}"
    return Section(
        id=chapter.id,
        question=question,
        headline=story.headline,
        sure=[*story.sure, *many_looks(variants, translate), *other_ways(variants, translate)],
        answer=story.answer,
        caveats=[*translate.all(f"{chapter.name}.caveats"), *story.caveats],
        left_out=story.left_out,
        sensitivity=sensitivity_grid(caption, chapter.subject, variants, translate)
        if variants
        else None,
    )


def _ordered(variants: Sequence[Row]) -> list[Row]:
    """The subject with most variants first; of each, the answer before the other ways."""
    sizes = Counter(row["subject"] for row in variants)

    def place(row: Row) -> tuple[int, str, int]:
        variant = row["variant"]
        rank = ANSWERED.index(variant) if variant in ANSWERED else len(ANSWERED)
        return -sizes[row["subject"]], row["subject"], rank

    return sorted(variants, key=place)
