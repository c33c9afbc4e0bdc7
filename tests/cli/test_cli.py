"""The command line: a wrong word is one clear line and exit status 1, never a traceback."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from support.command import call
from support.source_files import content, line, write_source

from datalake.core.lake import Lake
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.raw import response_files

STEPS = ("ingest", "enrich", "trusted", "refined", "answers", "report", "run", "status")
SECRET = "a-token-nobody-may-see"


def assert_one_line(result, message):
    """Exit status 1, and as last line the only one that is an error, with these words."""
    status, output, errors = result
    assert (status, output) == (1, "")
    assert "Traceback" not in errors
    assert [text for text in errors.splitlines() if text.startswith("datalake: ")] == [
        errors.splitlines()[-1]
    ]
    assert message in errors.splitlines()[-1]
    assert SECRET not in errors


def test_help_names_every_step(tmp_path):
    status, output, errors = call("--help", cwd=tmp_path)
    assert (status, errors) == (0, "")
    for step in (*STEPS, "sample", "tmdb-server"):
        assert f"  {step} " in output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ingest"], "name --source DIR"),
        (
            ["ingest", "--source", "nowhere"],
            "nowhere: no movies.csv and series.csv or title.basics.tsv.gz",
        ),
        (
            ["run", "--source", "nowhere", "--without-tmdb"],
            "nowhere: no movies.csv and series.csv or title.basics.tsv.gz",
        ),
        (["run", "--source", "."], "set TMDB_TOKEN"),
        (["run", "--source", "."], "or leave TMDB out with: datalake run --without-tmdb"),
        (["status", "--lake", "gs://b/lake"], "--lake gs://b/lake: neither a folder"),
        (["trusted", "--genres", " , "], "--genres: name at least one IMDb genre"),
        (["enrich", "--genres", "Guerra"], "--genres Guerra: no IMDb genre; they are Action"),
        (["run", "--genres", "Crme"], "no IMDb genre (did you mean Crime?); they are Action"),
        (["report", "--lake", "TYPO"], "/TYPO: there is no lake; name another, or make one by"),
        (["status", "--lake", "TYPO"], "/TYPO: there is no lake"),
        (["maintain", "--lake", "TYPO"], "/TYPO: there is no lake"),
        (["enrich"], "set TMDB_TOKEN"),
        (["tmdb-server"], "name --sample DIR or --replay FILE"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_word_is_one_clear_line(tmp_path, words, message):
    result = call(*words, cwd=tmp_path)
    assert_one_line(result, message)
    assert "start Spark" not in result[2]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["trusted", "--max-bad-share", "2"], "--max-bad-share"),
        (["ingest", "--day", "yesterday"], "--day"),
        (["report", "--language", "fr"], "--language"),
        (["nonsense"], "nonsense"),
        (["enrich", "--threads", "0"], "--threads"),
        (["enrich", "--budget-seconds", "-1"], "--budget-seconds"),
        (["enrich", "--rate", "-1"], "--rate -1: not a number above 0"),
        (["run", "--rate", "nan"], "--rate nan: not a number above 0"),
        (["trusted", "--memory", "2x"], "--memory 2x: not a size such as 4g"),
        (["run", "--memory", "100m"], "--memory 100m: not a size such as 4g, from 512m on"),
        (["ingest", "--source", "file"], "--source file: a file; name its folder"),
        (["report", "--output", "."], "--output .: a folder; name a file"),
        (["report", "--language", "pt-br"], "did you mean pt-BR?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_word_no_option_takes_is_a_usage_error(tmp_path, words, message):
    (tmp_path / "file").touch()
    status, output, errors = call(*words, cwd=tmp_path)
    assert (status, output) == (2, "")
    (only,) = errors.splitlines()
    assert only.startswith("datalake: ")
    assert message in only
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_step_before_its_time_names_the_one_to_run_first(tmp_path):
    assert_one_line(call("trusted", cwd=tmp_path), "no movies.csv in Raw; run: datalake ingest")
    write_source(tmp_path / "source", content(Kind.MOVIE, line()))
    assert call("ingest", "--source", "source", cwd=tmp_path)[0] == 0
    result = call("refined", "--memory", "1g", cwd=tmp_path)
    assert_one_line(result, "no table Trusted.titles; run: datalake trusted")


def test_ingest_tells_what_it_did_and_status_what_is_there(tmp_path):
    write_source(tmp_path / "source", content(Kind.MOVIE, line(), line()))
    words = ("ingest", "--source", "source", "--day", "2026-01-10")
    status, _, errors = call(*words, cwd=tmp_path)
    assert status == 0
    assert "new file movies.csv@2026-01-10#" in errors
    assert "2 rows" in errors
    assert "nothing new" in call(*words, cwd=tmp_path)[2]

    status, output, _ = call("status", "--json", cwd=tmp_path)
    state = json.loads(output)
    assert status == 0
    assert [(s["key"], s["rows"]) for s in state["source_files"]] == [
        ("Raw/Local/CSV/Movies/2026/01/10/movies.csv", 2),
        ("Raw/Local/CSV/Series/2026/01/10/series.csv", 1),
    ]
    assert (state["tmdb"], state["tables"]) == ({"files": 0, "newest_run": None}, [])
    status, output, _ = call("status", cwd=tmp_path)
    assert status == 0
    assert "movies.csv@2026-01-10" in output


class Refusal(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"success":false,"status_code":7,"status_message":"Invalid API key"}'
        self.send_response(401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_a_refused_token_is_one_clear_line_and_not_shown(tmp_path):
    write_source(tmp_path / "source")
    assert call("ingest", "--source", "source", cwd=tmp_path)[0] == 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusal)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/3"
        result = call("enrich", "--tmdb-url", url, cwd=tmp_path, TMDB_TOKEN=SECRET)
    finally:
        server.shutdown()
        server.server_close()
    assert_one_line(result, "TMDB_TOKEN")
    assert response_files(Lake(str(tmp_path / "lake"))) == []
