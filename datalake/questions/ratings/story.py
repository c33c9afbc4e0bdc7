"""Which rating tells more of success, in words."""

from collections.abc import Sequence

from datalake.questions.ratings.estimate import OUTCOMES
from datalake.report.chapter import Story
from datalake.report.i18n import Translator
from datalake.report.sentences import left_out
from datalake.schemas.table import Row

_VERDICTS = ("imdb", "tmdb", "no_difference", None)


def subject(name: str, translate: Translator) -> str:
    """A kind of title and its outcome."""
    kind, outcome = name.split(".")
    return f"{translate.name('kinds', kind)}: {translate.name('outcomes', outcome)}"


def tell(rows: Sequence[Row], translate: Translator) -> Story:
    """One sentence a kind of title."""
    headlines = [row for row in rows if row["genre"] == "all" and row["decade"] is None]
    counts = {_label(row, translate): row["left_out"] for row in headlines}
    return Story(
        headline=" ".join(_verdicts(headlines, "ratings.outcome_in_short", translate)),
        sure=_how_sure(headlines, translate),
        answer=_verdicts(headlines, "ratings.outcome", translate),
        left_out=left_out(counts, translate),
    )


def _label(row: Row, translate: Translator) -> str:
    return f"{translate.name('kinds', row['kind'])}, {translate.name('outcomes', row['outcome'])}"


def _verdicts(rows: Sequence[Row], key: str, translate: Translator) -> list[str]:
    """One sentence a kind; `key` is the text of one outcome."""
    return [
        _of_kind(kind, [r for r in rows if r["kind"] == kind], key, translate) for kind in OUTCOMES
    ]


def _of_kind(kind: str, rows: Sequence[Row], key: str, translate: Translator) -> str:
    parts = []
    for verdict in _VERDICTS:
        agreeing = [row for row in rows if row["verdict"] == verdict]
        if agreeing:
            outcomes = translate.listed(_outcome(row, key, translate) for row in agreeing)
            parts.append(translate(f"ratings.{verdict or 'unknown'}", outcomes=outcomes))
    verdicts = "; ".join(parts) or translate("ratings.nothing")
    return translate(f"ratings.{kind}", verdicts=verdicts)


def _outcome(row: Row, key: str, translate: Translator) -> str:
    name = translate.name("outcomes", row["outcome"])
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
