"""A sample that lies there unchanged is kept."""

import json

from datalake.demo.kept_sample import RECEIPT, keep_sample


def test_a_sample_is_written_once(tmp_path):
    assert keep_sample(tmp_path, 20, "imdb-csv")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert not keep_sample(tmp_path, 20, "imdb-csv")
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_one_of_another_size_or_edited_or_damaged_is_written_anew(tmp_path):
    keep_sample(tmp_path, 20, "imdb-csv")
    movies = (tmp_path / "movies.csv").read_bytes()
    assert keep_sample(tmp_path, 30, "imdb-csv")
    keep_sample(tmp_path, 20, "imdb-csv")
    (tmp_path / "movies.csv").write_bytes(movies + b"tt9|a line of my own\n")
    assert keep_sample(tmp_path, 20, "imdb-csv")
    assert (tmp_path / "movies.csv").read_bytes() == movies
    for damage in ("{", "[]", json.dumps({"made_of": 1, "files": 2}), '{"files": {"gone": 1}}'):
        (tmp_path / RECEIPT).write_text(damage)
        assert keep_sample(tmp_path, 20, "imdb-csv"), damage
