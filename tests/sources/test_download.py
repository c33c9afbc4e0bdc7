"""A download from a web server of this machine that cuts, stalls, fails, and changes its file."""

import os
import random
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import requests
from support.dataset_files import gz
from support.file_server import FileServer

from datalake.core.errors import DownloadError
from datalake.core.progress import silent
from datalake.sources.download import Download, DownloadRetryPolicy
from datalake.sources.download_receipt import file_date, read_receipt, receipt_path
from datalake.sources.gzip_files import check_gzip

NAME = "title.crew.tsv.gz"
MADE = datetime(2026, 1, 10, 12, 30, tzinfo=UTC)


def packed(seed, size=300_000):
    """A gzipped text of about that size, packed."""
    digits = random.Random(seed).choices("0123456789\n", k=2 * size)
    return gz(f"{''.join(digits)}\n".encode())


OLD, NEW = packed(1), packed(2)


@pytest.fixture
def path(tmp_path):
    return tmp_path / NAME


def served(data=NEW, changed=MADE, **others):
    return FileServer({NAME: (data, changed)}, **others)


def get(server, path, tries=4, progress=silent, waits=None, **limits):
    """Download; whether the file is new."""
    waits = [] if waits is None else waits
    policy = DownloadRetryPolicy(tries, 2, 0.5, sleep=waits.append, **limits)
    with requests.Session() as session:
        url = f"{server.url}/{NAME}"
        return Download(session, url, path, check_gzip, progress).run(policy)


def parts(path):
    return sorted(file.name for file in path.parent.iterdir() if ".part" in file.name)


def test_a_file_arrives_whole_with_its_own_time(path):
    steps = []
    with served() as server:
        assert get(server, path, progress=lambda *step: steps.append(step))
    assert path.read_bytes() == NEW
    assert datetime.fromtimestamp(path.stat().st_mtime, UTC) == MADE
    assert file_date(path) == "2026-01-10T12:30:00+00:00"
    assert (f"download {NAME}", len(NEW), len(NEW), "B") in steps
    assert (f"check {NAME}", len(NEW), len(NEW), "B") in steps
    assert parts(path) == []


@pytest.mark.parametrize("etags", [True, False])
def test_what_has_not_changed_is_not_sent_again(path, etags):
    with served(etags=etags) as server:
        assert [get(server, path), get(server, path)] == [True, False]
        server.files[NAME] = (OLD, MADE + timedelta(days=1))
        assert get(server, path)
    assert path.read_bytes() == OLD


@pytest.mark.parametrize("harm", [lambda p: p.write_bytes(OLD[:99]), partial(os.utime, times=None)])
def test_a_file_that_somebody_touched_is_fetched_anew(path, harm):
    with served() as server:
        get(server, path)
        harm(path)
        assert get(server, path)
        assert path.read_bytes() == NEW


@pytest.mark.parametrize("act", [("cut", 200_000), ("stall", 200_000)])
@pytest.mark.parametrize("etags", [True, False])
def test_it_goes_on_where_it_was_broken_off(path, act, etags):
    with served(script=[act], etags=etags) as server:
        assert get(server, path)
        first, second = server.ranges
    assert first is None
    assert 0 < int(second.removeprefix("bytes=").rstrip("-")) <= 200_000
    assert path.read_bytes() == NEW


def test_the_next_run_goes_on_where_one_gave_up(path):
    with served(script=[("cut", 200_000), *[503] * 3]) as server:
        with pytest.raises(DownloadError, match=r"HTTP 503; \d\d\d,\d\d\d bytes are kept; check"):
            get(server, path)
        assert not path.exists()
        assert parts(path) == [f"{NAME}.part", f"{NAME}.part.download.json"]
        server.seen.clear()
        assert get(server, path)
        assert server.ranges[0] is not None
    assert path.read_bytes() == NEW
    assert parts(path) == []


def test_a_file_that_changes_before_it_is_resumed_is_fetched_from_its_start(path):
    with served(OLD, script=[("cut", 200_000)]) as server:

        def change():
            server.files[NAME] = (NEW, MADE + timedelta(hours=1))

        server.script.append(change)
        assert get(server, path)
        assert len(server.seen) == 2
    assert path.read_bytes() == NEW
    assert file_date(path) == "2026-01-10T13:30:00+00:00"


def test_a_server_that_resumes_another_version_is_not_believed(path):
    with served(OLD, script=[("cut", 200_000)]) as server:

        def change():
            server.files[NAME] = (NEW, MADE)

        server.script.append(change)
        server.ignores_if_range = True
        assert get(server, path)
        assert server.ranges[1:] == [server.ranges[1], None]
    assert path.read_bytes() == NEW


def test_a_part_that_is_all_of_it_takes_its_place(path):
    with served(script=[("cut", len(NEW))]) as server:
        get(server, path)
        receipt = read_receipt(path)
        path.rename(path.with_name(f"{NAME}.part"))
        receipt_path(path).rename(path.with_name(f"{NAME}.part.download.json"))
        assert get(server, path)  # 416: there is nothing after its end
        assert len(server.seen) == 2
    assert (path.read_bytes(), read_receipt(path)) == (NEW, receipt)


def test_a_part_that_is_longer_than_the_file_is_dropped(path):
    with served() as server:
        get(server, path)
        part = path.with_name(f"{NAME}.part")
        part.write_bytes(NEW * 2)
        receipt_path(path).rename(receipt_path(part))
        path.unlink()
        assert get(server, path)
        assert server.ranges[1:] == [f"bytes={2 * len(NEW)}-", None]
    assert path.read_bytes() == NEW


def test_a_part_that_nobody_knows_is_not_resumed(path):
    path.with_name(f"{NAME}.part").write_bytes(NEW[:1000])
    with served() as server:
        assert get(server, path)
        assert server.ranges == [None]
    assert path.read_bytes() == NEW


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_is_transient_is_tried_again_and_not_for_ever(path, status):
    waits = []
    with served(script=[status] * 3) as server:
        assert get(server, path, waits=waits)
        assert waits == [1, 2, 4]
        server.script = [status] * 9
        server.files[NAME] = (OLD, MADE + timedelta(days=1))
        with pytest.raises(DownloadError, match=f"{NAME}: HTTP {status}; check the network"):
            get(server, path)
    assert path.read_bytes() == NEW


def test_the_server_says_how_long_to_wait(path):
    waits = []
    with served(script=[503]) as server:
        server.headers = {"Retry-After": "7"}
        assert get(server, path, waits=waits)
        assert waits == [7]
        server.headers, server.script = {"Retry-After": "4000"}, [429]
        with pytest.raises(DownloadError, match="HTTP 429; it asks to wait 4000 s; check"):
            get(server, path)


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_what_no_other_try_mends_is_one_line_at_once(path, status):
    with served(script=[status]) as server:
        with pytest.raises(DownloadError, match=f"{NAME}: HTTP {status} .*; check the address"):
            get(server, path)
        assert len(server.seen) == 1
    assert list(path.parent.iterdir()) == []


BAD = {
    "a web page": (b"<html>Access denied</html>", "no gzip file; this is a web page"),
    "cut on the server": (NEW[:-9], "cut short"),
    "damaged on the server": (NEW[:5000] + b"\0" * 99 + NEW[5099:], "damaged"),
}


@pytest.mark.parametrize(("data", "message"), BAD.values(), ids=BAD.keys())
def test_a_file_that_is_not_whole_never_takes_its_place(path, data, message):
    with served(OLD) as server:
        get(server, path)
        server.files[NAME] = (data, MADE + timedelta(days=1))
        with pytest.raises(DownloadError, match=f"the server's file is bad: {message}"):
            get(server, path)
        assert len(server.seen) == 3  # once more, for it may have been harmed on its way
    assert path.read_bytes() == OLD
    assert parts(path) == []


def test_no_server_is_one_line(path):
    with served() as server:
        url = server.url
    waits = []
    server.url = url
    with pytest.raises(DownloadError, match=r"no connection .*; check the network") as raised:
        get(server, path, waits=waits)
    assert not raised.value.reached
    assert len(waits) == 2
    assert list(path.parent.iterdir()) == []


def test_a_disk_that_is_full_is_one_line(path, monkeypatch):
    full = Path("/dev/full")
    part = path.with_name(f"{NAME}.part")
    part.symlink_to(full)
    with served() as server, pytest.raises(DownloadError, match=r"part: No space left on device"):
        get(server, path)


def test_it_never_gives_up_while_it_gets_on(path):
    data = packed(3, 5 << 20)
    with served(data, script=[("cut", 1_200_000)] * 6) as server:
        assert get(server, path, tries=2)
        assert len(server.seen) >= 4
    assert path.read_bytes() == data
