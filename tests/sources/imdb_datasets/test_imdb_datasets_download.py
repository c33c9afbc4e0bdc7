"""`datalake download imdb`: six files, a line each, and what of them fails."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from support.dataset_files import write_datasets
from support.file_server import FileServer

from datalake.cli.main import cli
from datalake.core.errors import DownloadError
from datalake.core.lake import Lake
from datalake.core.options import IMDB_URL
from datalake.sources.download import DownloadRetryPolicy
from datalake.sources.imdb_datasets.download import download_datasets
from datalake.sources.imdb_datasets.raw import FILES
from datalake.sources.ingestion import ingest

MADE = datetime(2026, 1, 10, 12, 30, tzinfo=UTC)
IMPATIENT = DownloadRetryPolicy(2, 2, 0.5, sleep=lambda seconds: None)


@pytest.fixture
def server(tmp_path):
    folder = write_datasets(tmp_path / "served")
    files = {path.name: (path.read_bytes(), MADE) for path in folder.iterdir()}
    with FileServer(files) as server:
        yield server


def test_imdb_s_own_address_is_the_default():
    assert IMDB_URL.default == "https://datasets.imdbws.com"


def test_the_command_downloads_what_ingest_takes(server, tmp_path):
    out = tmp_path / "imdb"
    words = ["download", "imdb", "--out", str(out), "--imdb-url", server.url]
    result = CliRunner().invoke(cli, words, catch_exceptions=False)
    lines = result.output.splitlines()
    assert f"  new: {out}/title.basics.tsv.gz, made 2026-01-10T12:30:00+00:00" in lines
    assert "Information courtesy of IMDb (https://www.imdb.com). Used with permission." in lines[-2]
    assert server.paths == [spec.name for spec in FILES]  # no akas
    again = CliRunner().invoke(cli, words, catch_exceptions=False).output.splitlines()
    assert [line.split(":")[0] for line in again[1:7]] == ["  unchanged"] * 6
    files = [one.file for one in ingest(Lake(str(tmp_path / "lake")), out)]
    assert {file.contents.file_date for file in files} == {"2026-01-10T12:30:00+00:00"}


def test_a_file_that_fails_keeps_no_other_and_each_failure_is_a_line(server, tmp_path):
    server.script = [None, 404, None, 503, 503]
    with pytest.raises(DownloadError) as raised:
        list(download_datasets(tmp_path / "imdb", server.url, retry_policy=IMPATIENT))
    first, second = str(raised.value).splitlines()
    assert first.startswith(f"{server.url}/title.ratings.tsv.gz: HTTP 404")
    assert second.startswith(f"{server.url}/title.crew.tsv.gz: HTTP 503")
    names = sorted(path.name for path in (tmp_path / "imdb").glob("*.gz"))
    assert names == [
        *("name.basics.tsv.gz", "title.basics.tsv.gz"),
        *("title.episode.tsv.gz", "title.principals.tsv.gz"),
    ]


def test_no_server_is_asked_for_one_file_only(tmp_path):
    with FileServer({}) as gone:
        pass
    with pytest.raises(DownloadError, match=r"title\.basics\.tsv\.gz: no connection[^\n]*$"):
        list(download_datasets(tmp_path, gone.url, retry_policy=IMPATIENT))


def test_two_downloads_into_one_folder_are_not_at_work_at_once(server, tmp_path):
    first = download_datasets(tmp_path / "imdb", server.url)
    next(first)
    with pytest.raises(DownloadError, match=r"--out \S+imdb: another download is at work there"):
        next(download_datasets(tmp_path / "imdb", server.url))
    assert len(list(first)) == 5


def test_a_folder_that_can_t_be_written_is_named(server, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DownloadError, match=r"--out \S+file/x: can't write: Not a directory"):
        next(download_datasets(tmp_path / "file" / "x", server.url))
