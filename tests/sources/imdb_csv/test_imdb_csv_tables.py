"""movies.csv and series.csv → titles and credits: every kind of bad line, each for its reason."""

import json
from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from support.imdb_oracle import expected_outcome, same
from support.lakes import held, rows_of, settings_at, tables_of
from support.source_files import DAY, content, ingested, line, write_source
from support.wild_lines import wild_lines

from datalake.core.errors import QualityError
from datalake.pipeline.trusted import build_trusted
from datalake.schemas.kinds import Kind
from datalake.schemas.trusted import CREDITS, QUARANTINE, RECONCILIATION, TITLES, TMDB_COVERAGE
from datalake.sources.imdb_csv.columns import header
from datalake.sources.imdb_csv.scope import ids_in_scope
from datalake.sources.ingestion import ingest
from datalake.sql.connection import connect

GOOD = line()
DISAGREES = ["title columns: most rows of the title say otherwise"]


def film(number, **cells):
    return line(id=f"tt{number:07}", **cells)


def show(number, **cells):
    return line(Kind.SERIES, id=f"tt{number:07}", **cells)


# Each bad line, with all that must be said of it; every line has an id of its own.
BAD = {
    "extra column": (film(101) + "|x", ["line: wrong number of columns"]),
    "not an id": (line(id="nm0000102"), ["id: not an IMDb title id"]),
    "six digits": (line(id="tt000103"), ["id: not an IMDb title id"]),
    "no id": (line(id=r"\N"), ["id: not an IMDb title id"]),
    "id and line separator": (line(id="tt0000104\u2028"), ["id: not an IMDb title id"]),
    "id and carriage return": (line(id="tt0000105\r"), ["id: not an IMDb title id"]),
    "no title": (film(106, tituloPincipal=""), ["tituloPincipal: empty"]),
    "null title": (film(107, tituloPincipal=r"\N"), ["tituloPincipal: empty"]),
    "text for a year": (film(108, anoLancamento="soon"), ["anoLancamento: not a number"]),
    "year of 3022": (film(109, anoLancamento="3022"), ["anoLancamento: out of range"]),
    "year of 1869": (film(110, anoLancamento="1869"), ["anoLancamento: out of range"]),
    "half a minute": (film(111, tempoMinutos="90.5"), ["tempoMinutos: not a number"]),
    "no minutes": (film(112, tempoMinutos="0"), ["tempoMinutos: out of range"]),
    "minutes below nothing": (film(113, tempoMinutos="-5"), ["tempoMinutos: out of range"]),
    "rating of 11": (film(114, notaMedia="11"), ["notaMedia: out of range"]),
    "rating of 0.9": (film(115, notaMedia="0.9"), ["notaMedia: out of range"]),
    "comma rating": (film(116, notaMedia="7,1"), ["notaMedia: not a number"]),
    "rating NaN": (film(117, notaMedia="NaN"), ["notaMedia: not a number"]),
    "rating with a Java suffix": (film(130, notaMedia="7.5d"), ["notaMedia: not a number"]),
    "negative votes": (film(118, numeroVotos="-1"), ["numeroVotos: out of range"]),
    "votes with a dot": (film(119, numeroVotos="1.234"), ["numeroVotos: not a number"]),
    "votes past 2^31": (film(120, numeroVotos="9999999999"), ["numeroVotos: not a number"]),
    "born never": (film(121, anoNascimento="0"), ["anoNascimento: out of range"]),
    "died in 3022": (film(122, anoFalecimento="3022"), ["anoFalecimento: out of range"]),
    "born in words": (film(123, anoNascimento="1970?"), ["anoNascimento: not a number"]),
    "known for a name": (
        film(124, titulosMaisConhecidos="tt0000001,nm0000001"),
        ["titulosMaisConhecidos: not a list of IMDb title ids"],
    ),
    "NUL": (film(125, personagem="a\0b"), ["line: holds a NUL byte"]),
    "bad UTF-8 in the artist": (
        film(126, personagem="é").encode("latin-1"),
        ["line: not UTF-8"],
    ),
    "bad UTF-8 in the title": (
        film(127, tituloPincipal="é").encode("latin-1"),
        ["line: not UTF-8"],
    ),
    "two faults": (
        film(128, notaMedia="11", anoNascimento="x"),
        ["notaMedia: out of range", "anoNascimento: not a number"],
    ),
}
BAD_SERIES = {
    "ended in 3022": (show(201, anoTermino="3022"), ["anoTermino: out of range"]),
    "ended in words": (show(202, anoTermino="now"), ["anoTermino: not a number"]),
    "a film's width": (film(203), None),
}
CUT = film(301)[:40]
# The rows of titles that disagree, and an id that stands in both files.
MAJORITY = [
    film(401, numeroVotos="5", nomeArtista="A"),
    film(401, numeroVotos="5", nomeArtista="B"),
    film(401, numeroVotos="6", nomeArtista="C"),
]
TIE = [film(402, anoLancamento="1999"), film(402, anoLancamento="2000")]
BOTH = [film(403), film(403, nomeArtista="Rui"), show(403)]
# What stands in a bad line has no say.
DAMAGED_TWIN = [film(404), film(404, tituloPincipal="é").encode("latin-1")]
WRONG_WIDTH_TWIN = [film(405), film(405, notaMedia="2.0") + "|x"]
QUOTES = [film(501, tituloPincipal='"Quoted'), film(502, tituloOriginal='a "b" c"')]
UNKNOWN = film(
    503, tituloOriginal="", anoLancamento=r"\N", tempoMinutos="", genero=r"\N", notaMedia=r"\N",
    numeroVotos="", generoArtista=r"\N", personagem="", nomeArtista=r"\N", anoNascimento="",
    profissao="", titulosMaisConhecidos=r"\N",
)  # fmt: skip
EDGES = film(
    504, anoLancamento="1870", tempoMinutos="100000", notaMedia="10.0", numeroVotos="0",
    anoNascimento="2031", genero="Crime", titulosMaisConhecidos="tt12345678",
)  # fmt: skip
MOVIES = [
    *(bad for bad, _ in BAD.values()),
    *(MAJORITY + TIE + BOTH[:2] + DAMAGED_TWIN + WRONG_WIDTH_TWIN + QUOTES),
    UNKNOWN,
    EDGES,
    *[GOOD, GOOD, GOOD + "\r"],
    "|".join(header(Kind.MOVIE)),
    "",
    "",
    CUT,
]
SERIES = [*(bad for bad, _ in BAD_SERIES.values()), BOTH[2], show(901), show(902, anoTermino="")]


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
    }
    assert [row for row in rows_of(cleaned[0], CREDITS) if row["title_id"] == "tt0000001"] == [
        {
            "title_id": "tt0000001",
            "name": "Ana Souza",
            "birth_year": 1970,
            "death_year": None,
            "job": "actress",
            "character": "Inês",
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
    files = {kind: content(kind, *wild_lines(random, kind, words, 400)) for kind in Kind}
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


def test_over_the_share_of_bad_rows_the_tables_stay_as_they_were(spark, tmp_path):
    settings = settings_at(tmp_path / "lake", max_bad_share=0.25)
    tables = tables_of(settings)
    bad = [film(1, notaMedia="11"), film(2, notaMedia="12")]
    good = [film(number) for number in range(3, 9)]
    ingested(settings.lake, tmp_path / "source", [*good, *bad])
    build_trusted(tables, settings)  # two in eight: just not over a quarter
    before = held(tables, ("Trusted",))
    assert before["titles"].total() == 7

    ingested(settings.lake, tmp_path / "source", [*good, *bad, film(9, notaMedia="13")])
    with pytest.raises(QualityError) as raised:
        build_trusted(tables, settings)
    rejected = tmp_path / "lake/Quarantine/Local/CSV/Movies/2026/01/10/movies.2.csv.rejected.jsonl"
    assert str(raised.value) == (
        "Raw/Local/CSV/Movies/2026/01/10/movies.2.csv: 3 of 9 rows are bad,"
        " more than --max-bad-share 0.25; nothing was published\n"
        "  3 × notaMedia: out of range\n"
        f"  the rejected rows: {rejected}"
    )
    rows = [json.loads(text) for text in rejected.read_text(encoding="utf-8").splitlines()]
    assert {row["line"] for row in rows} == {*bad, film(9, notaMedia="13")}
    assert {tuple(row["reasons"]) for row in rows} == {("notaMedia: out of range",)}
    assert held(tables, ("Trusted",)) == before
    assert held(tables_of(settings), ("Trusted",)) == before


LATIN_1 = [film(n, personagem="Inês").encode("latin-1") for n in range(1, 9)]
REFUSED = {
    "Latin-1": (
        [*LATIN_1, film(9, notaMedia="11")],
        ["8 × line: not UTF-8", "1 × notaMedia: out of range", "looks like Latin-1 (Windows-1252)"],
    ),
    "semicolons": (
        [film(n).replace("|", ";") for n in range(1, 4)],
        ["3 × line: wrong number of columns", "looks like cells with semicolons between"],
    ),
    "every cell quoted": (
        [f'"{film(n)}"'.replace("|", '"|"') for n in range(1, 4)],
        ["3 × id: not an IMDb title id", "looks like every cell is quoted"],
    ),
    "many rules": (
        [film(n, notaMedia="11") for n in (1, 2)] + [film(n, tempoMinutos="x") for n in (3, 4, 5)],
        ["3 × tempoMinutos: not a number", "2 × notaMedia: out of range", "the rejected rows"],
    ),
}


@pytest.mark.parametrize(("rows", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_run_says_why(spark, tmp_path, rows, expected):
    settings = settings_at(tmp_path / "lake")
    ingested(settings.lake, tmp_path / "source", rows)
    with pytest.raises(QualityError) as raised:
        build_trusted(tables_of(settings), settings)
    first, *others = str(raised.value).split("\n  ")
    assert f"of {len(rows)} rows are bad, more than --max-bad-share 0.01; nothing was" in first
    where = [next((n for n, text in enumerate(others) if line in text), None) for line in expected]
    assert None not in where, others
    assert where == sorted(where)
    kept = settings.lake.storage.list("Quarantine")
    assert kept == ["Quarantine/Local/CSV/Movies/2026/01/10/movies.csv.rejected.jsonl"]
    assert len(settings.lake.storage.open(kept[0]).read().splitlines()) == len(rows)


def test_a_list_with_blanks_is_in_scope_and_in_the_tables(spark, tmp_path):
    """IMDb's own list exports join genres by a comma and a blank."""
    settings = settings_at(tmp_path / "lake")
    known_for, professions = "tt0000001, tt0000002", "actor, producer"
    row = film(1, genero="Drama, Crime", profissao=professions, titulosMaisConhecidos=known_for)
    ingested(settings.lake, tmp_path / "source", [row])
    assert list(ids_in_scope(settings.lake, Kind.MOVIE, settings.genres)) == ["tt0000001"]
    tables = tables_of(settings)
    build_trusted(tables, settings)
    assert rows_of(tables, TITLES)[0]["genres"] == ["Drama", "Crime"]
    (credit,) = [row for row in rows_of(tables, CREDITS) if row["title_id"] == "tt0000001"]
    assert credit["professions"] == ["actor", "producer"]
    assert credit["known_for"] == ["tt0000001", "tt0000002"]
    assert {row["kind"]: row["in_scope"] for row in rows_of(tables, TMDB_COVERAGE)} == {
        "movie": 1,
        "series": 1,
    }


def test_a_lake_s_path_is_no_pattern(spark, tmp_path):
    """`g[12]` as a pattern is the folder `g1`."""
    wild = "{a,b} st*r? b\\s it's 100%\nline"
    for folder, number in ((f"g1/{wild}", 1), (f"g[12]/{wild}", 2)):
        settings = settings_at(tmp_path / folder)
        ingested(settings.lake, tmp_path / "source", [film(number)])
        tables = tables_of(settings)
        build_trusted(tables, settings)
    assert rows_of(tables, TITLES)[0]["title_id"] == "tt0000002"
    with connect(settings.lake) as connection:
        assert ("tt0000002",) in connection.execute("SELECT title_id FROM titles").fetchall()
