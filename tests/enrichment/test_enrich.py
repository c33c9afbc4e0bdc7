import json
from collections import Counter
from datetime import timedelta

from support.enriched import (
    DAY,
    FILMS,
    GENRES,
    NOON,
    SECRET,
    SERIES,
    a_second_passes_with_each_request,
    at,
    days,
    files,
    make_bodies,
    make_client,
    make_lake,
    raw,
    raw_ids,
)
from support.file_times import file_times

from datalake.demo.server import TmdbServer
from datalake.enrichment.run import EnrichOptions, enrich
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.raw import tmdb_folder


def test_a_first_run_keeps_every_answer_and_tells(tmp_path):
    lake = make_lake(tmp_path, [*FILMS, "tt0777777", SERIES[0]], [*SERIES, "tt0888888"])
    seen = []
    with TmdbServer(make_bodies(), SECRET) as server:
        summary = enrich(
            lake, make_client(server), GENRES, DAY, at(NOON), lambda *step: seen.append(step)
        )
        assert dict(server.requests) == {"movie": 42, "find": 2 + 11, "tv": 10}
    assert (summary.due, summary.found, summary.not_found) == (53, 50, 2)
    assert (summary.other_kind, summary.failed, summary.left) == (1, {}, 0)
    assert (summary.requests, summary.retries, summary.too_many) == (65, 0, 0)
    assert summary.rate > 0
    assert seen == [("ask TMDB", done, 53, "titles") for done in range(1, 54)]
    films = {record["imdb_id"]: record for record in raw(lake, Kind.MOVIE)}
    assert films.keys() == {*FILMS, "tt0777777", SERIES[0]}
    assert films[FILMS[2]] == {
        "imdb_id": "tt0000003",
        "media_type": "movie",
        "tmdb_id": 3,
        "outcome": "found",
        "fetched_at": "2026-01-10T12:00:00Z",
        "body": {
            "id": 3,
            "title": "Título 3\u2028",
            "genres": [],
            "external_ids": {"imdb_id": "tt0000003"},
        },
    }
    assert films["tt0777777"] == {
        "imdb_id": "tt0777777",
        "media_type": "movie",
        "tmdb_id": None,
        "outcome": "not_found",
        "fetched_at": "2026-01-10T12:00:00Z",
        "body": None,
    }
    assert films[SERIES[0]]["outcome"] == "other_kind"
    assert {record["media_type"] for record in raw(lake, Kind.SERIES)} == {"tv"}
    (part,) = lake.storage.list(tmdb_folder(Kind.MOVIE))
    assert part.startswith("Raw/TMDB/JSON/Movies/2026/01/10/")
    (run,) = lake.storage.list("Raw/TMDB/Ledger/Runs")
    manifest = json.load(lake.storage.open(run))
    assert (manifest["found"], manifest["left"]) == (50, 0)
    assert SECRET not in str(files(lake))


def test_a_second_run_with_nothing_due_asks_and_writes_nothing(tmp_path):
    lake = make_lake(tmp_path, [*FILMS, "tt0777777"])
    with TmdbServer(make_bodies(), SECRET) as server:
        enrich(lake, make_client(server), GENRES, DAY, at(NOON))
        before, requests = file_times(lake), server.requests.copy()
        summary = enrich(lake, make_client(server), GENRES, DAY, at(NOON + timedelta(hours=2)))
        assert server.requests == requests
        assert file_times(lake) == before
        assert (summary.due, summary.requests, summary.left) == (0, 0, 0)
        # A day later only the lists of changes are read, and nothing is written either.
        enrich(lake, make_client(server), GENRES, DAY, at(NOON + days(1)))
        assert server.requests - requests == {"movie/changes": 1, "tv/changes": 1}
        assert file_times(lake) == before


def test_a_day_later_what_changed_is_asked_again_once(tmp_path):
    lake = make_lake(tmp_path)
    with TmdbServer(make_bodies(), SECRET) as server:
        enrich(lake, make_client(server), GENRES, DAY, at(NOON))
        server.mark_changed("movie", 3, DAY + days(1))
        server.mark_changed("tv", 10_000_004, DAY)
        server.mark_changed("movie", 424_242, DAY)  # not in scope
        server.requests.clear()
        summary = enrich(lake, make_client(server), GENRES, DAY, at(NOON + days(1)))
        expected = {"movie": 1, "tv": 1, "movie/changes": 1, "tv/changes": 1}
        assert dict(server.requests) == expected
        assert (summary.found, summary.requests, summary.change_pages) == (2, 2, 2)
        server.requests.clear()
        enrich(lake, make_client(server), GENRES, DAY, at(NOON + days(1)))
        assert not server.requests
    assert Counter(raw_ids(lake))["tt0000003"] == 2


def test_changes_that_a_stopped_run_left_are_asked_by_the_next(tmp_path):
    lake = make_lake(tmp_path)
    with TmdbServer(make_bodies(), SECRET) as server:
        enrich(lake, make_client(server), GENRES, DAY, at(NOON))
        for number in range(1, 11):
            server.mark_changed("movie", number, DAY + days(1))
        terms = EnrichOptions(now=lambda: NOON + days(2), limit=4)
        summary = enrich(lake, make_client(server), GENRES, DAY, terms)
        assert (summary.due, summary.found, summary.left) == (10, 4, 6)
        summary = enrich(lake, make_client(server), GENRES, DAY, at(NOON + days(5)))
        # The four had been asked after their change, but lists know days only.
        assert summary.found >= 6
        summary = enrich(lake, make_client(server), GENRES, DAY, at(NOON + days(6)))
        assert summary.due == 0
    assert set(Counter(raw_ids(lake))[imdb_id] for imdb_id in FILMS[:10]) >= {2}


def test_old_answers_and_old_misses_are_asked_again(tmp_path):
    lake = make_lake(tmp_path, [*FILMS, "tt0777777"])
    with TmdbServer(make_bodies(), SECRET) as server:
        enrich(lake, make_client(server), GENRES, DAY, at(NOON))
        server.requests.clear()
        summary = enrich(lake, make_client(server), GENRES, DAY, at(NOON + days(31)))
        assert (summary.due, summary.not_found) == (1, 1)
        server.requests.clear()
        summary = enrich(lake, make_client(server), GENRES, DAY, at(NOON + days(95)))
        assert (summary.due, summary.found) == (51, 50)
        # Their TMDB ids are known by now: one request each, and two for the miss.
        assert server.requests["movie"] + server.requests["tv"] == 51
        assert server.requests["find"] == 1


def test_a_limit_leaves_the_rest_to_the_next_run(tmp_path):
    lake = make_lake(tmp_path)
    with TmdbServer(make_bodies(), SECRET) as server:
        lefts = [
            enrich(
                lake, make_client(server), GENRES, DAY, EnrichOptions(limit=20, now=lambda: NOON)
            ).left
            for _ in range(4)
        ]
        assert server.requests["movie"] == 40
    assert lefts == [30, 10, 0, 0]
    assert raw_ids(lake) == sorted(FILMS + SERIES)


def test_a_stop_finishes_what_is_on_the_way_and_tells_what_is_left(tmp_path):
    lake = make_lake(tmp_path)
    with TmdbServer(make_bodies(), SECRET, latency=0.02) as server:
        client = make_client(server)

        def stop_after_ten(what, done, due, unit):
            if done == 10:
                client.rate_limiter.stop.set()

        summary = enrich(lake, client, GENRES, DAY, at(NOON), stop_after_ten)
        assert 10 <= summary.found < 25
        assert summary.left == 50 - summary.found
        assert len(raw_ids(lake)) == summary.found
        enrich(lake, make_client(server), GENRES, DAY, at(NOON))
        assert (server.requests["movie"], server.requests["tv"]) == (40, 10)
    assert raw_ids(lake) == sorted(FILMS + SERIES)


def test_a_budget_ends_the_run_in_time(tmp_path, monkeypatch):
    lake = make_lake(tmp_path)
    with TmdbServer(make_bodies(), SECRET) as server:
        a_second_passes_with_each_request(monkeypatch, server)
        options = EnrichOptions(budget_seconds=20, now=lambda: NOON)
        summary = enrich(lake, make_client(server, rate=20), GENRES, DAY, options)
    assert 15 < summary.found < 40
    assert summary.found + summary.left == 50
    assert summary.found == len(raw_ids(lake))
