"""Who is rising, in words; and where no two loads can be compared, when that can be told."""

from collections.abc import Sequence
from datetime import date, timedelta

from datalake.questions.loads import SPANS
from datalake.questions.rising.rise import KINDS, RATINGS
from datalake.report.chapter import Story
from datalake.report.i18n import Translator
from datalake.report.sentences import direction, left_out
from datalake.schemas.table import Row

_NAMED = 3
_VOTES = "imdb_votes"


def subject(name: str, translate: Translator) -> str:
    """A kind of title and the measure in which it grew."""
    kind, measure = name.split(".")
    return f"{translate.name('kinds', kind)}: {translate(f'rising.foretold.{measure}')}"


def tell(rows: Sequence[Row], translate: Translator) -> Story:
    """Votes over the answer's own span first, then all else."""
    spans = (span for span in SPANS if any(_is_of(row, span) and row["since"] for row in rows))
    span = next(spans, None)
    if span is None:
        return _not_yet([row["until"] for row in rows if row["until"]], translate)
    of_span = [row for row in rows if _is_of(row, span)]
    over_all = [row for row in of_span if row["genre"] == "all"]
    firsts = [row for row in over_all if row["place"] in (None, 1)]
    votes = [row for row in firsts if row["measure"] == _VOTES]
    if not any(row["n"] for row in firsts):
        return _not_comparable(votes[0], translate)
    headline = [_between(votes[0], translate), *(_first(row, translate) for row in votes)]
    return Story(
        headline=" ".join(headline),
        sure=[_certain(row, translate) for row in votes if row["place"]],
        answer=[
            translate("rising.compared", **_days(votes[0], translate)),
            *(_list(over_all, kind, measure, translate) for measure in RATINGS for kind in KINDS),
            *_genres(of_span, translate),
            *_foretold(firsts, translate),
            *_comings_and_goings(votes, translate),
        ],
        left_out=left_out({_label(row, translate): row["left_out"] for row in firsts}, translate),
    )


def _is_of(row: Row, span: int) -> bool:
    return bool(row["span"] == span)


def _not_yet(days: Sequence[date], translate: Translator) -> Story:
    if not days:
        text = translate("rising.no_load")
    else:
        newest = max(days)
        soonest = (newest + timedelta(days=-(-span // 2)) for span in (min(SPANS), SPANS[0]))
        week, month = map(translate.day, soonest)
        text = translate("rising.one_load", newest=translate.day(newest), week=week, month=month)
    return Story(headline=text, sure=[], answer=[text], left_out=[])


def _not_comparable(row: Row, translate: Translator) -> Story:
    text = translate("rising.same_files", **_days(row, translate))
    return Story(headline=text, sure=[], answer=[text], left_out=[])


def _days(row: Row, translate: Translator) -> dict[str, str]:
    return {"since": translate.day(row["since"]), "until": translate.day(row["until"])}


def _between(row: Row, translate: Translator) -> str:
    return translate("rising.between", **_days(row, translate))


def _label(row: Row, translate: Translator) -> str:
    measure = translate(f"rising.measures.{row['measure']}")
    return f"{translate.name('kinds', row['kind'])}, {measure}"


def _first(row: Row, translate: Translator) -> str:
    """Which title of a kind rose most, if any certainly did."""
    if row["place"] is None:
        return translate(f"rising.{row['kind']}.few", n=translate.number(row["n"]))
    if not row["is_rising"]:
        return translate(f"rising.{row['kind']}.none", n=translate.number(row["n"]))
    return translate(f"rising.{row['kind']}.first", **_figures(row, translate))


def _figures(row: Row, translate: Translator) -> dict[str, str]:
    return {
        "title": row["title"],
        "per_day": _rate(row["per_day"], translate),
        "expected": _rate(row["expected_per_day"], translate),
        "excess": translate.number(row["excess"], 1),
        "interval": translate.interval(row["ci_low"], row["ci_high"], 1),
    }


def _rate(per_day: float, translate: Translator) -> str:
    return translate.number(per_day, 1 if abs(per_day) >= 1 else 2)


def _certain(row: Row, translate: Translator) -> str:
    counts = {"rising": translate.number(row["rising"]), "n": translate.number(row["n"])}
    return translate(f"rising.{row['kind']}.certain", **counts)


def _list(rows: Sequence[Row], kind: str, measure: str, translate: Translator) -> str:
    """The first titles of a kind by one measure."""
    listed = [row for row in rows if row["kind"] == kind and row["measure"] == measure]
    label = _label(listed[0], translate)
    certain = [row for row in listed if row["is_rising"]][:_NAMED]
    if not certain:
        key = "list_none" if listed[0]["place"] else "list_few" if listed[0]["n"] else "list_nobody"
        return translate(f"rising.{key}", label=label, n=translate.number(listed[0]["n"]))
    titles = [translate(f"rising.{measure}.listed", **_figures(row, translate)) for row in certain]
    return translate("rising.list", label=label, titles="; ".join(titles))


def _genres(rows: Sequence[Row], translate: Translator) -> list[str]:
    """How many of a genre's titles are among the tenth that gained most votes."""
    shares = [
        translate(
            "rising.genre_share",
            kind=translate.name("kinds", row["kind"]),
            genre=translate.name("genres", row["genre"]),
            share=translate.percent(row["top_share"]),
            low=translate.percent(row["top_low"]),
            high=translate.percent(row["top_high"]),
        )
        for row in rows
        if row["measure"] == _VOTES and row["place"] in (None, 1) and row["top_share"] is not None
    ]
    return [translate("rising.genres", shares="; ".join(shares))] if shares else []


def _foretold(rows: Sequence[Row], translate: Translator) -> list[str]:
    """Whether the rating of then went with what was gained since, among titles of equal size."""
    return [
        translate(
            f"rising.foretells.{_direction(row)}",
            label=_label(row, translate),
            rho=translate.number(row["rho"], 2),
            adjusted=translate.number(row["adjusted"], 2),
            interval=translate.interval(row["adjusted_low"], row["adjusted_high"], 2),
        )
        for row in rows
        if row["adjusted"] is not None
    ]


def _direction(row: Row) -> str:
    return direction({"ci_low": row["adjusted_low"], "ci_high": row["adjusted_high"]})


def _comings_and_goings(rows: Sequence[Row], translate: Translator) -> list[str]:
    return [
        translate(
            "rising.changes",
            kind=translate.name("kinds", row["kind"]),
            new=translate.number(row["left_out"].get("new", 0)),
            gone=translate.number(row["gone"]),
            redated=translate.number(row["redated"]),
        )
        for row in rows
        if row["left_out"].get("new") or row["gone"] or row["redated"]
    ]
