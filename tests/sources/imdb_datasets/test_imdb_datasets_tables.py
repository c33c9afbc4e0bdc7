"""IMDb's datasets → Trusted: all that importers of these files stumble over."""

import pytest
from support.dataset_files import write_datasets
from support.lakes import rows_of, settings_at, tables_of
from support.source_files import DAY

from datalake.core.errors import QualityError
from datalake.pipeline.trusted import build_trusted
from datalake.schemas.trusted import (
    CREDITS,
    EPISODES,
    PERSONS,
    QUARANTINE,
    RECONCILIATION,
    TITLES,
)
from datalake.sources.imdb_datasets.raw import (
    BASICS,
    CREW,
    EPISODE,
    FILES,
    NAMES,
    PRINCIPALS,
    RATINGS,
)
from datalake.sources.ingestion import ingest

N = r"\N"


def lines(*rows):
    """Rows of cells as lines; those that are lines already stay."""
    return [row if isinstance(row, str | bytes) else "\t".join(row) for row in rows]


TITLE = ("0", "1999", N, "90", "Drama")
BAD_BASICS = {
    "tt0000101\tmovie\tCut": ["line: wrong number of columns"],
    "tt0000102\tmovie\tA\tA\t0\t1999\t\\N\t90\tDrama\tmore": ["line: wrong number of columns"],
    "": ["line: wrong number of columns", "tconst: not an IMDb title id"],
    "tt00001\tmovie\tA\tA\t0\t1999\t\\N\t90\tDrama": ["tconst: not an IMDb title id"],
    "tt00000103\tmovie\tA\tA\t0\t1999\t\\N\t90\tDrama": ["tconst: not an IMDb title id"],
    f"tt{20 * '9'}\tmovie\tA\tA\t0\t1999\t\\N\t90\tDrama": ["tconst: not an IMDb title id"],
    "tt0000104\tmovie\tA\tA\t2019\t1999\t\\N\t90\tDrama": ["isAdult: neither 0 nor 1"],
    "tt0000105\tmovie\tA\tA\t0\t19 99\t\\N\tlong\tDrama": [
        "startYear: not a number",
        "runtimeMinutes: not a number",
    ],
}
CONFLICT = "tt0000008\tmovie\tTwice, but other\tA\t0\t1999\t\\N\t90\tDrama"
BAD_CREDITS = {
    "tt0000001\t7\tnm0000001": ["line: wrong number of columns", "category: empty"],
    'tt0000001\tx\tnm0000001\tself\t\\N\t["A"]': ["ordering: not a number above 0"],
    'tt0000001\t8\tnm0000001\tself\t\\N\t["A", "B': ["characters: not a JSON array"],
    "tt0000001\t9\t0000001\tself\t\\N\t\\N": ["nconst: not an IMDb person id"],
}
BAD_CREW = {
    "tt10000000\tnm0000003;nm0000404\t\\N": ["directors: not person ids"],
    "tt0000005\t\\N\tnm0000404,nm00000001": ["writers: not person ids"],
}
LONG_JOB = 'based on the novel "' + 26 * "Notes of a " + '"'
LONG_TITLE = 100 * "A title, "
ROWS = {
    BASICS: lines(
        ("tt0000001", "movie", '"The Flight', 'A "Fuga" \x02', *TITLE),  # a quote never closes
        ("tt0000002", "tvSeries", "Borders", "Borders", "0", "2001", "2003", N, "Crime,War"),
        ("tt0000003", "tvMiniSeries", "Small", "Small", "1", "2001", N, N, N),
        ("tt0000004", "short", "A short", "A short", *TITLE),
        ("tt0000005", "movie", N, N, "0", N, N, N, N),  # nothing is known of it
        ("tt0000006", "tvEpisode", "One", "One", "0", "2002", N, "42", "War"),
        ("tt0000007", "tvEpisode", "Two", "Two", "0", N, N, "42", "War"),
        ("tt0000008", "movie", "Twice", "Twice", *TITLE),
        ("tt0000008", "movie", "Twice", "Twice", *TITLE),
        CONFLICT,
        ("tt0000009", "tvEpisode", "Zero", "Zero", "0", "2003", N, "42", "War"),
        ("tt10000000", "movie", "Eight digits", "Eight", *TITLE),  # as text before tt1000001
        ("tt1000001", "movie", "Seven digits", LONG_TITLE, *TITLE),
        ("tt0000106", "movie", "A", "A", "0", "2099", N, "90", "Drama"),
        *BAD_BASICS,
    ),
    RATINGS: lines(
        *(("tt0000001", "7.1", "123"), ("tt0000001", "7.1", "123")),
        *(("tt0000006", "8.0", "5"), ("tt0000004", "9.0", "9")),
        *(("tt0000999", "5.0", "6"), ("tt0000002", "11.0", "6")),
    ),
    PRINCIPALS: lines(
        ("tt0000001", "1", "nm0000001", "actress", N, r'["Inês \"Ina\" Sá","Mãe"]'),
        ("tt0000001", "2", "nm0000002", "director", N, N),
        ("tt0000001", "3", "nm0000002", "writer", LONG_JOB, N),
        ("tt0000001", "3", "nm0000002", "writer", LONG_JOB, N),
        ("tt0000001", "4", "nm0000404", "actor", N, '["Nobody"]'),  # who has no row
        ("tt0000002", "1", "nm10000000", "self", N, '["Self"]'),
        ("tt0000004", "1", "nm0000001", "actress", N, "broken, and of no title of the lake"),
        ("tt0000999", "1", "nm0000001", "actress", N, N),  # a title that has no row
        ("tt0000106", "1", "nm0000001", "actress", N, N),  # a title that was rejected
        *BAD_CREDITS,
    ),
    CREW: lines(
        ("tt0000001", "nm0000002,nm0000404,nm0000003", "nm0000404,nm0000001"),
        ("tt0000002", N, N),
        ("tt0000003", "nm0000003,nm0000405", N),
        ("tt0000003", "nm0000003,nm0000405", N),
        ("tt0000004", "nm0000003,nm0000404", N),
        ("tt0000998", "nm0000003,nm0000404", N),
        *BAD_CREW,
    ),
    EPISODE: lines(
        ("tt0000006", "tt0000002", "1", "1"),
        ("tt0000007", "tt0000002", N, N),
        ("tt0000007", "tt0000002", N, N),
        ("tt0000009", "tt0000003", "0", "1"),
        ("tt0000009", "tt0000003", "2", "1"),  # another row of that id
        ("tt0000997", "tt0000002", "1", "2"),  # it has no row of its own
        ("tt0000006", "tt0000996", "1", "2"),  # its series has none
        ("tt0000006", "tt0000004", "1", "2"),  # no series of the lake
        ("tt0000006", "tt0000002", "one", "2"),
        ("6", "tt0000002", "1", "3"),
    ),
    NAMES: lines(
        ("nm0000001", 'Ana "Doc" Souza', "1970", N, "actress,producer", "tt0000001"),
        ("nm0000002", N, N, N, N, N),
        ("nm0000003", "Rui", "-43", "1600", "director", N),
        ("nm0000003", "Rui", "-43", "1600", "director", N),
        ("nm0000004", "Nobody's", N, N, N, N),
        ("nm10000000", "Eight digits", N, N, N, N),
        ("nm0000005", "Cut"),
        ("5", "No id", N, N, N, N),
    ),
}


@pytest.fixture(scope="module")
def cleaned(spark, tmp_path_factory):
    """Trusted's tables of `ROWS`."""
    folder = tmp_path_factory.mktemp("datasets")
    settings = settings_at(folder / "lake", max_bad_share=1.0, max_dangling_share=1.0)
    ingest(settings.lake, write_datasets(folder / "source", ROWS), DAY)
    tables = tables_of(settings)
    build_trusted(tables, settings)
    return {table: rows_of(tables, table) for table in _TABLES}


_TABLES = (TITLES, CREDITS, EPISODES, PERSONS, QUARANTINE, RECONCILIATION)


@pytest.fixture(scope="module")
def titles(cleaned):
    return {row["title_id"]: row for row in cleaned[TITLES]}


def test_titles_are_films_and_series(titles):
    assert {title_id: (row["kind"], row["title_type"]) for title_id, row in titles.items()} == {
        "tt0000001": ("movie", "movie"),
        "tt0000002": ("series", "tvSeries"),
        "tt0000003": ("series", "tvMiniSeries"),
        "tt0000005": ("movie", "movie"),
        "tt0000008": ("movie", "movie"),
        "tt10000000": ("movie", "movie"),
        "tt1000001": ("movie", "movie"),
    }


def test_quotes_are_letters_and_so_is_0x02(titles):
    assert titles["tt0000001"]["primary_title"] == '"The Flight'
    assert titles["tt0000001"]["original_title"] == 'A "Fuga" \x02'
    assert titles["tt0000002"]["primary_title"] == "Borders"  # no line is swallowed


def test_a_title_of_which_nothing_is_known_is_kept(titles):
    unknown = {name for name, value in titles["tt0000005"].items() if value is None}
    assert unknown == {
        *("primary_title", "original_title", "start_year", "end_year", "runtime_minutes"),
        *("genres", "imdb_rating", "imdb_votes"),
    }


def test_no_text_is_too_long(titles):
    assert titles["tt1000001"]["original_title"] == LONG_TITLE


def test_a_title_has_its_rating_and_its_marks(titles):
    assert (titles["tt0000001"]["imdb_rating"], titles["tt0000001"]["imdb_votes"]) == (7.1, 123)
    assert titles["tt0000003"]["is_adult"] is True
    assert titles["tt0000002"]["genres"] == ["Crime", "War"]
    assert titles["tt0000001"]["snapshot"].startswith("title.basics.tsv.gz@2026-01-10#")


def test_of_two_rows_of_an_id_the_first_by_its_text_is_kept(titles, cleaned):
    assert titles["tt0000008"]["primary_title"] == "Twice"
    reasons = {row["line"]: row["reasons"] for row in cleaned[QUARANTINE]}
    assert reasons[CONFLICT] == ["line: another row of this id is kept"]


@pytest.mark.parametrize(
    ("source", "line", "reasons"),
    [(BASICS, *bad) for bad in BAD_BASICS.items()]
    + [(PRINCIPALS, *bad) for bad in BAD_CREDITS.items()]
    + [(CREW, *bad) for bad in BAD_CREW.items()],
)
def test_a_bad_line_is_quarantined_for_its_reasons(cleaned, source, line, reasons):
    (row,) = [row for row in cleaned[QUARANTINE] if row["line"] == line]
    assert row["reasons"] == reasons
    assert row["source"] == source.name
    assert row["snapshot"].startswith(f"{source.name}@2026-01-10#")


def test_credits_are_principals_and_what_crew_adds(cleaned):
    columns = ("title_id", "person_id", "ordering", "job", "job_text", "characters")
    assert {tuple(map(str, (row[name] for name in columns))) for row in cleaned[CREDITS]} == {
        tuple(map(str, row))
        for row in (
            ("tt0000001", "nm0000001", 1, "actress", None, ['Inês "Ina" Sá', "Mãe"]),
            ("tt0000001", "nm0000001", None, "writer", None, None),
            ("tt0000001", "nm0000002", 2, "director", None, None),
            ("tt0000001", "nm0000002", 3, "writer", LONG_JOB, None),
            ("tt0000001", "nm0000003", None, "director", None, None),
            ("tt0000002", "nm10000000", 1, "self", None, ["Self"]),
            ("tt0000003", "nm0000003", None, "director", None, None),
        )
    }
    assert len(cleaned[CREDITS]) == 7
    assert len(LONG_JOB) > 255


def test_episodes_are_those_of_the_lakes_series(cleaned):
    assert [tuple(row.values()) for row in cleaned[EPISODES]] == [
        ("tt0000006", "tt0000002", 1, 1, 2002, 8.0, 5),
        ("tt0000007", "tt0000002", None, None, None, None, None),
        ("tt0000009", "tt0000003", 0, 1, 2003, None, None),
    ]


def test_persons_are_those_of_credits_one_row_each(cleaned):
    assert [tuple(row.values()) for row in cleaned[PERSONS]] == [
        ("nm0000001", 'Ana "Doc" Souza', 1970, None, ["actress", "producer"], ["tt0000001"]),
        ("nm0000002", None, None, None, None, None),
        ("nm0000003", "Rui", -43, 1600, ["director"], None),
        ("nm10000000", "Eight digits", None, None, None, None),
    ]


COUNTS = {  # rows, trusted, filtered, exact duplicates, quarantined, dangling
    BASICS: (22, 7 + 3, 1, 1, 10, 0),
    RATINGS: (6, 1 + 1, 1, 1, 1, 1),
    PRINCIPALS: (13, 4, 1, 1, 4, 3),
    CREW: (8, 3, 1, 1, 2, 1),
    EPISODE: (10, 3, 1, 1, 3, 2),
    NAMES: (8, 4, 1, 1, 2, 0),
}


@pytest.mark.parametrize("spec", FILES, ids=lambda spec: spec.name)
def test_no_row_of_a_file_vanishes(cleaned, spec):
    (row,) = [row for row in cleaned[RECONCILIATION] if row["source"] == spec.name]
    names = ("trusted", "filtered", "exact_duplicates", "quarantined", "dangling")
    columns = ("raw_rows", *(n if n == "exact_duplicates" else f"{n}_rows" for n in names))
    assert tuple(row[name] for name in columns) == COUNTS[spec]
    assert row["raw_rows"] == sum(row[name] for name in columns[1:])
    assert row["quarantined_rows"] == sum(bad["source"] == spec.name for bad in cleaned[QUARANTINE])


def test_ids_without_a_row_in_the_lists_of_crew_are_counted(cleaned):
    dangling_ids = {row["source"]: row["dangling_ids"] for row in cleaned[RECONCILIATION]}
    # One is a director and a writer of tt0000001, one is in tt0000003, whose copy does not count.
    assert dangling_ids == {spec.name: 3 if spec is CREW else 0 for spec in FILES}


@pytest.mark.slow
def test_too_many_dangling_rows_publish_nothing(spark, tmp_path):
    settings = settings_at(tmp_path / "lake", max_bad_share=1.0, max_dangling_share=0.22)
    ingest(settings.lake, write_datasets(tmp_path / "source", ROWS), DAY)
    tables = tables_of(settings)
    refusal = r"title\.principals\.tsv\.gz: 3 of 13 rows .* --max-dangling-share 0\.22;"
    with pytest.raises(QualityError, match=refusal):
        build_trusted(tables, settings)
    assert not tables.has(TITLES)
