"""Whether films that cost more draw more attention, in words."""

from collections.abc import Sequence

from datalake.questions.popularity_cost.estimate import MEASURES
from datalake.report.chapter import Story
from datalake.report.i18n import Translator
from datalake.report.sentences import direction, figures, left_out, strength
from datalake.schemas.table import Row

_FIRST = "tmdb_popularity"


def subject(name: str, translate: Translator) -> str:
    """A measure."""
    return translate.name("measures", name)


def tell(rows: Sequence[Row], translate: Translator) -> Story:
    """One sentence a measure over all films, and one over the genres."""
    of_all_years = [row for row in rows if row["decade"] is None]
    over_all = {row["measure"]: row for row in of_all_years if row["genre"] == "all"}
    relations = [relation(measure, over_all.get(measure), translate) for measure in MEASURES]
    counts = {subject(measure, translate): row["left_out"] for measure, row in over_all.items()}
    return Story(
        headline=relations[0],
        sure=_how_sure(over_all.get(_FIRST), translate),
        answer=[*relations, *_by_genre(of_all_years, translate)],
        left_out=left_out(counts, translate),
    )


def relation(measure: str, row: Row | None, translate: Translator) -> str:
    """The direction and strength of one correlation, as far as its interval carries them."""
    key = f"popularity_cost.{measure}"
    if row is None or row["rho"] is None:
        return translate(f"{key}.unknown", n=translate.number(row["n"] if row else 0))
    return translate(
        f"{key}.{direction(row)}",
        strength=strength(row["ci_low"], row["ci_high"], translate),
        **figures(translate, row, row["rho"], 2),
    )


def _by_genre(rows: Sequence[Row], translate: Translator) -> list[str]:
    genres = [
        translate(
            "popularity_cost.genre",
            genre=translate.name("genres", row["genre"]),
            **figures(translate, row, row["rho"], 2),
        )
        for row in rows
        if row["genre"] != "all" and row["measure"] == _FIRST and row["rho"] is not None
    ]
    return [translate("popularity_cost.genres", genres=translate.listed(genres))] if genres else []


def _how_sure(row: Row | None, translate: Translator) -> list[str]:
    """Of TMDB's popularity over all films."""
    if row is None or row["rho"] is None:
        return []
    clear = translate("sure.unsure" if direction(row) == "none" else "sure.sure")
    if row["adjusted"] is None:
        return [clear]
    adjusted = translate(
        f"popularity_cost.sure.{row['adjusted_for']}",
        value=translate.number(row["adjusted"], 2),
        interval=translate.interval(row["adjusted_low"], row["adjusted_high"], 2),
    )
    return [clear, adjusted]
