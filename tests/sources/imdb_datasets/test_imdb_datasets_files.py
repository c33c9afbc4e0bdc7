"""IMDb's datasets into Raw: as they came, once, or refused in one line and nothing written."""

import bz2
import gzip
import hashlib
import json
import lzma
import tracemalloc
from datetime import timedelta

import pytest
from support.dataset_files import ROWS, gz, tsv, write_datasets
from support.local_s3 import s3_root
from support.source_files import DAY

from datalake.core.errors import InputError
from datalake.core.lake import Lake
from datalake.sources.imdb_datasets.raw import BASICS, CREW, FILES, NAMES, PRINCIPALS, RATINGS
from datalake.sources.ingestion import ingest
from datalake.sources.source_file import newest_source_file

TSV = tsv(RATINGS, *ROWS[RATINGS])
GZ = gz(TSV)


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "lake"))


@pytest.fixture
def folder(tmp_path):
    return write_datasets(tmp_path / "imdb")


def test_six_files_lie_in_raw_as_they_came(lake, folder):
    outcomes = ingest(lake, folder, DAY)
    assert [one.new for one in outcomes] == [True] * 6
    assert [key for key in lake.storage.list("Raw") if "Title" in key or "Name" in key] == [
        "Raw/IMDb/TSV/NameBasics/2026/01/10/name.basics.tsv.gz",
        "Raw/IMDb/TSV/NameBasics/2026/01/10/name.basics.tsv.gz.manifest.json",
        "Raw/IMDb/TSV/TitleBasics/2026/01/10/title.basics.tsv.gz",
        "Raw/IMDb/TSV/TitleBasics/2026/01/10/title.basics.tsv.gz.ids.tsv.gz",
        "Raw/IMDb/TSV/TitleBasics/2026/01/10/title.basics.tsv.gz.manifest.json",
        "Raw/IMDb/TSV/TitleCrew/2026/01/10/title.crew.tsv.gz",
        "Raw/IMDb/TSV/TitleCrew/2026/01/10/title.crew.tsv.gz.manifest.json",
        "Raw/IMDb/TSV/TitleEpisode/2026/01/10/title.episode.tsv.gz",
        "Raw/IMDb/TSV/TitleEpisode/2026/01/10/title.episode.tsv.gz.manifest.json",
        "Raw/IMDb/TSV/TitlePrincipals/2026/01/10/title.principals.tsv.gz",
        "Raw/IMDb/TSV/TitlePrincipals/2026/01/10/title.principals.tsv.gz.manifest.json",
        "Raw/IMDb/TSV/TitleRatings/2026/01/10/title.ratings.tsv.gz",
        "Raw/IMDb/TSV/TitleRatings/2026/01/10/title.ratings.tsv.gz.manifest.json",
    ]
    file = newest_source_file(lake, RATINGS)
    assert lake.storage.open(file.key).read() == GZ
    manifest = json.load(lake.storage.open(file.manifest_key))
    del manifest["ingested_at"]
    assert manifest == {
        "kind": None,
        "day": "2026-01-10",
        "key": file.key,
        "size": len(GZ),
        "sha256": hashlib.sha256(GZ).hexdigest(),
        "rows": 1,
        "header": "tconst\taverageRating\tnumVotes",
        "damaged": False,
    }


def test_equal_bytes_are_stored_once_and_new_ones_beside_them(lake, folder):
    ingest(lake, folder, DAY)
    before = lake.storage.list("Raw")
    assert not any(one.new for one in ingest(lake, folder, DAY + timedelta(days=1)))
    assert lake.storage.list("Raw") == before
    write_datasets(folder, {BASICS: [*ROWS[BASICS], ROWS[BASICS][0].replace("tt0000001", "tt9")]})
    assert [one.file.spec.name for one in ingest(lake, folder, DAY) if one.new] == [BASICS.name]
    assert newest_source_file(lake, BASICS).key.endswith("/title.basics.2.tsv.gz")


def test_each_file_keeps_its_own_date(lake, folder):
    header = {"etag": '"1"', "url": "", "last_modified": "Sat, 10 Jan 2026 12:30:00 GMT"}
    size = (folder / CREW.name).stat().st_size
    receipt = json.dumps(header | {"size": size})
    (folder / f"{CREW.name}.download.json").write_text(receipt)
    (folder / NAMES.name).write_bytes(gzip.compress(tsv(NAMES, *ROWS[NAMES]), mtime=1767950000))
    (folder / f"{BASICS.name}.download.json").write_text(receipt)  # of a file of another size
    ingest(lake, folder, DAY)
    dates = {spec: newest_source_file(lake, spec).contents.file_date for spec in FILES}
    assert {spec.name: date for spec, date in dates.items() if date} == {
        "title.crew.tsv.gz": "2026-01-10T12:30:00+00:00",
        "name.basics.tsv.gz": "2026-01-09T09:13:20+00:00",
    }


def flipped(data, place):
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]


BAD_FILES = {
    "empty": (b"", "the file is empty"),
    "empty within": (gz(b""), "the file is empty"),
    "cut in its stream": (GZ[:-12], "cut short; get it again"),
    "cut in its checksum": (GZ[:-3], "cut short; get it again"),
    "a bit flipped": (flipped(GZ, 30), "damaged .*; get it again"),
    "a wrong checksum": (flipped(GZ, len(GZ) - 8), "damaged .*CRC.*; get it again"),
    "something after its end": (GZ + b"junk", "damaged .*; get it again"),
    "cut, then gzipped": (gz(TSV[:-4]), "cut short, its last line has no end"),
    "a web page": (b"<!DOCTYPE html><title>403</title>", "no gzip file; this is a web page"),
    "XML of S3": (b"<?xml version='1.0'?><Error/>", "no gzip file; this is a web page"),
    "plain text": (TSV, "no gzip file; this is plain text; take .gz off its name, and run gzip"),
    "noise": (bytes(range(200, 256)), "no gzip file$"),
    "bzip2": (bz2.compress(TSV), "no gzip file; this is a bzip2 archive"),
    "xz": (lzma.compress(TSV), "no gzip file; this is an xz archive"),
    "zip": (b"PK\x03\x04" + bytes(64), "no gzip file; this is a zip archive"),
    "gzipped twice": (gz(GZ), "gzipped twice; gunzip it once"),
    "another's name": (gz(tsv(CREW, *ROWS[CREW])), r"renamed: .* those of title\.crew\.tsv\.gz"),
    "a missing column": (gz(b"tconst\tnumVotes\ntt1\t2\n"), "no column averageRating"),
    "another column": (gz(TSV.replace(b"Votes", b"Votes\tx", 1)), "unknown column x"),
    "another order": (gz(b"tconst\tnumVotes\taverageRating\ntt\t1\t2\n"), "in another order"),
    "commas": (gz(TSV.replace(b"\t", b",")), "no column .* with tabs between"),
    "no header": (gz(TSV.partition(b"\n")[2]), "no column tconst"),
    "a header alone": (gz(tsv(RATINGS)), "a header and no rows"),
    "a bomb": (gz(tsv(RATINGS) + bytes(64 << 20)), "a line of more than 1,048,576 bytes"),
}


@pytest.mark.parametrize(("data", "message"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_bad_file_is_one_clear_line_and_nothing_is_written(lake, folder, data, message):
    (folder / RATINGS.name).write_bytes(data)
    with pytest.raises(InputError, match=message) as raised:
        ingest(lake, folder, DAY)
    assert str(raised.value).startswith(f"{folder / RATINGS.name}: ")
    assert "\n" not in str(raised.value)
    assert lake.storage.list("Raw") == []


def test_a_file_of_ten_years_ago_is_refused_by_its_columns(lake, folder):
    old = b"tconst\tprincipalCast\ntt0000001\tnm0000001,nm0000002\n"
    (folder / PRINCIPALS.name).write_bytes(gz(old))
    missing = r"title\.principals\.tsv\.gz: no column ordering, nconst, category, job, characters;"
    with pytest.raises(InputError, match=missing):
        ingest(lake, folder, DAY)
    assert lake.storage.list("Raw") == []


def test_no_file_is_held_in_memory(lake, folder):
    row = ROWS[BASICS][0].replace("The Flight", 1000 * "A")
    write_datasets(folder, {BASICS: [row.replace("tt0", f"tt{n}", 1) for n in range(20_000)]})
    tracemalloc.start()
    try:
        ingest(lake, folder, DAY)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert newest_source_file(lake, BASICS).rows == 20_000
    assert peak < 8e6  # of 22 MB


def test_a_missing_file_is_named(lake, folder):
    (folder / CREW.name).unlink()
    with pytest.raises(InputError, match=r"imdb: no title\.crew\.tsv\.gz is there; imdb-datasets"):
        ingest(lake, folder, DAY)
    assert lake.storage.list("Raw") == []


def test_a_file_that_was_unzipped_is_named(lake, folder):
    (folder / CREW.name).unlink()
    (folder / "title.crew.tsv").write_bytes(tsv(CREW, *ROWS[CREW]))
    with pytest.raises(InputError, match=r"no title\.crew\.tsv\.gz .*; run: gzip title\.crew\.tsv"):
        ingest(lake, folder, DAY)


@pytest.mark.parametrize(
    "data",
    [GZ + gz(b"tt0000009\t8.0\t9\n"), gzip.compress(TSV, 1) + bytes(9)],
    ids=["two members", "zeros at the end"],
)
def test_other_ways_to_gzip_are_accepted(lake, folder, data):
    (folder / RATINGS.name).write_bytes(data)
    rows = gzip.decompress(data).count(b"\n") - 1
    assert ingest(lake, folder, DAY)[1].file.rows == rows


def test_quotes_long_cells_and_odd_bytes_are_lines_like_others(lake, folder):
    rows = [
        'tt0000001\t1\tnm0000001\tactor\t"never closed\t["Say \\"Hi\\"","x"]',
        f"tt0000001\t2\tnm0000001\twriter\t{'j' * 290}\t\\N",
        b'tt0000001\t3\tnm0000001\tself\t\\N\t["a\x02b"]',
    ]
    write_datasets(folder, {PRINCIPALS: rows})
    file = ingest(lake, folder, DAY)[2].file
    assert (file.rows, file.contents.damaged) == (3, False)


def test_bytes_that_are_no_utf8_are_noted(lake, folder):
    write_datasets(folder, {RATINGS: [b"tt\xff\t1\t2"]})
    assert ingest(lake, folder, DAY)[1].file.contents.damaged


def test_real_rows_are_accepted(lake, folder, shared):
    real = shared / "data/imdb_tsv/pimdb-tests"
    rows = [one.file.rows for one in ingest(lake, real, DAY)]
    assert rows == [75, 12, 572, 75, 43, 219]


def test_ingestion_into_s3_is_the_same(folder, monkeypatch):
    with s3_root(monkeypatch) as root:
        lake = Lake(root)
        assert [one.new for one in ingest(lake, folder)] == [True] * 6
        assert [one.new for one in ingest(lake, folder)] == [False] * 6
        assert lake.storage.open(newest_source_file(lake, RATINGS).key).read() == GZ
