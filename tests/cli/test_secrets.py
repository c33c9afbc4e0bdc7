"""No secret is printed, logged or stored, whatever goes wrong on the way."""

import pytest
from support.command import call
from support.enriched import DAY, FILMS, make_bodies, make_lake
from support.marks import MARKS, TOKEN, files_with_marks, marks_in

from datalake.demo.faults import Faults
from datalake.demo.server import TmdbServer

# Every library logs all it has to say.
DEBUG = "import logging\nlogging.basicConfig(level=logging.DEBUG)\n"


@pytest.fixture
def run(tmp_path):
    """Runs a command with every secret set; its exit status and everything it printed."""
    (tmp_path / "debug").mkdir()
    (tmp_path / "debug/sitecustomize.py").write_text(DEBUG)
    folders = {"XDG_CACHE_HOME": tmp_path / "cache", "TMPDIR": tmp_path / "tmp"}
    for folder in folders.values():
        folder.mkdir()

    def run_command(*words, **environment):
        places = {name: str(folder) for name, folder in folders.items()}
        places["PYTHONPATH"] = str(tmp_path / "debug")
        status, *printed = call(*words, cwd=tmp_path, **(MARKS | places | environment))
        (tmp_path / f"printed.{len(list(tmp_path.iterdir()))}").write_text("".join(printed))
        return status, "".join(printed)

    return run_command


@pytest.mark.parametrize("secret", ["TMDB_TOKEN", "TMDB_API_KEY"])
@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        ({}, 0),
        ({"server_secret": "another"}, 1),  # the token is refused
        ({"faults": {"500": 1.0}}, 0),  # all titles fail, to be asked for again
        ({"faults": {"500": 0.2, "reset": 0.1}}, 0),
    ],
    ids=["well", "refused", "500", "at times"],
)
def test_enrichment_keeps_its_secret(tmp_path, run, secret, trouble, expected):
    make_lake(tmp_path / "lake", FILMS[:4], [])
    faults = Faults(trouble["faults"]) if "faults" in trouble else None
    server_secret = trouble.get("server_secret", MARKS[secret])
    other = {name: "" for name in ("TMDB_TOKEN", "TMDB_API_KEY") if name != secret}
    with TmdbServer(make_bodies(), server_secret, faults=faults) as server:
        words = ("enrich", "--tmdb-url", server.url, "--day", DAY, "--budget-seconds", "2")
        status, printed = run(*words, **other)
    assert "DEBUG" in printed
    assert server.requests
    assert status == expected
    assert marks_in(printed) == []
    assert files_with_marks(tmp_path) == []


def test_no_command_without_spark_shows_a_secret(tmp_path, run):
    (tmp_path / "lake").mkdir()
    assert run("sample", "--titles", 200, "--out", "source")[0] == 0
    assert run("ingest", "--source", "source")[0] == 0
    words = (
        ("status",),
        ("status", "--json"),
        ("status", "--max-age", "36h"),
        ("purge", "--dry-run"),
        ("sql", "select 1"),
        ("sql", "--lake", "s3://nobody/lake", "select 1"),
        ("ingest", "--source", "nowhere"),
        ("enrich", "--tmdb-url", "http://127.0.0.1:9/3", "--limit", 1),
    )
    printed = [run(*each)[1] for each in words]
    assert [marks_in(each) for each in printed] == [[]] * len(words)
    assert files_with_marks(tmp_path) == []


def test_an_unforeseen_failure_logs_no_secret(tmp_path, run):
    (tmp_path / "lake/Raw").mkdir(parents=True)
    (tmp_path / "lake/Raw/a").touch()
    debug = tmp_path / "debug/sitecustomize.py"
    debug.write_text(
        f"{DEBUG}import datalake.cli.status as s, os\n"
        "def fail(lake): raise KeyError(' '.join(os.environ.values()))\n"
        "s.read_status = fail\n"
    )
    status, printed = run("status")
    assert status == 1
    assert "unexpected KeyError" in printed
    assert marks_in(printed) == []
    assert files_with_marks(tmp_path) == []


@pytest.mark.parametrize(
    "url",
    [
        f"http://user:{TOKEN}@127.0.0.1:9/3",
        f"https://{TOKEN}@127.0.0.1:9/3",
        f"ftp://user:{TOKEN}@127.0.0.1/3",
        f"http://127.0.0.1:9/3?api_key={TOKEN}",
        f"user:{TOKEN}@127.0.0.1",
    ],
)
def test_a_secret_in_the_address_is_refused_and_not_shown(tmp_path, run, url):
    make_lake(tmp_path / "lake", FILMS[:1], [])
    status, printed = run("enrich", "--tmdb-url", url)
    assert status == 2
    assert "--tmdb-url" in printed
    assert TOKEN not in printed
