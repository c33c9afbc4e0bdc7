"""Whether bigger-budget films draw more attention, in words."""

from collections.abc import Mapping, Sequence

from datalake.questions.popularity_cost.estimate import MEASURES
from datalake.report.chapter import Story
from datalake.report.i18n import Translator
from datalake.report.sentences import direction, figures, left_out, population_size, strength
from datalake.schemas.table import Row

_HEADLINE_MEASURE = "tmdb_popularity"
_MIN_FILMS = 30
"""Films that a decade must have for a sentence to name it."""

_MUCH_MORE = 1.2
"""Medians nearer than this, one over the other, are called the same."""


def subject(name: str, translate: Translator) -> str:
    """A measure, the change by decade, or a genre."""
    if name in MEASURES:
        return translate.name("measures", name)
    if name == "per_decade":
        return translate("subjects.per_decade")
    return translate("subjects.genre", genre=translate.name("genres", name))


def tell(rows: Sequence[Row], translate: Translator) -> Story:
    """Popularity in plain figures and at equal fame first; then each measure, decades, genres."""
    of_all_years = [row for row in rows if row["decade"] is None]
    over_all = {row["measure"]: row for row in of_all_years if row["genre"] == "all"}
    first = over_all.get(_HEADLINE_MEASURE)
    relations = [relation(measure, over_all.get(measure), translate) for measure in MEASURES]
    counts = {subject(measure, translate): row["left_out"] for measure, row in over_all.items()}
    plain_figures = _plain_figures(first, translate)
    return Story(
        headline=" ".join([*plain_figures, *_equal_fame(first, translate)] or relations[:1]),
        sure=_how_sure(first, translate),
        answer=[
            *plain_figures,
            *_without_budget(first, translate),
            *relations,
            *_by_decade(rows, translate),
            *_by_genre(of_all_years, translate),
        ],
        left_out=left_out(counts, translate),
    )


def relation(measure: str, row: Row | None, translate: Translator) -> str:
    """The direction and strength of one correlation, as its interval supports them."""
    key = f"popularity_cost.{measure}"
    if row is None or row["rho"] is None:
        return translate(f"{key}.unknown", n=translate.number(row["n"] if row else 0))
    lost = row["lost"] if measure == "return" else None
    return translate(
        f"{key}.{direction(row)}",
        strength=strength(row["ci_low"], row["ci_high"], translate),
        lost="" if lost is None else translate.percent(lost),
        **figures(translate, row, row["rho"], 2),
    )


def _plain_figures(row: Row | None, translate: Translator) -> list[str]:
    """How many films count, and the medians of the cheapest and the dearest quarter."""
    if row is None or row["cheapest_median"] is None:
        return []
    films = population_size(row)
    ends = {name: translate.number(row[f"{name}_median"], 1) for name in ("cheapest", "dearest")}
    counts = {"n": translate.number(row["n"]), "all": translate.number(films)}
    return [
        translate("popularity_cost.known", **counts, share=translate.percent(row["n"] / films)),
        translate("popularity_cost.quarters", **ends),
    ]


def _equal_fame(row: Row | None, translate: Translator) -> list[str]:
    if row is None or row["adjusted"] is None:
        return []
    low, high = row["adjusted_low"], row["adjusted_high"]
    return [
        translate(
            f"popularity_cost.equal_fame.{direction({'ci_low': low, 'ci_high': high})}",
            strength=strength(low, high, translate),
            value=translate.number(row["adjusted"], 2),
            interval=translate.interval(low, high, 2),
        )
    ]


def _without_budget(row: Row | None, translate: Translator) -> list[str]:
    votes = row and {"with": row["votes_with_budget"], "without": row["votes_without"]}
    if not votes or None in votes.values():
        return []
    counts = {name: translate.number(value) for name, value in votes.items()}
    more, fewer = (
        votes[a] > _MUCH_MORE * votes[b] for a, b in (("with", "without"), ("without", "with"))
    )
    compared = "more" if more else "fewer" if fewer else "same"
    return [translate(f"popularity_cost.missing_{compared}", **counts)]


def _by_decade(rows: Sequence[Row], translate: Translator) -> list[str]:
    headline_rows = [
        row for row in rows if row["measure"] == _HEADLINE_MEASURE and row["genre"] == "all"
    ]
    change = next(
        (_interval_of(row, "per_decade") for row in headline_rows if not row["decade"]), None
    )
    decades = [row for row in headline_rows if row["decade"] and row["n"] >= _MIN_FILMS]
    known = sorted((row for row in decades if row["rho"] is not None), key=_decade)
    if change is None or len(known) < 2:
        return []
    ends = {"first": known[0], "last": known[-1]}
    names = {
        f"{end}_decade": translate("popularity_cost.by_decade.decade", year=str(row["decade"]))
        for end, row in ends.items()
    }
    rhos = {end: translate.number(row["rho"], 2) for end, row in ends.items()}
    return [translate(f"popularity_cost.by_decade.{direction(change)}", **rhos, **names)]


def _decade(row: Row) -> int:
    return int(row["decade"])


def _interval_of(row: Row, name: str) -> Mapping[str, float] | None:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return None if low is None else {"ci_low": low, "ci_high": high}


def _by_genre(rows: Sequence[Row], translate: Translator) -> list[str]:
    genres = []
    for row in rows:
        if row["genre"] == "all" or row["measure"] != _HEADLINE_MEASURE or row["rho"] is None:
            continue
        lead = _interval_of(row, "over_others")
        genres.append(
            translate(
                "popularity_cost.genre",
                genre=translate.name("genres", row["genre"]),
                verdict=translate(
                    f"popularity_cost.differs.{direction(lead) if lead else 'unknown'}"
                ),
                **figures(translate, row, row["rho"], 2),
            )
        )
    text = "; ".join(genres)
    return [translate("popularity_cost.genres", genres=text)] if genres else []


def _how_sure(row: Row | None, translate: Translator) -> list[str]:
    """Of TMDB's popularity over all films: the plain figure beside the one at equal fame."""
    if row is None or row["rho"] is None:
        return []
    clear = translate("sure.unsure" if direction(row) == "none" else "sure.sure")
    return [relation(_HEADLINE_MEASURE, row, translate), clear]
