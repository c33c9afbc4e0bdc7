"""Source files on S3 are ingested as those of a folder are."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.dataset_files import write_datasets
from support.file_server import FileServer
from support.local_s3 import s3_root
from support.source_files import content, line, write_source

from datalake.core.errors import InputError
from datalake.core.options import SOURCE
from datalake.core.settings import lake_at
from datalake.schemas.kinds import Kind
from datalake.sources.ingestion import ingest
from datalake.sources.source_folder import local_folder


def test_a_folder_of_this_machine_is_itself(tmp_path):
    with local_folder(tmp_path, lake_at("lake").aws) as folder:
        assert folder == tmp_path


def test_files_on_s3_reach_raw_byte_by_byte(tmp_path, monkeypatch):
    write_source(tmp_path / "source", content(Kind.MOVIE, line()))
    with s3_root(monkeypatch) as root:
        lake = lake_at(root)
        for path in (tmp_path / "source").iterdir():
            with lake.storage.create(f"Incoming/{path.name}") as file:
                file.write(path.read_bytes())
        with local_folder(SOURCE.parse(f"{root}/Incoming/"), lake.aws) as folder:
            ingested = ingest(lake, folder)
        assert [one.file.spec.name for one in ingested] == ["movies.csv", "series.csv"]
        assert not folder.exists()
        with lake.storage.open(ingested[0].file.key) as file:
            assert file.read() == (tmp_path / "source" / "movies.csv").read_bytes()


def test_an_empty_place_on_s3_is_named(monkeypatch):
    with s3_root(monkeypatch) as root:
        message = f"--source {root}/none: no .*movies.csv.* is there"
        aws = lake_at(root).aws
        with pytest.raises(InputError, match=message), local_folder(Path(f"{root}/none"), aws):
            pass


def test_dates_come_along_from_s3(tmp_path, monkeypatch):
    with s3_root(monkeypatch) as root:
        lake = lake_at(root)
        for name in ("title.crew.tsv.gz", "title.crew.tsv.gz.download.json", "another.json"):
            with lake.storage.create(f"Incoming/{name}") as file:
                file.write(b"{}")
        with local_folder(SOURCE.parse(f"{root}/Incoming"), lake.aws) as folder:
            names = sorted(path.name for path in folder.iterdir())
    assert names == ["title.crew.tsv.gz", "title.crew.tsv.gz.download.json"]


def test_the_datasets_are_fetched_from_the_web(tmp_path):
    files = {path.name: path.read_bytes() for path in write_datasets(tmp_path / "web").iterdir()}
    made = datetime(2026, 1, 10, tzinfo=UTC)
    with (
        FileServer({name: (data, made) for name, data in files.items()}) as server,
        local_folder(SOURCE.parse(f"{server.url}/"), lake_at("lake").aws) as folder,
    ):
        assert {path.name: path.read_bytes() for path in folder.glob("*.gz")} == files
    assert not folder.exists()
