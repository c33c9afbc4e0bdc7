"""Who makes the best-rated titles, in words, and how sure that is."""

from collections.abc import Sequence

from datalake.questions.people.estimate import FEWEST_WORKS, LISTED
from datalake.questions.population import ROLES
from datalake.report.chapter import Story
from datalake.report.i18n import Translator
from datalake.report.sentences import counted, left_out
from datalake.schemas.table import Row
from datalake.statistics.estimate import FEWEST


def subject(name: str, translate: Translator) -> str:
    """A role."""
    return translate.name("roles", name)


def tell(rows: Sequence[Row], translate: Translator) -> Story:
    """Who is first in each role, and how sure that is."""
    headlines = [row for row in rows if row["kind"] == "all" and row["genre"] == "all"]
    first = {row["role"]: row for row in headlines if row["rank"] == 1}
    listed = [role for role in ROLES if role in first]
    leaders = [first[role] for role in listed if first[role]["ci_low"] is not None]
    counts = {subject(role, translate): first[role]["left_out"] for role in listed}
    listed_people = {
        translate(f"people.counted_roles.{role}"): _people(headlines, role) for role in listed
    }
    headline = [_headline(leaders, translate), *counted(listed_people, translate, "people.counted")]
    return Story(
        headline=" ".join(headline) if rows else translate("people.nobody_at_all"),
        sure=how_sure(leaders, translate),
        answer=[_first(role, headlines, translate) for role in ROLES]
        if rows
        else [translate("people.nobody_at_all")],
        left_out=left_out(counts, translate),
        caveats=[
            *(translate(f"people.rated_by.{name}") for name in {row["rated_by"] for row in rows}),
            *(_prior(first[role], translate) for role in listed if _has_prior(first[role])),
        ],
    )


def _people(rows: Sequence[Row], role: str) -> Row:
    """How many people of a role have enough works, and how many are left out for too few."""
    of_role = [row for row in rows if row["role"] == role]
    reasons = of_role[0]["left_out"]
    beyond = reasons.get(f"people_beyond_rank_{LISTED}", 0)
    few = reasons.get(f"people_under_{FEWEST_WORKS}_works", 0)
    return {"n": len(of_role) + beyond, "left_out": {"few": few}}


def _headline(leaders: Sequence[Row], translate: Translator) -> str:
    named = [
        translate(
            "people.leader",
            role=translate(f"role_names.{row['role']}"),
            name=row["name"],
            score=translate.number(row["score"], 2),
            interval=translate.interval(row["ci_low"], row["ci_high"], 2),
        )
        for row in leaders
    ]
    if not named:
        return translate("people.no_leaders")
    by_imdb = all(row["rated_by"] == "imdb" for row in leaders)
    key = "people.leaders_by_imdb" if by_imdb else "people.leaders"
    return translate(key, leaders=translate.listed(named))


def _first(role: str, rows: Sequence[Row], translate: Translator) -> str:
    name = translate(f"roles.{role}")
    of_role = sorted((row for row in rows if row["role"] == role), key=lambda row: int(row["rank"]))
    if not of_role:
        return translate("people.nobody", role=name)
    first, *others = of_role
    if first["ci_low"] is None:
        key = "people.too_few" if len(of_role) < FEWEST else "people.no_order"
        return translate(key, role=name, n=translate.number(len(of_role)))
    rivals = sum(row["ci_high"] >= first["ci_low"] for row in others)
    return translate(
        "people.first" if rivals else "people.clear_first",
        role=name,
        name=first["name"],
        score=translate.number(first["score"], 2),
        interval=translate.interval(first["ci_low"], first["ci_high"], 2),
        titles=translate.number(first["titles"]),
        rivals=translate.number(rivals),
        others=translate.number(len(others)),
    )


def how_sure(leaders: Sequence[Row], translate: Translator) -> list[str]:
    """Each leader's chance to be the best, titles rated high on both sites, and adjusted rank."""
    chances = [
        translate(
            "people.sure.chance", name=row["name"], chance=translate.percent(row["chance_of_first"])
        )
        for row in leaders
        if row["chance_of_first"] is not None
    ]
    places = [
        translate(
            "people.sure.place",
            name=row["name"],
            score=translate.number(row["adjusted"], 2),
            place=translate.number(row["adjusted_rank"]),
        )
        for row in leaders
        if row["adjusted_rank"] is not None
    ]
    highs = [
        translate(
            "people.sure.high",
            name=row["name"],
            n=translate.number(row["high_on_both"]),
            titles=translate.number(row["titles"]),
        )
        for row in leaders
        if row["high_on_both"] is not None
    ]
    sentences = {"chances": chances, "highs": highs, "places": places}
    return [
        translate(f"people.sure.{key}", **{key: translate.listed(parts)})
        for key, parts in sentences.items()
        if parts
    ]


def _has_prior(row: Row) -> bool:
    return row["prior_weight"] is not None


def _prior(row: Row, translate: Translator) -> str:
    return translate(
        "people.prior",
        role=translate(f"roles.{row['role']}"),
        mean=translate.number(row["prior_mean"], 2),
        weight=translate.number(row["prior_weight"], 1),
    )
