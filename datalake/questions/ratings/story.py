"""What ratings tell of success, in words."""

from collections.abc import Callable, Sequence
from statistics import median

from datalake.questions.ratings.estimate import OUTCOMES
from datalake.report.chapter import Story
from datalake.report.i18n import Translator
from datalake.report.sentences import left_out, population_size
from datalake.schemas.table import Row

_VERDICTS = ("imdb", "tmdb", "no_difference", "neither", None)

_STRONG_SKILL = 0.25
"""A skill above this is called strong: it explains over a quarter of the variance."""


def subject(name: str, translate: Translator) -> str:
    """A kind of title and its outcome, and whether it is about what both ratings foretell."""
    kind, outcome, *skill = name.split(".")
    text = f"{translate.name('kinds', kind)}: {translate.name('outcomes', outcome)}"
    return f"{text}, {translate('columns.skill')}" if skill else text


def tell(rows: Sequence[Row], translate: Translator) -> Story:
    """How well ratings predict first, then which is closer, then plain figures."""
    headlines = [row for row in rows if row["genre"] == "all" and row["decade"] is None]
    counts = {_label(row, translate): row["left_out"] for row in headlines}
    films = [row for row in headlines if row["kind"] == "movie"]
    gains = _gains(films, translate)
    verdicts = _verdicts(headlines, "ratings.outcome", translate)
    predictions, longevity = _predictions(films, translate), _longevity(headlines, translate)
    return Story(
        headline=" ".join([*predictions, *gains, *longevity])
        or " ".join(_verdicts(headlines, "ratings.outcome_in_short", translate)),
        sure=[
            *_verdicts(headlines, "ratings.outcome_in_short", translate),
            *_how_sure(headlines, translate),
        ],
        answer=[
            *_skills(headlines, translate),
            *gains,
            *_quarters(headlines, translate),
            *longevity,
            translate("ratings.no_longevity"),
            *verdicts,
        ],
        left_out=left_out(counts, translate),
    )


def _label(row: Row, translate: Translator) -> str:
    return f"{translate.name('kinds', row['kind'])}, {translate.name('outcomes', row['outcome'])}"


def _predictions(rows: Sequence[Row], translate: Translator) -> list[str]:
    """How well both ratings together predict, in one sentence."""
    known = [row for row in rows if row["skill_both"] is not None]
    if not known:
        return []
    strong = [row for row in known if row["skill_both"] > _STRONG_SKILL]
    shares = [
        translate(
            "ratings.share",
            share=translate.percent(max(row["skill_both"], 0)),
            outcome=translate.name("outcomes", row["outcome"]),
            n=translate.number(row["n"]),
            all=translate.number(population_size(row)),
        )
        for row in known
    ]
    claim = translate(
        "ratings.strong" if strong else "ratings.weak", outcomes=_outcomes(strong, translate)
    )
    return [translate("ratings.foretells", claim=claim, shares=translate.listed(shares))]


def _skills(rows: Sequence[Row], translate: Translator) -> list[str]:
    """Each rating's skill and both ratings', outcome by outcome."""
    parts = [
        translate(
            "ratings.skill",
            outcome=translate.name("outcomes", row["outcome"]),
            **{
                site: _percent(row[f"skill_{site}"], translate) for site in ("imdb", "tmdb", "both")
            },
            interval=translate(
                "interval",
                low=_percent(row["skill_low"], translate),
                high=_percent(row["skill_high"], translate),
            ),
        )
        for row in rows
        if row["skill_both"] is not None
    ]
    if not parts:
        return [translate("ratings.no_skill")]
    return [translate("ratings.skills", skills="; ".join(parts))]


def _percent(share: float, translate: Translator) -> str:
    """With one decimal, for skills are small, and may be below 0."""
    return translate("percent", n=translate.number(100 * share, 1))


def _gains(rows: Sequence[Row], translate: Translator) -> list[str]:
    """For which outcomes the second rating adds anything."""
    known = [row for row in rows if row["gain_low"] is not None and row["ratings_alike"]]
    if not known:
        return []
    gaining = [row for row in known if row["gain_low"] > 0]
    not_gaining = [row for row in known if row not in gaining]
    key = "gains_some" if gaining and not_gaining else "gains_all" if gaining else "gains"
    return [
        translate(
            f"ratings.{key}",
            alike=translate.number(median(row["ratings_alike"] for row in known), 2),
            something=_outcomes(gaining, translate) if not_gaining else translate("ratings.every"),
            nothing=_outcomes(not_gaining, translate) if gaining else translate("ratings.any"),
        )
    ]


def _outcomes(rows: Sequence[Row], translate: Translator) -> str:
    return translate.listed(translate.name("outcomes_in_text", row["outcome"]) for row in rows)


def _quarters(rows: Sequence[Row], translate: Translator) -> list[str]:
    """Films' success in its own units, of the best-rated and the worst-rated."""
    figures = _quarter_figures(
        rows, ("return", "popularity"), lambda value: translate.number(value, 1)
    )
    return [translate("ratings.quarters", **figures)] if figures else []


def _longevity(rows: Sequence[Row], translate: Translator) -> list[str]:
    """How many of the best-rated and the worst-rated series run long."""
    figures = _quarter_figures(rows, ("longevity",), translate.percent)
    if not figures:
        return []
    (row,) = (row for row in rows if row["outcome"] == "longevity")
    return [
        translate(
            "ratings.longevity",
            best=figures["best_longevity"],
            worst=figures["worst_longevity"],
            n=translate.number(row["n"]),
            all=translate.number(population_size(row)),
        )
    ]


def _quarter_figures(
    rows: Sequence[Row], outcomes: Sequence[str], text: Callable[[float], str]
) -> dict[str, str]:
    """Both quarters' figures of these outcomes; empty unless all are known."""
    by_outcome = {row["outcome"]: row for row in rows}
    figures = {
        f"{end}_{outcome}": by_outcome[outcome][f"{end}_quarter"]
        for outcome in outcomes
        for end in ("best", "worst")
        if outcome in by_outcome
    }
    if not figures or None in figures.values() or len(figures) < 2 * len(outcomes):
        return {}
    return {name: text(value) for name, value in figures.items()}


def _verdicts(rows: Sequence[Row], key: str, translate: Translator) -> list[str]:
    """One sentence a kind; `key` is the text of one outcome."""
    return [
        _verdicts_of_kind(kind, [r for r in rows if r["kind"] == kind], key, translate)
        for kind in OUTCOMES
    ]


def _verdicts_of_kind(kind: str, rows: Sequence[Row], key: str, translate: Translator) -> str:
    parts = []
    for verdict in _VERDICTS:
        agreeing = [row for row in rows if row["verdict"] == verdict]
        if agreeing:
            outcomes = translate.listed(_outcome(row, key, translate) for row in agreeing)
            parts.append(translate(f"ratings.{verdict or 'unknown'}", outcomes=outcomes))
    verdicts = "; ".join(parts) or translate("ratings.nothing")
    return translate(f"ratings.{kind}", verdicts=verdicts)


def _outcome(row: Row, key: str, translate: Translator) -> str:
    name = translate.name("outcomes_in_text", row["outcome"])
    if not row["verdict"]:
        return name
    return translate(
        key,
        outcome=name,
        imdb=translate.number(row["rho_imdb"], 2),
        tmdb=translate.number(row["rho_tmdb"], 2),
        n=translate.number(row["n"]),
    )


def _how_sure(rows: Sequence[Row], translate: Translator) -> list[str]:
    """For how many outcomes the verdict stays the same among equally famous titles."""
    rows_with_both = [row for row in rows if row["verdict"] and row["adjusted_verdict"]]
    if not rows_with_both:
        return []
    agreeing = sum(row["verdict"] == row["adjusted_verdict"] for row in rows_with_both)
    return [
        translate(
            "ratings.sure",
            same=translate.number(agreeing),
            all=translate.number(len(rows_with_both)),
        )
    ]
