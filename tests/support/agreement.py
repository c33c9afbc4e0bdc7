"""Whether the page shows what the answers' tables say, figure by figure, to the last digit."""

from itertools import product

from support.report_pages import translator

from datalake.questions.loads import SPANS
from datalake.questions.rising.rise import KINDS

TRANSLATE = translator("en")
COST = {
    **{"n": ("n", 0), "rho": ("rho", 2), "low": ("ci_low", 2), "high": ("ci_high", 2)},
    **{name: (f"{name}_median", 1) for name in ("cheapest", "dearest")},
}
PERSON = {
    **{name: (name, 0) for name in ("rank", "titles", "works", "high_on_both", "imdb_votes")},
    **{name: (name, 2) for name in ("score", "imdb_mean", "tmdb_mean")},
    **{"low": ("ci_low", 2), "high": ("ci_high", 2)},
}
YEAR = {"n": ("n", 0), "median": ("median", 1), "q1": ("q1", 1), "q3": ("q3", 1)}
RATING = {
    **{name: (name, 2) for name in ("rho_imdb", "imdb_low", "imdb_high", "difference")},
    **{name: (name, 2) for name in ("rho_tmdb", "tmdb_low", "tmdb_high")},
    **{"n": ("n", 0), "low": ("ci_low", 2), "high": ("ci_high", 2)},
}
RISER = {
    **{name: (name, 2) for name in ("per_day", "expected_per_day")},
    **{name: (name, 1) for name in ("excess", "z")},
    **{"low": ("ci_low", 1), "high": ("ci_high", 1), "holm": ("holm", 3)},
}


def disagreements(page, data):
    """(figures compared, (where, shown, in the table) of each that differs)."""
    compared, differ = 0, []
    for where, shown, row, figures in pairs(page, data):
        for cell, (name, digits) in figures.items():
            compared += 1
            if shown[cell] != TRANSLATE.number(row[name], digits):
                differ.append((*where, cell, shown[cell], row[name]))
        for cell, name, group in (("name", "name", None), ("verdict", "verdict", "verdicts")):
            if cell in shown and cell in row:
                expected = TRANSLATE.name(group, row[name] or "null") if group else row[name]
                differ += [(*where, cell, shown[cell], expected)] * (shown[cell] != expected)
    return compared, differ


def pairs(page, data):
    """Every cell of the answers that a selection on the page can show, beside what it shows."""
    answers, genres = data.answers, ["all", *data.genres]
    for genre in genres:
        chosen = {"genre": "all" if genre == "all" else data.genres.index(genre)}
        of_genre = {
            name: [row for row in rows if row.get("genre") == genre]
            for name, rows in answers.items()
        }
        yield from _costs(page, of_genre["q1_popularity_cost"], chosen)
        yield from _people(page, of_genre["q2_people"], chosen)
        yield from _years(page, of_genre["q3_trends"], chosen)
        yield from _ratings(page, of_genre["q4_ratings"], chosen)
        yield from _risers(page, of_genre["q5_rising"], chosen)


def table_of(page, name, selection, **controls):
    return page.evaluate(
        "([name, s, controls]) => datalake.tableOf(name, s, controls)", [name, selection, controls]
    )


def finding(page, name):
    """What a figure says that it shows."""
    return page.locator(f"#{name}-finding").inner_text()


def decade(row):
    return {} if row["decade"] is None else {"from": row["decade"], "to": row["decade"] + 9}


def _costs(page, rows, chosen):
    for row in rows:
        shown = table_of(page, "strata", chosen | decade(row))
        measure = TRANSLATE.name("measures", row["measure"])
        over_all = (s for s in shown if s["stratum"] == "All films" and s["measure"] == measure)
        yield ("q1", chosen, row["decade"], measure), next(over_all), row, COST


def _people(page, rows, chosen):
    roles = ("creator", "director", "lead_actor")
    for kind, role in product(("all", "movie", "series"), roles):
        ranked = sorted(
            (row for row in rows if row["kind"] == kind and row["role"] == role),
            key=lambda row: row["rank"],
        )
        shown = table_of(page, "people", chosen | {"kind": kind}, role=role)
        assert len(ranked) == min(100, len(shown))
        for person, row in zip(shown, ranked, strict=False):
            assert person["best_known"] == " · ".join(row["best_known"])
            yield ("q2", chosen, kind, role, row["rank"]), person, row, PERSON


def _years(page, rows, chosen):
    for measure in ("film_length", "episodes_per_season"):
        shown = {row["year"]: row for row in table_of(page, measure, chosen)}
        for row in rows:
            if row["measure"] == measure and row["year"] is not None and row["n"] >= 5:
                yield ("q3", chosen, measure, row["year"]), shown[str(row["year"])], row, YEAR


def _ratings(page, rows, chosen):
    for row in rows:
        shown = table_of(page, row["kind"], chosen | decade(row))
        outcome = TRANSLATE.name("outcomes", row["outcome"])
        cells = next(cells for cells in shown if cells["outcome"] == outcome)
        yield ("q4", chosen, row["kind"], row["decade"], outcome), cells, row, RATING


def risers(rows):
    """The rows of what the page shows: votes, over the first span that has an earlier load."""
    span = next((s for s in SPANS if any(r["span"] == s and r["since"] for r in rows)), None)
    key = (span, "imdb_votes")
    return [row for row in rows if (row["span"], row["measure"]) == key and row["place"]]


def _risers(page, rows, chosen):
    for kind in KINDS:
        ranked = sorted(
            (row for row in risers(rows) if row["kind"] == kind), key=lambda row: row["place"]
        )
        shown = table_of(page, "rising", chosen | {"kind": kind})
        # The page holds the first 300 of a kind; of a small genre that may be fewer than ten.
        assert len(shown) <= len(ranked)
        assert bool(shown) == bool(ranked) or chosen["genre"] != "all"
        for title, row in zip(shown, ranked, strict=False):
            yield ("q5", chosen, kind, row["place"]), title, row | {"name": row["title"]}, RISER
