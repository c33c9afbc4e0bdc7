"""Replay files: read, kept, refused."""

import gzip
import json

import pytest
from support.demo_client import FILM, SHOW, TOKEN, get
from support.paths import SHARED

from datalake.core.errors import InputError
from datalake.demo.replay import load_bodies
from datalake.demo.server import TmdbServer

TMDB = SHARED / "data/tmdb"


def test_bad_replay_files_are_named_with_their_line(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps(FILM) + "\n\n{}\n")
    (tmp_path / "b.jsonl").write_text(json.dumps(FILM | {"media_type": "radio"}))
    (tmp_path / "c.jsonl").write_text(json.dumps(FILM | {"tmdb_id": 8}))
    (tmp_path / "d.jsonl.gz").write_bytes(gzip.compress(json.dumps(FILM).encode())[:-9])
    for name, named in (("a", "a.jsonl, line 2"), ("b", "radio"), ("c", "8"), ("d", "d.jsonl.gz")):
        path = next(tmp_path.glob(f"{name}.*"))
        with pytest.raises(InputError, match=named):
            load_bodies([path])
    with pytest.raises(InputError, match="none"):
        load_bodies([tmp_path / "none.jsonl"])


def test_replay_files_are_read_packed_or_not_and_the_later_line_counts(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps(FILM))
    newer = FILM | {"body": FILM["body"] | {"title": "Newer"}}
    (tmp_path / "b.jsonl.gz").write_bytes(
        gzip.compress("\n".join(map(json.dumps, (newer, SHOW))).encode())
    )
    bodies = load_bodies([tmp_path / "a.jsonl", tmp_path / "b.jsonl.gz"])
    assert len(bodies) == 2
    assert bodies.get("movie", 7)["title"] == "Newer"


def test_the_real_answers_are_read_and_served():
    paths = [TMDB / "replay_movies.jsonl.gz", TMDB / "replay_series.jsonl"]
    if not paths[1].exists():
        pytest.skip("the recorded answers are not beside the project")
    with TmdbServer(load_bodies(paths[1:]), TOKEN) as server:
        _, found = get(server, "/find/tt0903747?external_source=imdb_id")
        assert found["tv_results"][0]["id"] == 1396
        assert get(server, "/tv/1396")[1]["number_of_seasons"] == 5
