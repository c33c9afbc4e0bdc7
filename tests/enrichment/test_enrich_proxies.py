"""This machine's addresses are reached directly, whatever proxies the environment names."""

import os

import pytest
from support.command import call
from support.enriched import FILMS, SECRET, SERIES, make_bodies, make_lake, raw_ids
from support.local_s3 import s3_root

from datalake.core.loopback import is_loopback
from datalake.demo.server import TmdbServer

NOWHERE = "http://127.0.0.1:9"  # nothing listens there
NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
PROXIES = {name: NOWHERE for names in NAMES for name in (names, names.lower())}


def test_enrichment_reaches_a_tmdb_and_an_s3_of_this_machine(monkeypatch, tmp_path):
    with s3_root(monkeypatch) as root, TmdbServer(make_bodies(), SECRET) as server:
        lake = make_lake(root)
        words = ("enrich", "--lake", root, "--tmdb-url", server.url, "--rate", "1000")
        environment = PROXIES | {"TMDB_TOKEN": SECRET, "TMPDIR": str(tmp_path)}
        status, _, errors = call(*words, cwd=tmp_path, **environment)
        assert (status, "50 found" in errors) == (0, True), errors
        assert raw_ids(lake) == sorted(FILMS + SERIES)
    assert os.environ.get("HTTP_PROXY") != NOWHERE


def test_other_addresses_go_through_the_proxy(tmp_path):
    make_lake(tmp_path / "lake")
    words = ("enrich", "--tmdb-url", "http://tmdb.test/3")
    status, _, errors = call(*words, cwd=tmp_path, TMDB_TOKEN=SECRET, **PROXIES)
    assert (status, "connection failed" in errors) == (1, True), errors


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8088/3", True),
        ("http://127.8.8.8", True),
        ("https://localhost:4566", True),
        ("http://s3.localhost", True),
        ("http://[::1]:80/3", True),
        ("https://api.themoviedb.org/3", False),
        ("http://127.0.0.1.example.com", False),
        ("http://10.0.0.1", False),
        ("http://0.0.0.0", False),
    ],
)
def test_what_is_this_machine(url, expected):
    assert is_loopback(url) is expected
