"""Small files of the lake, cut and altered: one line names the file, or it counts as it is.

A hundred of each in `make test`, ten thousand of each in `make fuzz`.
"""

import gzip
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from support.damage import damaged, damaged_gzip, damaged_json, damaged_lines
from support.enriched import DAY, FILMS, NOON, make_lake

from datalake.cli.main import cli
from datalake.core.errors import DatalakeError, InputError
from datalake.core.intent import INTENT, read_intent
from datalake.core.lease import Lease
from datalake.core.table_paths import RELOCATION, newest_metadata, read_metadata, table_paths
from datalake.demo.replay import load_bodies
from datalake.enrichment import spool
from datalake.enrichment.due import due_titles
from datalake.enrichment.ledger import compact, read_ledger, write_entries
from datalake.enrichment.record import Entry, Record
from datalake.enrichment.retention import purge
from datalake.enrichment.summary import RUNS, Summary, last_changes_until, write_summary
from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.raw import FILES
from datalake.sources.source_file import source_files
from datalake.sources.source_of_lake import source_of_lake
from datalake.sources.tmdb.outcome import Outcome
from datalake.sources.tmdb.raw import tmdb_folder
from datalake.spark.relocation import moved_tables

TABLE = "Refined/dim_title"
STEM = "20260110T120000000000-aaaaaaaa"
PART = f"{tmdb_folder(Kind.MOVIE, DAY)}/{STEM}.jsonl.gz"
LEDGER = f"Raw/TMDB/Ledger/Movies/{STEM}.jsonl.gz"
SPOOLED = f"Raw/TMDB/Spool/movie.2026-01-10.{STEM}.jsonl"
LATER = NOON + timedelta(days=181)
METADATA = {
    "format-version": 2,
    "location": "/lakes/films/Refined/dim_title",
    "current-snapshot-id": 7,
    "snapshots": [
        {
            "snapshot-id": 7,
            "timestamp-ms": 1_767_000_000_000,
            "manifest-list": "/lakes/films/Refined/dim_title/metadata/snap-7.avro",
            "summary": {
                "total-records": "3",
                "total-data-files": "1",
                "total-files-size": "900",
            },
        }
    ],
    "snapshot-log": [{"snapshot-id": 7, "timestamp-ms": 1_767_000_000_000}],
    "metadata-log": [{"metadata-file": "/lakes/films/Refined/dim_title/metadata/v1.metadata.json"}],
}
RECORDS = [
    Record(Kind.MOVIE, Entry(FILMS[0], 1, Outcome.FOUND, NOON), {"id": 1, "title": "A Fuga"}),
    Record(Kind.MOVIE, Entry(FILMS[1], None, Outcome.NOT_FOUND, NOON)),
    Record(Kind.MOVIE, Entry(FILMS[2], 3, Outcome.FAILED, NOON, 2, "HTTP 500")),
    Record(Kind.MOVIE, Entry(FILMS[3], 4, Outcome.PENDING, NOON)),
]
LINES = b"".join(record.to_line() for record in RECORDS)
REPLAYED = json.dumps(
    {"imdb_id": "tt0000001", "media_type": "movie", "tmdb_id": 1, "body": {"id": 1, "x": [2.5]}}
).encode()
OWNER = {"id": "a", "work": "trusted", "host": "elsewhere", "process": 7, "namespace": "boot pid"}

chances = st.randoms(use_true_random=False)


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """A lake that has one of each small file."""
    lake = make_lake(tmp_path_factory.mktemp("fuzz") / "lake", FILMS[:4], [])
    put(lake, PART, gzip.compress(LINES))
    write_entries(lake, Kind.MOVIE, STEM, [record.entry for record in RECORDS], [STEM])
    write_summary(lake, STEM, Summary(NOON, due=4, found=1, changes_until=DAY))
    put(lake, f"{TABLE}/metadata/v2.metadata.json", json.dumps(METADATA).encode())
    put(lake, f"{TABLE}/metadata/version-hint.text", b"2")
    return lake


def put(lake, key, data):
    path = Path(lake.storage.url(key))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def ended(lake, key, data, read):
    """What `read` returns with those bytes in the file, or None after an error line naming it."""
    path = Path(lake.storage.url(key))
    before = path.read_bytes() if path.exists() else None
    put(lake, key, data)
    try:
        return read(lake)
    except DatalakeError as error:
        check_line(error, path)
    finally:
        path.unlink(missing_ok=True)
        if before is not None:
            put(lake, key, before)
    return None


def check_line(error, path):
    (line,) = str(error).splitlines()
    assert path.name in line or path.parent.parent.name in line
    assert len(line) < 1_000


def good(lake, key):
    return Path(lake.storage.url(key)).read_bytes()


def read_status(lake):
    for words in (["status"], ["status", "--json"], ["status", "--max-age", "36h"]):
        result = CliRunner().invoke(cli, [*words, "--lake", lake.root])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception


def read_manifests(lake):
    read_status(lake)
    (file,) = source_files(lake, FILES[Kind.MOVIE])
    assert isinstance(file.rows, int)
    return file.id


def read_runs(lake):
    read_status(lake)
    return last_changes_until(lake)


def read_entries(lake):
    ledger = read_ledger(lake, Kind.MOVIE)
    due_titles(FILMS[:4], ledger.entries, LATER)
    assert set(ledger.covered) == {STEM}
    return ledger


def read_part(lake):
    """The ledger where it must be rebuilt from Raw."""
    hidden = good(lake, LEDGER)
    Path(lake.storage.url(LEDGER)).unlink()
    try:
        ledger = read_entries(lake)
        compact(lake, replace(ledger, complete=True), "x")
        return ledger
    finally:
        put(lake, LEDGER, hidden)


def read_lease(lake):
    Lease(lake.storage, "tables", "test").take()
    return True


def read_table(lake):
    read_status(lake)
    moved_tables(lake)
    return table_paths(lake, TABLE, read_metadata(lake, str(newest_metadata(lake, TABLE))))


SWAPS = {"lake.Refined.dim_title": [None, 7], "lake.Refined.fact_title": [5, 6]}
LEASE = "Publishing/tables.lease.json"
FILES_READ = {
    "manifest": (
        "Raw/Local/CSV/Movies/2026/01/10/movies.csv.manifest.json",
        None,
        damaged_json,
        read_manifests,
    ),
    "summary": (f"{RUNS}/{STEM}.json", None, damaged_json, read_runs),
    "ledger": (LEDGER, None, damaged_gzip, read_entries),
    "part of Raw": (PART, None, damaged_gzip, read_part),
    "part to purge": (
        PART,
        None,
        damaged_gzip,
        lambda lake: purge(lake, now=LATER, dry_run=True).files,
    ),
    "lease": (LEASE, {"until": "2020-01-01T00:00:00+00:00"}, damaged_json, read_lease),
    "lease, held": (LEASE, {"until": "2999-01-01T00:00:00+00:00"}, damaged_json, read_lease),
    "chosen source": (
        "Raw/Source/chosen.json",
        {"2026-01-10": "imdb_csv", "2026-02-10": "imdb_datasets"},
        damaged_json,
        lambda lake: source_of_lake(lake, DAY),
    ),
    "intent": (INTENT, SWAPS, damaged_json, lambda lake: read_intent(lake.storage)),
    "relocation": (RELOCATION, ["/lakes/films", "/here"], damaged_json, read_table),
    "version hint": (f"{TABLE}/metadata/version-hint.text", None, damaged, read_table),
    "metadata": (f"{TABLE}/metadata/v2.metadata.json", None, damaged_json, read_table),
}


@pytest.mark.parametrize("name", FILES_READ)
@given(chance=chances)
def test_a_damaged_file_is_named_in_one_line_or_counts(lake, name, chance):
    key, fields, damage, read = FILES_READ[name]
    if isinstance(fields, dict) and name.startswith("lease"):
        fields = OWNER | fields
    data = good(lake, key) if fields is None else json.dumps(fields).encode()
    ended(lake, key, damage(data, chance), read)


@given(chances)
def test_a_damaged_spool_loses_only_damaged_lines(lake, chance):
    data = damaged_lines(LINES, chance)
    whole = set(LINES.splitlines(keepends=True)) & set(data.splitlines(keepends=True))
    expected = {json.loads(line)["imdb_id"] for line in whole}

    def recover(lake):
        before = {LEDGER: good(lake, LEDGER), PART: good(lake, PART)}
        for key in before:
            lake.storage.delete(key)
        try:
            spool.recover(lake)
            return set(read_ledger(lake, Kind.MOVIE).entries)
        finally:
            for key, content in before.items():
                put(lake, key, content)

    recorded = ended(lake, SPOOLED, data, recover)
    assert recorded is not None
    assert expected <= recorded


@given(chances)
def test_a_damaged_replay_file_is_named_with_its_line(lake, chance):
    path = Path(lake.storage.url("replay.jsonl"))
    path.write_bytes(damaged_lines(REPLAYED + b"\n", chance))
    try:
        load_bodies([path])
    except InputError as error:
        check_line(error, path)


FOUND = {
    "manifest": (b"[]", "delete it, and ingest its source file again"),
    "manifest, a long name": (
        b'{"key": "Raw/Local/CSV/Movies/2026/01/10/movies.csv", "%s": 1}' % (b"9" * 5_000),
        "install the newer datalake",
    ),
    "manifest, half a pair": (  # half a surrogate pair in it
        b'{"kind": "movie", "day": "2026-01-10", "size": 1, "sha256": "\\ud83c", "rows": 1,'
        b' "key": "Raw/Local/CSV/Movies/2026/01/10/movies.csv", "header": "", "damaged": false,'
        b' "ingested_at": "2026-01-10T00:00:00Z"}',
        "delete it, and ingest its source file again",
    ),
    "metadata, a long location": (
        b'{"location": "/lakes/%s"}' % (b"9" * 5_000),
        "its metadata is that of another table",
    ),
    "summary": (
        b'{"started_at": "2026-01-10T12:00:00+00:00", "changes_until": null, "x": "\\ud83c"}',
        "delete it: it tells of one run",
    ),
    "ledger": (gzip.compress(b'["a"]\n{"imdb_id": 1}\n'), "delete it, the ledger is rebuilt"),
    "part of Raw": (gzip.compress(b"[]\n"), "its titles are asked for again"),
    "part to purge": (gzip.compress(b"{\n"), "its titles are asked for again"),
    "lease": (b'{"id": "a"}', "delete it once no other run is at work"),
    "intent": (b'{"lake.Refined.dim_title": 7}', "delete it, then run the steps"),
    "relocation": (b'{"a": 1}', "write the folders that the lake was in"),
    "version hint": (b"9" * 5_000, "not the number of a version"),
    "metadata": (
        b'{"location": "/lakes/films/Refined/dim_title", "snapshots": [{"snapshot-id": 7}]}',
        "not a metadata file of Iceberg",
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_ends_in_one_line_with_what_to_do(lake, name):
    key, _, _, read = FILES_READ[name.partition(",")[0]]
    data, remedy = FOUND[name]
    lines = []

    def tell(lake):
        try:
            read(lake)
        except DatalakeError as error:
            lines.append(str(error))
            raise

    ended(lake, key, data, tell)
    assert len(lines) == 1
    assert remedy in lines[0]


def test_an_empty_part_of_raw_is_not_purged(lake):
    assert ended(lake, PART, gzip.compress(b""), lambda lake: purge(lake, now=LATER).files) == ()


def test_a_file_that_is_no_part_of_the_spool_is_named(lake):
    for name in ("notes.jsonl", "film.2026-01-10.a.jsonl", "movie.2026-13-10.a.jsonl"):
        key = f"Raw/TMDB/Spool/{name}"
        with pytest.raises(DatalakeError, match=f"{name}: not a part of the spool; move it"):
            ended_by_name(lake, key)


def ended_by_name(lake, key):
    put(lake, key, LINES)
    try:
        spool.recover(lake)
    finally:
        lake.storage.delete(key)
