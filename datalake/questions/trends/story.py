"""How film lengths and seasons change, in words."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from datalake.questions.trends.estimate import FEWEST_A_YEAR, MEASURES
from datalake.report.chapter import Story
from datalake.report.i18n import Translator
from datalake.report.sentences import counted, direction, figures, left_out
from datalake.schemas.table import Row

HALF = 5
"""Years with a median that a decade must have for a sentence to name it."""


def subject(name: str, translate: Translator) -> str:
    """A measure, or a period of its shape."""
    measure, *period = name.split(".")
    text = translate.name("measures", measure)
    return translate("trends.period_of", measure=text, period=period[0]) if period else text


def tell(rows: Sequence[Row], translate: Translator) -> Story:
    """The medians of the decades where the line starts, bends and ends; then each period."""
    all_genres = [row for row in rows if row["genre"] == "all"]
    trend_rows = {row["measure"]: row for row in all_genres if row["year"] is None}
    # In the question's order: the table's is by name.
    ordered = ((measure, trend_rows.get(measure)) for measure in MEASURES)
    trends = {measure: row for measure, row in ordered if row and row["trend"] is not None}
    medians = {measure: _yearly_medians(all_genres, measure) for measure in trends}
    counts = {subject(measure, translate): row["left_out"] for measure, row in trend_rows.items()}
    levels = [
        _levels(measure, trends.get(measure), medians.get(measure, {}), translate)
        for measure in MEASURES
    ]
    periods = [
        _periods(measure, trends[measure], medians[measure], translate) for measure in trends
    ]
    text = "; ".join(levels)
    counted_rows = {
        translate(f"trends.{measure}.counted"): _without_specials(row)
        for measure, row in trends.items()
    }
    return Story(
        headline=" ".join([f"{text[0].upper()}{text[1:]}.", *counted(counted_rows, translate)]),
        sure=[*periods, *(_adjusted(m, trends[m], translate) for m in _with_adjusted(trends))],
        answer=[*periods, *(_trend(m, trends.get(m), translate) for m in MEASURES)],
        left_out=left_out(counts, translate),
    )


def _without_specials(row: Row) -> Row:
    """The row with none of them left out, for they are no seasons."""
    reasons = {reason: n for reason, n in row["left_out"].items() if reason != "special"}
    return {**row, "left_out": reasons}


def _yearly_medians(rows: Sequence[Row], measure: str) -> dict[int, float]:
    """The medians that the line goes through, by year."""
    return {
        row["year"]: row["median"]
        for row in rows
        if row["measure"] == measure and row["year"] and row["n"] >= FEWEST_A_YEAR
    }


def _corners(row: Row, medians: Mapping[int, float]) -> list[int]:
    """Where the line starts, bends and ends."""
    return (
        [min(medians), *row["bends"], max(medians)] if medians and row["bends"] is not None else []
    )


def _levels(
    measure: str, row: Row | None, medians: Mapping[int, float], translate: Translator
) -> str:
    """«the median film ran 71 minutes in the 1930s, …», a part of a sentence."""
    corners = _corners(row, medians) if row else []
    if not corners:
        return translate(f"trends.{measure}.short_unknown")
    decades = dict.fromkeys(_full_decade(corner, medians) for corner in corners)
    levels = [
        translate(
            f"trends.{measure}.level",
            value=translate.number(
                median(value for year, value in medians.items() if year // 10 * 10 == decade)
            ),
            decade=translate("trends.decade", year=str(decade)),
        )
        for decade in decades
    ]
    return translate(f"trends.{measure}.levels", levels=translate.listed(levels))


def _full_decade(corner: int, medians: Mapping[int, float]) -> int:
    """The decade nearest to the year `corner`, among those with medians of half their years."""
    known = Counter(year // 10 * 10 for year in medians)
    full = [decade for decade, size in known.items() if size >= HALF] or list(known)
    return min(full, key=lambda decade: abs(decade + 4.5 - corner))


def _periods(measure: str, row: Row, medians: Mapping[int, float], translate: Translator) -> str:
    """Each straight period's change per decade."""
    corners = _corners(row, medians)
    if not corners:
        return translate(f"trends.{measure}.unknown")
    firsts = [str(corner) for corner in corners[:-1]]
    lasts = [*_bends(row, translate), str(corners[-1])]
    periods = zip(firsts, lasts, _slopes(row), strict=True)
    texts = [_period(measure, *period, translate) for period in periods]
    return translate(f"trends.{measure}.periods", periods="; ".join(texts))


def _bends(row: Row, translate: Translator) -> Iterator[str]:
    """Each bend's year with its interval."""
    for year, low, high in zip(row["bends"], row["bends_low"], row["bends_high"], strict=True):
        # Years have no thousands separator, so they are no `translate.interval`.
        interval = translate("interval", low=str(low), high=str(high))
        yield translate("trends.bend", year=str(year), interval=interval)


def _slopes(row: Row) -> Iterator[Row]:
    columns = (row["slopes"], row["slopes_low"], row["slopes_high"])
    for slope, low, high in zip(*columns, strict=True):
        yield {"slope": slope, "ci_low": low, "ci_high": high}


def _period(measure: str, first: str, last: str, slope: Row, translate: Translator) -> str:
    sign = direction(slope)
    value, low, high = _unsigned(sign, slope["slope"], slope)
    return translate(
        f"trends.{measure}.period_{sign}",
        first=first,
        last=last,
        value=translate.number(value, 1),
        interval=translate.interval(low, high, 1),
    )


def _unsigned(sign: str, value: float, row: Row) -> tuple[float, float, float]:
    """The value and its interval without the sign that the sentence says in words."""
    low, high = row["ci_low"], row["ci_high"]
    return (-value, -high, -low) if sign == "down" else (value, low, high)


def _trend(measure: str, row: Row | None, translate: Translator) -> str:
    """The overall slope."""
    if row is None:
        return translate(f"trends.{measure}.unknown")
    sign = direction(row)
    value, low, high = _unsigned(sign, row["trend"], row)
    values = figures(translate, {**row, "ci_low": low, "ci_high": high}, value, 1)
    middle = translate.number(row["median"], 0 if row["median"] % 1 == 0 else 1)
    return translate(f"trends.{measure}.{sign}", median=middle, **values)


def _with_adjusted(trends: Mapping[str, Row]) -> list[str]:
    return [m for m in MEASURES if m in trends and trends[m]["adjusted_trend"] is not None]


def _adjusted(measure: str, row: Row, translate: Translator) -> str:
    """What is left of the trend with genres and fame held constant."""
    return translate(
        f"trends.sure.{measure}",
        value=translate.number(row["adjusted_trend"], 1),
        interval=translate.interval(row["adjusted_low"], row["adjusted_high"], 1),
    )
