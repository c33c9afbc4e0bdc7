"""The local TMDB server, asked over real HTTP."""

import http.client
import logging
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from support.demo_client import FILM, SHOW, TOKEN, get, titles

from datalake.core.errors import SettingsError
from datalake.demo.server import TmdbServer


@pytest.fixture(scope="module")
def bodies():
    return titles()


@pytest.fixture
def server(bodies):
    with TmdbServer(bodies, TOKEN) as server:
        yield server


def test_find_answers_five_arrays(server):
    status, found = get(server, "/find/tt0000101?external_source=imdb_id")
    assert status == 200
    assert found == {
        "movie_results": [
            {
                "adult": False, "backdrop_path": None, "id": 7, "title": "The Flight",
                "original_language": "pt", "original_title": "A Fuga", "overview": "",
                "poster_path": None, "media_type": "movie", "genre_ids": [80], "popularity": 1.5,
                "release_date": "1999-01-02", "video": False, "vote_average": 6.5,
                "vote_count": 9,
            }
        ],
        "person_results": [],
        "tv_results": [],
        "tv_episode_results": [],
        "tv_season_results": [],
    }  # fmt: skip
    _, found = get(server, "/find/tt0000202?external_source=imdb_id")
    assert [show["name"] for show in found["tv_results"]] == ["Borders"]
    assert found["movie_results"] == []


def test_find_on_an_unknown_title_is_empty_and_needs_its_source(server):
    status, found = get(server, "/find/tt0999999?external_source=imdb_id")
    assert (status, set(map(len, found.values()))) == (200, {0})
    assert get(server, "/find/tt0000101")[0] == 422


def test_details_by_either_id_of_films_but_by_tmdb_id_alone_of_series(server):
    assert get(server, "/movie/7")[1]["title"] == "The Flight"
    assert get(server, "/movie/tt0000101")[1]["title"] == "The Flight"
    assert get(server, "/tv/7")[1]["name"] == "Borders"
    assert get(server, "/tv/tt0000202")[0] == 404


def test_only_what_was_asked_for_is_appended(server):
    plain = get(server, "/movie/7")[1]
    assert not {"credits", "external_ids"} & set(plain)
    assert get(server, "/movie/7?append_to_response=credits")[1] == {
        **plain,
        "credits": {"cast": [], "crew": []},
    }
    whole = get(server, "/movie/7?append_to_response=credits,external_ids,unheard_of")[1]
    assert whole == FILM["body"]
    whole = get(server, "/tv/7?append_to_response=aggregate_credits%2Cexternal_ids")[1]
    assert whole == SHOW["body"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/movie/8", 404, 34),
        ("/movie/tt0000202", 404, 34),
        ("/movie/%20", 404, 34),
        ("/nothing/8", 404, 34),
        ("/movie/7?append_to_response=" + ",".join(f"x{n}" for n in range(21)), 400, 27),
        ("/movie/changes?page=0", 400, 22),
        ("/tv/changes?page=501", 400, 22),
        ("/tv/changes?page=one", 400, 22),
        ("/movie/changes?start_date=2024-01-01&end_date=2024-01-16", 422, 20),
        ("/movie/changes?start_date=2024-01-02&end_date=2024-01-01", 422, 20),
        ("/movie/changes?start_date=01.01.2024", 400, 23),
    ],
)
def test_errors_are_tmdb_s(server, path, status, code):
    found, body = get(server, path)
    assert (found, body["status_code"], body["success"]) == (status, code, False)
    assert body["status_message"]


def test_a_token_is_needed_as_bearer_or_api_key(server):
    assert get(server, "/movie/7", token=None)[1]["status_code"] == 7
    assert get(server, "/movie/7", token="wrong")[0] == 401
    assert get(server, "/movie/7?api_key=wrong", token=None)[0] == 401
    assert get(server, f"/movie/7?api_key={TOKEN}", token=None)[0] == 200


def test_no_log_or_repr_holds_the_token(server, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        assert get(server, f"/movie/7?api_key={TOKEN}", token=None)[0] == 200
        assert get(server, f"/movie/8?api_key={TOKEN}")[0] == 404
        with socket.create_connection(("127.0.0.1", int(server.url.split(":")[2][:-2]))) as raw:
            raw.sendall(f"GET /3/movie/7?api_key={TOKEN} to much HTTP/1.1\r\n\r\n".encode())
            raw.recv(10_000)
        deadline = time.monotonic() + 5
        while "movie/8 404" not in caplog.text and time.monotonic() < deadline:
            time.sleep(0.01)
    assert "GET /3/movie/7 200" in caplog.text
    assert "GET /3/movie/8 404" in caplog.text
    shown = caplog.text + "".join(capfd.readouterr()) + repr(server)
    assert TOKEN not in shown


def test_changes_come_by_day_and_page(server):
    first = date(2024, 5, 1)
    for tmdb_id in range(250):
        server.mark_changed("movie", tmdb_id, first + timedelta(days=tmdb_id % 15))
    server.mark_changed("movie", 3, first + timedelta(days=9))
    server.mark_changed("movie", 999, first + timedelta(days=15))
    server.mark_changed("tv", 1000, first)
    pages = [
        get(server, f"/movie/changes?start_date=2024-05-01&end_date=2024-05-15&page={n}")[1]
        for n in (1, 2, 3, 4)
    ]
    assert [len(page["results"]) for page in pages] == [100, 100, 50, 0]
    assert {(page["total_pages"], page["total_results"]) for page in pages} == {(3, 250)}
    assert sorted(c["id"] for page in pages for c in page["results"]) == list(range(250))
    one_day = get(server, "/movie/changes?start_date=2024-05-02&end_date=2024-05-02")[1]
    assert {changed["id"] % 15 for changed in one_day["results"]} == {1}
    assert get(server, "/tv/changes")[1]["results"] == []


def test_requests_are_counted_by_endpoint_and_outcome(server):
    for path in ("/movie/7", "/movie/8", "/tv/7", "/find/tt1?external_source=imdb_id"):
        get(server, path)
    get(server, "/movie/changes")
    assert server.requests == {"movie": 2, "tv": 1, "find": 1, "movie/changes": 1}
    assert server.outcomes == {200: 4, 404: 1}


def test_closing_cuts_open_connections_and_frees_the_port(bodies):
    with TmdbServer(bodies, TOKEN) as server:
        port = int(server.url.split(":")[2].removesuffix("/3"))
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/3/movie/7", headers={"Authorization": f"Bearer {TOKEN}"})
        connection.getresponse().read()
    connection.sock.settimeout(5)
    assert connection.sock.recv(1) == b"", "the server ended the connection"
    connection.close()
    with TmdbServer(bodies, TOKEN, port=port) as again:
        assert get(again, "/movie/7")[0] == 200
        with pytest.raises(SettingsError, match=f"--port {port}"):
            TmdbServer(bodies, TOKEN, port=port)


def test_a_port_that_is_none_is_refused(bodies):
    with pytest.raises(SettingsError, match="--port 70000"):
        TmdbServer(bodies, TOKEN, port=70_000)


def test_serve_forever_ends_when_closed(bodies):
    server = TmdbServer(bodies, TOKEN)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    assert get(server, "/movie/7")[0] == 200
    server._http.shutdown()
    thread.join(5)
    assert not thread.is_alive()


def test_many_clients_at_once_get_their_own_answers(bodies):
    with TmdbServer(bodies, TOKEN) as server, ThreadPoolExecutor(16) as pool:
        paths = ["/movie/7", "/tv/7", "/movie/8"] * 40
        statuses = [status for status, _ in pool.map(lambda path: get(server, path), paths)]
        assert statuses == [200, 200, 404] * 40
        assert server.requests == {"movie": 80, "tv": 40}
