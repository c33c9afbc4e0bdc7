"""A value of the wrong type costs a response that field, not the title, and never goes unsaid."""

import json
from contextlib import nullcontext

import pytest
from support.lakes import answer, answered, rows_of, settings_at, tables_of
from support.source_files import ingested, line

from datalake.core.errors import QualityError
from datalake.pipeline.page_data import _quarantine_reasons
from datalake.pipeline.trusted import build_trusted
from datalake.schemas.kinds import Kind
from datalake.schemas.trusted import QUARANTINE, TMDB_CREDITS, TMDB_SEASONS, TMDB_TITLES
from datalake.sources.tmdb.account import ResponseAccount, check_responses

GOOD_FILM = {
    "title": "A Fuga",
    "original_language": "pt",
    "status": "Released",
    "release_date": "1999-01-02",
    "runtime": 91,
    "budget": 5_000_000_000,
    "revenue": 12,
    "popularity": 1.5,
    "vote_average": 6.5,
    "vote_count": 9,
    "genres": [{"id": 80, "name": "Crime"}],
    "credits": {
        "cast": [{"id": 11, "name": "Ana", "character": "Inês", "order": 0}],
        "crew": [{"id": 13, "name": "Eva", "job": "Director"}],
    },
}
GOOD_SHOW = {
    "name": "Borders",
    "first_air_date": "2001-01-02",
    "last_air_date": "2003-05-06",
    "episode_run_time": [45, 50],
    "popularity": 2.5,
    "vote_average": 8,
    "vote_count": 1,
    "number_of_seasons": 2,
    "number_of_episodes": 21,
    "created_by": [{"id": 21, "name": "Lia"}],
    "seasons": [
        {"season_number": 1, "name": "Season 1", "air_date": "2001-01-02", "episode_count": 10}
    ],
    "aggregate_credits": {
        "cast": [
            {
                "id": 22,
                "name": "Max",
                "order": 0,
                "total_episode_count": 21,
                "roles": [{"character": "Spy", "episode_count": 20}],
            }
        ],
        "crew": [{"id": 23, "name": "Noa", "jobs": [{"job": "Writer", "episode_count": 4}]}],
    },
}
READ_EXACTLY = [
    {"popularity": "1.5"},
    {"popularity": 15e-1, "runtime": 91.0},
    {"budget": 5_000_000_000.0, "vote_count": "9", "revenue": "12.0"},
    {"vote_average": "6.5", "runtime": " 91 "},
    {
        "credits": GOOD_FILM["credits"]
        | {"cast": [{"id": "11", "name": "Ana", "character": "Inês", "order": 0.0}]}
    },
]  # fmt: skip
LOST = [
    ({"runtime": 90.5}, "runtime_minutes", "body.runtime: not a whole number: 90.5"),
    ({"budget": "a lot"}, "budget", "body.budget: not a whole number: a lot"),
    ({"revenue": 10**30}, "revenue", f"body.revenue: not a whole number: {10**30}"),
    ({"popularity": True}, "popularity", "body.popularity: not a number: true"),
    ({"popularity": {"now": 1}}, "popularity", 'body.popularity: not a number: {"now":1}'),
    ({"popularity": "7.5d"}, "popularity", "body.popularity: not a number: 7.5d"),
    ({"genres": {}}, "genres", "body.genres: not a list: {}"),
    ({"title": ["A"]}, "title", 'body.title: not a text: ["A"]'),
    ({"release_date": "1999"}, "release_date", "body.release_date: not a date: 1999"),
    ({"release_date": 19990102}, "release_date", "body.release_date: not a date: 19990102"),
]


@pytest.fixture(scope="module")
def drifted(spark, tmp_path_factory):
    """The tables made of films and series that drift in one field or another."""
    folder = tmp_path_factory.mktemp("drift")
    settings = settings_at(folder / "lake", max_bad_share=1.0)
    bodies = [GOOD_FILM, *({**GOOD_FILM, **drift} for drift in READ_EXACTLY)]
    bodies += [{**GOOD_FILM, **drift} for drift, _, _ in LOST]
    films = [answer(f"tt{number:07d}", **body) for number, body in enumerate(bodies, 1)]
    shows = [answer(f"tt{number:07d}", Kind.SERIES, **body) for number, body in SHOWS.items()]
    source = [line(id=json.loads(film)["imdb_id"]) for film in films]
    series = [line(Kind.SERIES, id=f"tt{number:07d}") for number in SHOWS]
    ingested(settings.lake, folder / "source", source, series)
    answered(settings.lake, *films)
    answered(settings.lake, *shows, kind=Kind.SERIES)
    tables = tables_of(settings)
    return tables, build_trusted(tables, settings)


ODD_CREDITS = {
    "cast": [None, {"id": 22, "name": "Max", "order": 0.5, "roles": {}}, 7],
    "crew": [
        {"id": 23, "name": "Noa", "jobs": [{"job": "Writer", "episode_count": "4"}, None]},
        {"id": 24, "name": "Ivo", "jobs": None},
        None,
    ],
}
SHOWS = {
    901: GOOD_SHOW,
    902: {**GOOD_SHOW, "episode_run_time": [22.5], "aggregate_credits": ODD_CREDITS},
    903: {**GOOD_SHOW, "seasons": {"1": {}}, "created_by": [None], "aggregate_credits": []},
    904: {**GOOD_SHOW, "seasons": [{"season_number": 1, "air_date": "soon"}, {"name": "?"}]},
    905: {**GOOD_SHOW, "genres": [None, {"name": "War"}], "popularity": "2.5"},
}  # fmt: skip


def film_rows(tables):
    rows = {row["title_id"]: row for row in rows_of(tables, TMDB_TITLES) if row["kind"] == "movie"}
    return [
        {name: value for name, value in row.items() if name not in ("title_id", "tmdb_id")}
        for _, row in sorted(rows.items())
    ]


def test_what_can_be_read_exactly_is_read(drifted):
    good, *others = film_rows(drifted[0])[: 1 + len(READ_EXACTLY)]
    assert others == [good] * len(READ_EXACTLY)


@pytest.mark.parametrize(("number", "column"), list(enumerate(column for _, column, _ in LOST)))
def test_the_field_is_lost_and_the_title_kept(drifted, number, column):
    good, *_ = rows = film_rows(drifted[0])
    assert rows[1 + len(READ_EXACTLY) + number] == good | {column: None}


def test_the_credits_of_drifted_titles_are_kept(drifted):
    credits = rows_of(drifted[0], TMDB_CREDITS)
    films = {row["title_id"] for row in credits if row["title_id"] < "tt0000901"}
    assert len(films) == 1 + len(READ_EXACTLY) + len(LOST)
    by_show = {
        number: {(row["tmdb_person_id"], row["role"], row["episodes"]) for row in credits
                 if row["title_id"] == f"tt{number:07d}"}
        for number in SHOWS
    }  # fmt: skip
    whole = {(21, "creator", None), (22, "actor", 21), (23, "writer", 4)}
    assert by_show[901] == by_show[904] == by_show[905] == whole
    assert by_show[902] == {(21, "creator", None), (22, "actor", None), (23, "writer", 4)}
    assert by_show[903] == set()
    seasons = rows_of(drifted[0], TMDB_SEASONS)
    assert [row["title_id"] for row in seasons] == [f"tt{n:07d}" for n in (901, 902, 904, 905)]
    genres = {r["title_id"]: r["genres"] for r in rows_of(drifted[0], TMDB_TITLES)}
    assert genres["tt0000905"] == ["War"]


def test_the_quarantine_names_field_and_value(drifted):
    rows = rows_of(drifted[0], QUARANTINE)
    reasons = {json.loads(row["line"])["title_id"]: set(row["reasons"]) for row in rows}
    first = 2 + len(READ_EXACTLY)
    expected = {f"tt{first + n:07d}": {reason} for n, (_, _, reason) in enumerate(LOST)}
    expected["tt0000902"] = {
        "body.episode_run_time[]: not a whole number: 22.5",
        "body.aggregate_credits.cast[].order: not a whole number: 0.5",
        "body.aggregate_credits.cast[].roles: not a list: {}",
        "body.aggregate_credits.cast[]: not an object: 7",
    }
    expected["tt0000903"] = {
        'body.seasons: not a list: {"1":{}}',
        "body.aggregate_credits: not an object: []",
    }
    expected["tt0000904"] = {"body.seasons[].air_date: not a date: soon"}
    assert reasons == expected


def test_the_counts_are_told(drifted):
    films, series = drifted[1].responses
    assert (films.kind, films.responses, films.rejected, films.incomplete) == (
        "movie", 1 + len(READ_EXACTLY) + len(LOST), 0, len(LOST)
    )  # fmt: skip
    assert films.reasons["body.popularity: not a number"] == 3
    assert films.text.startswith("16 responses on movie titles, 0 rejected, 10 lost a field (body.")
    assert (series.responses, series.rejected, series.incomplete) == (5, 0, 3)


def test_the_page_lists_reasons_without_values(drifted):
    rows = _quarantine_reasons(drifted[0].query)
    counts = {row["reason"]: row["rows"] for row in rows}
    assert counts["body.popularity: not a number"] == 3
    assert not [reason for reason in counts if reason.count(": ") > 1]


def account(kind="movie", responses=1_000, rejected=0, reasons=None):
    return ResponseAccount(kind, responses, rejected, responses // 2, reasons or {})


@pytest.mark.parametrize(
    ("accounts", "is_refused"),
    [
        ([account(rejected=10)], False),
        ([account(rejected=11)], True),
        ([account(reasons={"body.runtime: not a whole number": 10})], False),
        ([account(reasons={"body.runtime: not a whole number": 11})], True),
        # Many oddities, but each column keeps 99 of 100 values.
        ([account(reasons={f"body.{n}: not a list": 10 for n in range(50)})], False),
        # All series, though they are few beside the films.
        ([account(), account("series", 20, reasons={"body.name: not a text": 20})], True),
        ([account(responses=1, rejected=1)], False),
        ([account(responses=2, rejected=2)], True),
        ([account(), account(None, 10, rejected=10)], False),
        ([account(), account(None, 11, rejected=11)], True),
    ],
)
def test_the_share_bounds_rejections_and_each_field(accounts, is_refused):
    with (
        pytest.raises(QualityError, match=r"TMDB: .*--max-bad-share 0\.01")
        if is_refused
        else (nullcontext())
    ):
        check_responses(accounts, 0.01)


def test_a_field_that_drifts_in_all_responses_publishes_nothing(spark, tmp_path):
    settings = settings_at(tmp_path / "lake", max_bad_share=0.9)
    ids = [f"tt{number:07d}" for number in range(1, 5)]
    ingested(settings.lake, tmp_path / "source", [line(id=title_id) for title_id in ids])
    answered(settings.lake, *(answer(i, **(GOOD_FILM | {"popularity": "often"})) for i in ids))
    tables = tables_of(settings)
    with pytest.raises(QualityError, match=r"body\.popularity: not a number: 4\).*0\.9"):
        build_trusted(tables, settings)
    assert not tables.has(TMDB_TITLES)
