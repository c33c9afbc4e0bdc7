import logging
import traceback
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from support.scripted_tmdb import (
    FILM,
    GONE,
    KEPT,
    SECRET,
    client,
    scripted,
)

from datalake.core.errors import SettingsError, TmdbError
from datalake.demo.server import TmdbServer
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.auth import ApiKey, Bearer
from datalake.sources.tmdb.outcome import Outcome
from datalake.sources.tmdb.retry import UnavailableError


@pytest.mark.parametrize(
    ("kind", "imdb_id", "tmdb_id", "outcome", "found_id", "requests"),
    [
        (Kind.MOVIE, "tt0133093", None, Outcome.FOUND, 603, {"movie": 1}),
        (Kind.MOVIE, "tt0133093", 603, Outcome.FOUND, 603, {"movie": 1}),
        (Kind.SERIES, "tt0903747", None, Outcome.FOUND, 1396, {"find": 1, "tv": 1}),
        (Kind.SERIES, "tt0903747", 1396, Outcome.FOUND, 1396, {"tv": 1}),
        (Kind.MOVIE, "tt0903747", None, Outcome.OTHER_KIND, None, {"movie": 1, "find": 1}),
        (Kind.SERIES, "tt0133093", None, Outcome.OTHER_KIND, None, {"find": 1}),
        (Kind.MOVIE, "tt9999999", None, Outcome.NOT_FOUND, None, {"movie": 1, "find": 1}),
        (Kind.SERIES, "tt9999999", None, Outcome.NOT_FOUND, None, {"find": 1}),
        # The number kept from earlier is gone, or is another title now.
        (Kind.SERIES, "tt0903747", 77, Outcome.FOUND, 1396, {"tv": 2, "find": 1}),
        (Kind.MOVIE, "tt9999999", 603, Outcome.NOT_FOUND, None, {"movie": 1, "find": 1}),
    ],
)
def test_a_title_by_its_imdb_id(kind, imdb_id, tmdb_id, outcome, found_id, requests):
    with TmdbServer(KEPT, SECRET) as server:
        answer = client(server.url).fetch_title(kind, imdb_id, tmdb_id)
        assert (answer.outcome, answer.tmdb_id) == (outcome, found_id)
        assert (answer.body is not None) == (outcome is Outcome.FOUND)
        assert dict(server.requests) == requests


@pytest.mark.parametrize(
    ("kind", "imdb_id", "tmdb_ids"),
    [(Kind.SERIES, "tt0903747", [1396]), (Kind.MOVIE, "tt0133093", []), (Kind.SERIES, "tt1", [])],
)
def test_an_id_is_told_before_the_page_is_asked_for(kind, imdb_id, tmdb_ids):
    heard = []
    with TmdbServer(KEPT, SECRET) as server:
        client(server.url).fetch_title(
            kind,
            imdb_id,
            on_identified=lambda tmdb_id: heard.append((tmdb_id, server.requests["tv"])),
        )
    assert heard == [(tmdb_id, 0) for tmdb_id in tmdb_ids]


def test_the_credits_come_with_the_details():
    with TmdbServer(KEPT, SECRET) as server:
        body = client(server.url).fetch_title(Kind.MOVIE, "tt0133093").body
    assert body["credits"] == {}
    assert body["external_ids"] == {"imdb_id": "tt0133093"}


def test_a_v3_key_is_accepted_as_well():
    with TmdbServer(KEPT, SECRET) as server:
        answer = client(server.url, ApiKey(SECRET)).fetch_title(Kind.MOVIE, "tt0133093")
    assert answer.outcome is Outcome.FOUND


def test_a_redirect_is_not_followed():
    with scripted((302, {"Location": "/3/elsewhere"}, b""), (200, {}, FILM)) as (url, asked):
        client(url).fetch_title(Kind.MOVIE, "tt0133093")
    assert {urlsplit(path).path for path in asked} == {"/3/movie/tt0133093"}


@pytest.mark.parametrize("token", [Bearer("wrong"), ApiKey("wrong")])
def test_a_refused_token_stops_at_once_and_names_the_variable(token):
    with TmdbServer(KEPT, SECRET) as server:
        with pytest.raises(TmdbError, match=r"TMDB_TOKEN") as raised:
            client(server.url, token).fetch_title(Kind.MOVIE, "tt0133093")
        assert not isinstance(raised.value, UnavailableError)
        assert server.requests.total() == 1
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("reply", "reached", "tries"),
    [
        ((404, {}, b"<html>nothing here</html>"), False, 3),
        ((404, {}, {"detail": "Not Found"}), True, 1),
        ((301, {"Location": "http://127.0.0.1:9/"}, b""), False, 3),
        ((400, {}, {"success": False, "status_code": 27}), True, 1),
        ((200, {}, [1, 2]), False, 3),
    ],
)
def test_an_endpoint_that_is_not_tmdb_has_no_unknown_titles(reply, reached, tries):
    with scripted(reply) as (url, asked):
        with pytest.raises(UnavailableError, match="--tmdb-url") as raised:
            client(url).fetch_title(Kind.MOVIE, "tt0133093")
        assert len(asked) == tries
    assert raised.value.reached == reached


def test_an_answer_without_id_is_no_title():
    with scripted((200, {}, {"success": True})) as (url, _), pytest.raises(UnavailableError):
        client(url).fetch_title(Kind.MOVIE, "tt0133093")


@pytest.mark.parametrize(
    "url", ["", "api.themoviedb.org/3", "ftp://host/3", "http://me:pw@host/3", "http://["]
)
def test_a_bad_address_is_named(url):
    with pytest.raises(SettingsError, match="--tmdb-url") as raised:
        client(url)
    assert "pw" not in str(raised.value)


@pytest.mark.parametrize("make", [Bearer, ApiKey])
@pytest.mark.parametrize(
    "reply",
    [
        (200, {}, FILM),
        (401, {}, {"status_code": 7, "status_message": SECRET}),
        (500, {}, b""),
        (200, {"Content-Length": "99"}, b"{"),
        (400, {}, {"status_code": 5}),
        None,
    ],
)
def test_the_secret_shows_nowhere(make, reply, caplog):
    caplog.set_level(logging.DEBUG)
    token = make(SECRET)
    shown = [repr(token), str(token), f"{token}"]
    with scripted(reply or GONE) as (url, _):
        pass_on = url if reply else "http://127.0.0.1:9/3"  # nothing listens there
        try:
            client(pass_on, token).fetch_title(Kind.MOVIE, "tt0133093")
        except TmdbError:
            shown.append(traceback.format_exc())
            assert reply != (200, {}, FILM)
    shown += [record.getMessage() for record in caplog.records]
    assert any("GET /3/movie/tt0133093" in text for text in shown) or reply is None
    assert SECRET not in "\n".join(shown)


def test_the_key_is_in_no_exception_even_behind_the_scenes():
    asking = client("http://127.0.0.1:9/3", ApiKey(SECRET))
    with pytest.raises(UnavailableError, match="connection failed") as raised:
        asking.fetch_title(Kind.MOVIE, "tt0133093")
    assert raised.value.__context__ is None
    assert not raised.value.reached


@pytest.mark.parametrize("value", ["", "  ", "two words", "naïve", "a\nb"])
def test_a_token_that_cannot_be_one_is_named_not_shown(value):
    for make, variable in ((Bearer, "TMDB_TOKEN"), (ApiKey, "TMDB_API_KEY")):
        with pytest.raises(SettingsError, match=variable) as raised:
            make(value)
        assert value.strip() == "" or value not in str(raised.value)


def test_a_newline_after_the_token_does_no_harm():
    with TmdbServer(KEPT, SECRET) as server:
        assert client(server.url, Bearer(f"{SECRET}\n")).fetch_title(Kind.MOVIE, "tt0133093").body


START = date(2026, 1, 1)


def test_changes_are_read_over_all_windows_and_pages():
    with TmdbServer(KEPT, SECRET) as server:
        for number in range(250):
            server.mark_changed("movie", number, START)
        for offset in (13, 14, 27, 28, 40):
            server.mark_changed("movie", 1000 + offset, START + timedelta(offset))
        server.mark_changed("movie", 9001, START - timedelta(1))
        server.mark_changed("movie", 9002, START + timedelta(41))
        server.mark_changed("tv", 9003, START)
        changed = client(server.url).changed_ids(Kind.MOVIE, START, START + timedelta(40))
        assert changed == {*range(250), 1013, 1014, 1027, 1028, 1040}
        assert dict(server.requests) == {"movie/changes": 3 + 1 + 1}


def test_a_window_of_too_many_pages_is_halved():
    many = (200, {}, {"results": [{"id": 1}], "page": 1, "total_pages": 501})
    few = [(200, {}, {"results": [{"id": n, "adult": None}], "total_pages": 1}) for n in (2, 3)]
    with scripted(many, *few) as (url, asked):
        assert client(url).changed_ids(Kind.SERIES, START, START + timedelta(13)) == {2, 3}
    assert [urlsplit(path).query for path in asked] == [
        "start_date=2026-01-01&end_date=2026-01-14&page=1",
        "start_date=2026-01-01&end_date=2026-01-07&page=1",
        "start_date=2026-01-08&end_date=2026-01-14&page=1",
    ]
