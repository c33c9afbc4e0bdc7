"""The star: known members, keys that resolve, and sums that nothing counts twice."""

from collections import Counter
from datetime import date, datetime

import pytest
from support.known_trusted import (
    FLIGHT,
    TITLES,
    TMDB_TITLES,
    TRUSTED,
    credit,
)
from support.lakes import held, rows_of, settings_at, tables_of
from support.trusted_rows import publish_trusted

from datalake.core.errors import QualityError
from datalake.pipeline.refined import build_refined
from datalake.schemas import refined as star
from datalake.schemas.refined import (
    BRIDGE_TITLE_GENRE,
    DIM_GENRE,
    DIM_PERSON,
    DIM_TITLE,
    DIM_YEAR,
    FACT_CREDIT,
    FACT_SEASON,
    FACT_TITLE,
    REFINED,
)


@pytest.fixture(scope="module")
def tables(spark, tmp_path_factory):
    """The star of `TRUSTED`."""
    settings = settings_at(tmp_path_factory.mktemp("star") / "lake")
    tables = tables_of(settings)
    publish_trusted(tables, **TRUSTED)
    build_refined(tables, settings)
    return tables


@pytest.fixture(scope="module")
def title_of(tables):
    """From key to IMDb id."""
    return {row["title_key"]: row["title_id"] for row in rows_of(tables, DIM_TITLE)}


@pytest.fixture(scope="module")
def facts(tables, title_of):
    return {title_of[row["title_key"]]: row for row in rows_of(tables, FACT_TITLE)}


def test_titles_are_one_row_each_and_the_unknown_one(tables):
    rows = {row.pop("title_id"): row for row in rows_of(tables, DIM_TITLE)}
    assert rows.keys() == {title["title_id"] for title in TITLES} | {None}
    assert (rows[None]["title_key"], rows[None]["primary_title"]) == (0, "(unknown)")
    flight = rows["tt0000001"]
    assert flight.pop("title_key") > 0
    assert flight == {
        "tmdb_id": 1, "kind": "movie", "title_type": None, "is_adult": None,
        "primary_title": "The Flight", "original_title": "A Fuga",
        "original_language": "pt", "status": "Released", "release_date": date(1999, 1, 2),
        "collection_id": 10, "start_year": 1999, "end_year": None, "decade": 1990, "in_scope": True,
    }  # fmt: skip
    in_scope = {title_id for title_id, row in rows.items() if row["in_scope"]}
    assert in_scope == {"tt0000001", "tt0000901"}  # Warfare is not War


def test_genres_are_one_row_each_and_the_unknown_one(tables):
    rows = {row["genre"]: row for row in rows_of(tables, DIM_GENRE)}
    assert rows.keys() == {"Crime", "Drama", "War", "Comedy", "Warfare", "(unknown)"}
    assert {genre for genre, row in rows.items() if row["in_scope"]} == {"Crime", "War"}
    assert rows["(unknown)"]["genre_key"] == 0


def test_years_run_from_the_first_to_the_last_used(tables):
    rows = {row["year_key"]: row for row in rows_of(tables, DIM_YEAR)}
    assert sorted(rows) == [0, *range(1999, 2016)]
    assert rows[0] == {"year_key": 0, "year": None, "decade": None, "century": None}
    assert rows[1999] == {"year_key": 1999, "year": 1999, "decade": 1990, "century": 20}
    assert (rows[2000]["century"], rows[2001]["century"]) == (20, 21)


def test_people_are_one_row_each_and_the_unknown_one(tables):
    rows = rows_of(tables, DIM_PERSON)
    assert Counter((row["tmdb_person_id"], row["birth_year"]) for row in rows) == {
        (None, None): 3,  # the unknown one, Rui of no year, Eva
        (11, 1970): 1,
        (12, None): 1,
        (None, 1950): 1,
    }
    (rui,) = (row for row in rows if row["birth_year"] == 1950)
    assert (rui["name"], rui["death_year"]) == ("Rui", None)  # 2001 or 2003: nobody knows
    (unknown,) = (row for row in rows if row["person_key"] == 0)
    assert unknown["name"] == "(unknown)"


def test_credits_are_one_row_a_title_person_and_role(tables, title_of):
    people = {
        row["person_key"]: row["tmdb_person_id"] or (row["name"], row["birth_year"])
        for row in rows_of(tables, DIM_PERSON)
    }
    credits = {
        (title_of[row["title_key"]], people[row["person_key"]], row["role"]): (
            *(row["on_imdb"], row["on_tmdb"]),
            row["cast_order"],
        )
        for row in rows_of(tables, FACT_CREDIT)
    }
    assert credits == {
        ("tt0000001", 11, "actor"): (True, True, 0),
        ("tt0000001", ("Rui", 1950), "actor"): (True, False, None),
        ("tt0000001", 12, "director"): (False, True, None),
        ("tt0000002", ("Rui", 1950), "actor"): (True, False, None),
        ("tt0000002", ("Rui", None), "actor"): (True, False, None),
        ("tt0000002", ("(unknown)", None), "actor"): (True, False, None),
        ("tt0000901", ("Eva", None), "unknown"): (True, False, None),
        ("tt0000901", ("Eva", None), "stunts"): (True, False, None),
        ("tt0000902", 11, "creator"): (False, True, None),
    }
    assert len(rows_of(tables, FACT_CREDIT)) == len(credits)


def test_measures_of_a_title(facts):
    flight = dict(facts["tt0000001"])
    del flight["title_key"]
    assert flight == {
        "load_date": date(2026, 1, 10), "start_year_key": 1999, "end_year_key": 0,
        "imdb_rating": 7.1, "imdb_votes": 100, "tmdb_rating": 6.5, "tmdb_votes": 9,
        "popularity": 1.5, "budget": 5_000_000_000, "revenue": 7, "runtime_minutes": 90,
        "seasons": None, "episodes": None, "years_on_air": None,
        "imdb_day": date(2026, 1, 10), "fetched_at": datetime(2026, 1, 2, 3, 4, 5),
    }  # fmt: skip
    assert facts["tt0000002"]["runtime_minutes"] == 77  # TMDB's, where IMDb has none
    years = {title: row["years_on_air"] for title, row in facts.items()}
    assert years["tt0000901"] == 3  # 2001, 2002, 2003
    assert years["tt0000902"] == 3  # to its last air date
    assert years["tt0000903"] is None
    assert (facts["tt0000902"]["seasons"], facts["tt0000902"]["episodes"]) == (2, 21)


def test_seasons_tell_the_specials_apart(tables, title_of):
    assert [
        (title_of[row["title_key"]], row["season_number"], row["is_special"], row["air_year_key"])
        for row in sorted(rows_of(tables, FACT_SEASON), key=lambda row: row["season_number"])
    ] == [("tt0000902", 0, True, 0), ("tt0000902", 1, False, 2015)]


def test_sums_over_facts_are_trusted_s_own(tables, facts):
    kept = [row for row in TMDB_TITLES if row["title_id"] != "tt0009999"]
    for name, rows in (
        ("imdb_votes", TITLES),
        ("budget", kept),
        ("popularity", kept),
        ("seasons", kept),
    ):
        total = sum(row.get(name) or 0 for row in rows)
        assert sum(row[name] or 0 for row in facts.values()) == total
    assert len(facts) == len(rows_of(tables, FACT_TITLE)) == len(TITLES)


def test_a_measure_times_the_bridge_s_weight_adds_up_to_the_whole(tables, facts):
    votes = {row["title_key"]: row["imdb_votes"] or 0 for row in facts.values()}
    bridge = rows_of(tables, BRIDGE_TITLE_GENRE)
    weighted = sum(votes[row["title_key"]] * row["weight"] for row in bridge)
    assert weighted == pytest.approx(sum(votes.values()))
    weights = Counter()
    for row in bridge:
        weights[row["title_key"]] += row["weight"]
    assert weights.keys() == votes.keys()
    assert list(weights.values()) == pytest.approx([1] * len(votes))
    assert sum(row["genre_key"] == 0 for row in bridge) == 2  # null and empty
    assert max(Counter((r["title_key"], r["genre_key"]) for r in bridge).values()) == 1


FOREIGN_KEYS = [
    (BRIDGE_TITLE_GENRE, "title_key", DIM_TITLE),
    (BRIDGE_TITLE_GENRE, "genre_key", DIM_GENRE),
    (FACT_TITLE, "title_key", DIM_TITLE),
    (FACT_TITLE, "start_year_key", DIM_YEAR),
    (FACT_TITLE, "end_year_key", DIM_YEAR),
    (FACT_CREDIT, "title_key", DIM_TITLE),
    (FACT_CREDIT, "person_key", DIM_PERSON),
    (FACT_SEASON, "title_key", DIM_TITLE),
    (FACT_SEASON, "air_year_key", DIM_YEAR),
]


@pytest.mark.parametrize(
    ("table", "name", "dimension"), FOREIGN_KEYS, ids=[f"{t.name}.{n}" for t, n, _ in FOREIGN_KEYS]
)
def test_every_foreign_key_resolves(tables, table, name, dimension):
    used = {row[name] for row in rows_of(tables, table)}
    assert used
    assert used <= {row[dimension.key[0]] for row in rows_of(tables, dimension)}


@pytest.mark.parametrize("table", REFINED, ids=[table.name for table in REFINED])
def test_every_key_is_unique(tables, table):
    rows = rows_of(tables, table)
    assert len({tuple(row[name] for name in table.key) for row in rows}) == len(rows)


@pytest.mark.slow
def test_a_broken_key_publishes_nothing_and_has_no_after_effect(tables):
    before = held(tables, ("Refined",))
    settings = settings_at(tables.lake.root)
    for broken, message in (
        ({"titles": [FLIGHT, FLIGHT]}, r"Refined\.(dim_title|fact_title)"),
        (
            {"titles": [FLIGHT], "credits": [credit("tt0000777", "Ana")]},
            r"Refined\.fact_credit\.title_key",
        ),
    ):
        spoiled = tables_of(settings)
        publish_trusted(spoiled, **broken)
        with pytest.raises(QualityError, match=message) as raised:
            build_refined(spoiled, settings)
        assert "\n" not in str(raised.value)
        assert held(tables_of(settings), ("Refined",)) == before
    mended = tables_of(settings)
    publish_trusted(mended, **TRUSTED)
    build_refined(mended, settings)
    assert held(tables_of(settings), ("Refined",)) == before


def test_all_tables_of_the_star_are_covered():
    assert {table for table in vars(star).values() if isinstance(table, type(DIM_TITLE))} == set(
        REFINED
    )
