"""movies.csv and series.csv → titles and credits: every kind of bad line, each for its reason."""

from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from support.imdb_csv_lines import (
    BAD,
    BAD_SERIES,
    BOTH,
    CUT,
    DISAGREES,
    MAJORITY,
    MOVIES,
    SERIES,
    TIE,
)
from support.imdb_oracle import expected_outcome, same
from support.lakes import rows_of, settings_at, tables_of
from support.source_files import DAY, content, write_source
from support.wild_lines import wild_blocks

from datalake.pipeline.trusted import build_trusted
from datalake.schemas.kinds import Kind
from datalake.schemas.trusted import CREDITS, QUARANTINE, RECONCILIATION, TITLES
from datalake.sources.ingestion import ingest


@pytest.fixture(scope="module")
def cleaned(spark, tmp_path_factory):
    """The tables made of `MOVIES` (its last line cut) and `SERIES`, and the step's counts."""
    folder = tmp_path_factory.mktemp("cleaned")
    settings = settings_at(folder / "lake", max_bad_share=1.0)
    movies = content(Kind.MOVIE, *MOVIES).removesuffix(b"\n")
    series = b"\xef\xbb\xbf" + content(Kind.SERIES, *SERIES, end="\r\n")
    ingest(settings.lake, write_source(folder / "source", movies, series), DAY)
    tables = tables_of(settings)
    return tables, build_trusted(tables, settings)


@pytest.fixture(scope="module")
def quarantine(cleaned):
    rows = rows_of(cleaned[0], QUARANTINE)
    return {same(row["line"]): row for row in rows}


@pytest.fixture(scope="module")
def titles(cleaned):
    return {row["title_id"]: row for row in rows_of(cleaned[0], TITLES)}


@pytest.fixture(scope="module")
def credits(cleaned):
    return Counter((row["title_id"], row["name"]) for row in rows_of(cleaned[0], CREDITS))


@pytest.mark.parametrize(("bad", "reasons"), BAD.values(), ids=BAD.keys())
def test_a_bad_line_is_quarantined_for_its_reasons(quarantine, titles, credits, bad, reasons):
    text = bad.decode(errors="replace") if isinstance(bad, bytes) else bad
    row = quarantine[same(text)]
    assert row["reasons"] == reasons
    assert row["source"] == "movies.csv"
    assert row["snapshot"].startswith("movies.csv@2026-01-10#")
    assert text.partition("|")[0] not in {title_id for title_id, _ in credits}


@pytest.mark.parametrize(("bad", "reasons"), BAD_SERIES.values(), ids=BAD_SERIES.keys())
def test_a_bad_line_of_series_too(quarantine, bad, reasons):
    assert quarantine[bad]["source"] == "series.csv"
    if reasons is None:
        assert "line: wrong number of columns" in quarantine[bad]["reasons"]
    else:
        assert quarantine[bad]["reasons"] == reasons


def test_a_title_of_bad_title_columns_alone_is_none(titles):
    bad_by_their_artist = {f"tt0000{number}" for number in range(121, 127)}
    assert {title for title in titles if title < "tt0000200"} == {"tt0000001"} | bad_by_their_artist


def test_a_cut_last_line_is_quarantined(quarantine):
    assert "line: wrong number of columns" in quarantine[CUT]["reasons"]


def test_a_blank_line_is_quarantined_once(quarantine):
    assert "line: wrong number of columns" in quarantine[""]["reasons"]


def test_most_rows_decide_on_a_title_that_disagrees(titles, credits, quarantine):
    assert titles["tt0000401"]["imdb_votes"] == 5
    assert {name for title, name in credits if title == "tt0000401"} == {"A", "B"}
    assert quarantine[MAJORITY[2]]["reasons"] == DISAGREES


def test_in_a_tie_nobody_wins(titles, credits, quarantine):
    assert "tt0000402" not in titles
    assert "tt0000402" not in {title for title, _ in credits}
    assert [quarantine[row]["reasons"] for row in TIE] == [DISAGREES] * 2


def test_an_id_in_both_files_is_of_the_file_with_more_rows(titles, credits, quarantine):
    assert titles["tt0000403"]["kind"] == "movie"
    assert credits["tt0000403", "Ana Souza"] == credits["tt0000403", "Rui"] == 1
    assert (quarantine[BOTH[2]]["reasons"], quarantine[BOTH[2]]["source"]) == (
        DISAGREES,
        "series.csv",
    )


@pytest.mark.parametrize("title_id", ["tt0000404", "tt0000405"])
def test_a_damaged_line_has_no_vote_on_the_title(titles, credits, title_id):
    assert titles[title_id]["primary_title"] == "The Flight"
    assert titles[title_id]["imdb_rating"] == 7.1
    assert credits[title_id, "Ana Souza"] == 1


def test_quotes_are_letters_like_others(titles):
    assert titles["tt0000501"]["primary_title"] == '"Quoted'
    assert titles["tt0000502"]["original_title"] == 'a "b" c"'


def test_a_good_line_is_typed(titles, cleaned):
    row = dict(titles["tt0000001"])
    assert row.pop("snapshot").startswith("movies.csv@2026-01-10#")
    assert row == {
        "title_id": "tt0000001",
        "kind": "movie",
        "primary_title": "The Flight",
        "original_title": "A Fuga",
        "start_year": 1999,
        "end_year": None,
        "runtime_minutes": 90,
        "genres": ["Crime", "Drama"],
        "imdb_rating": 7.1,
        "imdb_votes": 123,
        "title_type": None,
        "is_adult": None,
    }
    assert [row for row in rows_of(cleaned[0], CREDITS) if row["title_id"] == "tt0000001"] == [
        {
            "title_id": "tt0000001",
            "person_id": None,
            "ordering": None,
            "name": "Ana Souza",
            "birth_year": 1970,
            "death_year": None,
            "job": "actress",
            "job_text": None,
            "character": "Inês",
            "characters": None,
            "professions": ["actress", "producer"],
            "known_for": ["tt0000001", "tt0000002"],
        }
    ]


def test_series_have_an_end_year(titles):
    assert (titles["tt0000901"]["kind"], titles["tt0000901"]["end_year"]) == ("series", 2003)
    assert titles["tt0000902"]["end_year"] is None
    assert titles["tt0000901"]["snapshot"].startswith("series.csv@2026-01-10#")


def test_what_is_unknown_is_null(titles, cleaned):
    title = titles["tt0000503"]
    assert {name for name, value in title.items() if value is not None} == {
        "title_id", "kind", "primary_title", "snapshot"
    }  # fmt: skip
    (credit,) = [row for row in rows_of(cleaned[0], CREDITS) if row["title_id"] == "tt0000503"]
    assert {name for name, value in credit.items() if value is not None} == {"title_id"}


def test_the_last_value_within_bounds_is_good(titles):
    title = titles["tt0000504"]
    assert (title["start_year"], title["runtime_minutes"], title["imdb_rating"]) == (
        1870,
        100_000,
        10.0,
    )
    assert title["genres"] == ["Crime"]


def test_every_row_is_accounted_for(cleaned):
    tables, accounts = cleaned
    movies, series = accounts.files
    # A good line thrice (once with CR), the header again, and a blank line again.
    assert (movies.read, movies.duplicates) == (len(MOVIES), 2 + 1 + 1)
    assert (series.read, series.duplicates) == (len(SERIES), 0)
    reconciliation = {row["source"]: row for row in rows_of(tables, RECONCILIATION)}
    quarantined = Counter(row["source"] for row in rows_of(tables, QUARANTINE))
    for row in reconciliation.values():
        assert row["raw_rows"] == (
            row["trusted_rows"] + row["exact_duplicates"] + row["quarantined_rows"]
        )
        assert row["quarantined_rows"] == quarantined[row["source"]]
    assert sum(row["trusted_rows"] for row in reconciliation.values()) == len(
        rows_of(tables, CREDITS)
    )
    kinds = Counter(row["kind"] for row in rows_of(tables, TITLES))
    assert {reconciliation["movies.csv"]["titles"], reconciliation["series.csv"]["titles"]} == set(
        kinds.values()
    )


# Of four lines each, in one read of Spark: `make fuzz` reads ten thousand.
BLOCKS = hypothesis_settings.default.max_examples


@hypothesis_settings(
    max_examples=1,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    random_seed=st.integers(0, 2**32),
    words=st.lists(
        st.text(st.characters(exclude_characters="|\n", codec="utf-8"), max_size=8), min_size=8
    ),
)
@example(random_seed=1, words=["João", '"', "\r", r"\N", "\u2028x", "a\x85", "Ana", "Rui"])
def test_wild_lines_all_end_where_the_rules_say(spark, tmp_path_factory, random_seed, words):
    random = Random(random_seed)
    folder = tmp_path_factory.mktemp("wild")
    settings = settings_at(folder / "lake", max_bad_share=1.0)
    files = {kind: content(kind, *wild_blocks(random, kind, words, BLOCKS)) for kind in Kind}
    ingest(settings.lake, write_source(folder / "source", *files.values()), DAY)
    tables = tables_of(settings)
    counts = build_trusted(tables, settings).files
    expected = expected_outcome(files, latest_year=DAY.year + 5)

    assert {c.file.spec.name: c.duplicates for c in counts} == expected.duplicates
    rows = rows_of(tables, QUARANTINE)
    assert Counter((row["source"], same(row["line"])) for row in rows) == expected.quarantined
    whole = [row for row in rows if "line: wrong number of columns" not in row["reasons"]]
    assert {same(row["line"]): set(row["reasons"]) for row in whole} == {
        text: reasons
        for text, reasons in expected.reasons.items()
        if "line: wrong number of columns" not in reasons
    }
    assert Counter(map(str, rows_of(tables, CREDITS))) == expected.credits
    titles = {row["title_id"]: row for row in rows_of(tables, TITLES)}
    for row in titles.values():
        del row["snapshot"]
    assert titles == expected.titles
