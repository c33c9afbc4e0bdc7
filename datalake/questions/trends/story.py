"""How film lengths and seasons change, in words."""

from collections.abc import Mapping, Sequence

from datalake.questions.trends.estimate import MEASURES
from datalake.report.chapter import Story
from datalake.report.i18n import Translator
from datalake.report.sentences import direction, figures, left_out
from datalake.schemas.table import Row


def subject(name: str, translate: Translator) -> str:
    """A measure."""
    return translate.name("measures", name)


def tell(rows: Sequence[Row], translate: Translator) -> Story:
    """One sentence a measure."""
    over_all = {
        row["measure"]: row for row in rows if row["genre"] == "all" and row["year"] is None
    }
    trends = {measure: row for measure, row in over_all.items() if row["trend"] is not None}
    counts = {subject(measure, translate): row["left_out"] for measure, row in over_all.items()}
    return Story(
        headline=_headline(trends, translate),
        sure=[
            _adjusted(measure, trends[measure], translate)
            for measure in MEASURES
            if measure in trends and trends[measure]["adjusted_trend"] is not None
        ],
        answer=[_trend(measure, "", trends.get(measure), translate) for measure in MEASURES],
        left_out=left_out(counts, translate),
    )


def _headline(trends: Mapping[str, Row], translate: Translator) -> str:
    """All measures in one sentence."""
    parts = (_trend(measure, "short_", trends.get(measure), translate) for measure in MEASURES)
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _trend(measure: str, form: str, row: Row | None, translate: Translator) -> str:
    """One sentence, or, in the form `short_`, a part of one."""
    if row is None:
        return translate(f"trends.{measure}.{form}unknown")
    where = direction(row)
    low, high = row["ci_low"], row["ci_high"]
    if where == "down":
        # The sentence says «shorter by», so its figures are positive.
        low, high = -high, -low
    value = row["trend"] if where == "none" else abs(row["trend"])
    values = figures(translate, {**row, "ci_low": low, "ci_high": high}, value, 2)
    median = translate.number(row["median"], 0 if row["median"] % 1 == 0 else 1)
    return translate(f"trends.{measure}.{form}{where}", median=median, **values)


def _adjusted(measure: str, row: Row, translate: Translator) -> str:
    """What is left of the trend with genres and fame held constant."""
    return translate(
        f"trends.sure.{measure}",
        value=translate.number(row["adjusted_trend"], 2),
        interval=translate.interval(row["adjusted_low"], row["adjusted_high"], 2),
    )
