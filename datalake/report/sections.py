"""The four questions as the page shows them: answer, figures, table, what was left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from datalake.report import charts, grids, sentences
from datalake.report.charts import Spec
from datalake.report.data import PageData, Row
from datalake.report.grids import Grid, stratum
from datalake.report.words import Words

SHOWN_PEOPLE = 10


@dataclass(frozen=True)
class Figure:
    """A chart: its place in the page, its title, what a reader who can't see it needs to know."""

    id: str
    title: str
    description: str
    spec: Spec


@dataclass(frozen=True)
class Section:
    """A question with its answer; the headline stands at the top of the page."""

    id: str
    headline: Sequence[str]
    answer: Sequence[str]
    figures: Sequence[Figure]
    grid: Grid
    left_out: Sequence[str]
    method: Sequence[str] = ()


def sections(data: PageData, words: Words) -> list[Section]:
    """The four sections, in the order of the questions."""
    return [
        _popularity_cost(data, words),
        _people(data.answers["q2_people"], words),
        _trends(data.answers["q3_trends"], words),
        _ratings(data.answers["q4_ratings"], words),
    ]


def _popularity_cost(data: PageData, words: Words) -> Section:
    rows = data.answers["q1_popularity_cost"]
    order = ["all", "genre", "decade"]
    ordered = sorted(rows, key=lambda row: (order.index(row["stratum_type"]), row["stratum"]))
    known = [row for row in ordered if row["rho"] is not None]
    points = [
        _point(stratum(row, words), words.name("measures", row["measure"]), row, "rho")
        for row in known
    ]
    answer = sentences.popularity_cost(rows, words)
    figures = []
    if data.films:
        spec = charts.scatter(data.films, data.genres, words)
        figures.append(_figure("films", words, spec, answer))
    if points:
        measures = [words.name("measures", name) for name in sentences.COST_MEASURES]
        spec = charts.intervals(points, measures, words("chart.rho"), from_zero=True)
        figures.append(_figure("strata", words, spec, answer))
    left_out = [
        line
        for row in ordered
        if row["stratum_type"] == "all"
        for line in _left_out(words.name("measures", row["measure"]), row["left_out"], words)
    ]
    table = grids.grid("q1.table", grids.POPULARITY_COST, ordered, words)
    return Section("q1", answer[:2], answer, figures, table, left_out)


def _people(rows: Sequence[Row], words: Words) -> Section:
    ranked = sorted(rows, key=lambda row: (sentences.ROLES.index(row["role"]), row["rank"]))
    answer = sentences.people(rows, words)
    figures: list[Figure] = []
    left_out: list[str] = []
    priors: list[str] = []
    for role, sentence in zip(sentences.ROLES, answer, strict=True):
        listed = [row for row in ranked if row["role"] == role]
        if not listed:
            continue
        first, name = listed[0], words(f"roles.{role}")
        points = [
            _point(f"{row['rank']}. {row['name']}", name, row, "score")
            for row in listed[:SHOWN_PEOPLE]
        ]
        spec = charts.intervals(points, [name], words("columns.score"), from_zero=False)
        if first["ci_low"] is not None:
            figures.append(_figure(role, words, spec, [sentence]))
        left_out += _left_out(name, first["left_out"], words)
        if first["prior_weight"] is not None:
            weight = words.number(first["prior_weight"], 1)
            mean = words.number(first["prior_mean"], 2)
            priors.append(words("q2.prior", role=name, mean=mean, weight=weight))
    table = grids.grid("q2.table", grids.PEOPLE, ranked, words)
    headline = [sentences.leaders(rows, words)]
    return Section("q2", headline, answer, figures, table, left_out, priors)


def _trends(rows: Sequence[Row], words: Words) -> Section:
    answer = sentences.trends(rows, words)
    figures: list[Figure] = []
    left_out: list[str] = []
    for measure, sentence in zip(sentences.TREND_MEASURES, answer, strict=True):
        of_measure = [row for row in rows if row["measure"] == measure]
        name = words.name("measures", measure)
        if any(row["median"] is not None for row in of_measure):
            spec = charts.years(of_measure, name, words)
            figures.append(_figure(measure, words, spec, [sentence]))
        for over_all in (row for row in of_measure if row["year"] is None):
            left_out += _left_out(name, over_all["left_out"], words)
    ordered = sorted(rows, key=lambda row: (row["measure"], row["year"] or 0), reverse=True)
    table = grids.grid("q3.table", grids.TRENDS, ordered, words)
    return Section("q3", answer, answer, figures, table, left_out)


def _ratings(rows: Sequence[Row], words: Words) -> Section:
    answer = sentences.ratings(rows, words)
    figures: list[Figure] = []
    left_out: list[str] = []
    sources = {"imdb": "IMDb", "tmdb": "TMDB"}
    for kind, sentence in zip(sentences.KINDS, answer, strict=True):
        of_kind = [row for row in rows if row["kind"] == kind]
        points = [
            {
                "label": words.name("outcomes", row["outcome"]),
                "series": name,
                "value": row[f"rho_{source}"],
                "low": row[f"{source}_low"],
                "high": row[f"{source}_high"],
            }
            for row in of_kind
            if row["verdict"]
            for source, name in sources.items()
        ]
        if points:
            spec = charts.intervals(
                points, list(sources.values()), words("chart.rho"), from_zero=True
            )
            figures.append(_figure(kind, words, spec, [sentence]))
        for row in of_kind:
            label = f"{words.name('kinds', kind)}, {words.name('outcomes', row['outcome'])}"
            left_out += _left_out(label, row["left_out"], words)
    table = grids.grid("q4.table", grids.RATINGS, rows, words)
    return Section("q4", answer, answer, figures, table, left_out)


def _figure(name: str, words: Words, spec: Spec, answer: Sequence[str]) -> Figure:
    title = words(f"figures.{name}")
    description = f"{title}. {' '.join(answer)}"
    return Figure(
        f"chart-{name.replace('_', '-')}", title, description, {**spec, "description": description}
    )


def _point(label: str, series: str, row: Row, value: str) -> Row:
    ends = {"low": row["ci_low"], "high": row["ci_high"]}
    return {"label": label, "series": series, "value": row[value], **ends}


def _left_out(label: str, counts: Mapping[str, int], words: Words) -> list[str]:
    """«Directors: people with fewer than three titles: 120; …»; empty if nobody was left out."""
    named = [
        words("left_out", reason=words.name("reasons", reason), n=words.number(count))
        for reason, count in sorted(counts.items())
    ]
    return [f"{label}: {'; '.join(named)}"] if named else []
