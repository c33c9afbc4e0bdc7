"""A user without a name, a read-only lake, a full disk: one clear line, nothing half written."""

import os
import shutil
import subprocess

import pytest
from support.command import call
from support.enriched import FILMS, SECRET, make_bodies, make_lake
from support.source_files import content, line, write_source

from datalake.demo.server import TmdbServer
from datalake.schemas.kinds import Kind

# Of root's rights only the one to read stays: the checkout may lie where others can't look.
CAPABILITIES = "-all,+dac_read_search"
AS_NOBODY = (
    *("setpriv", "--reuid=4242", "--regid=4242", "--clear-groups"),
    *(f"--{kind}={CAPABILITIES}" for kind in ("bounding-set", "inh-caps", "ambient-caps")),
)
ON_SMALL_DISK = (
    *("unshare", "--user", "--map-root-user", "--mount", "sh", "-c"),
    'mount -t tmpfs -o size=${DISK:-64k} tmpfs disk && { [ -z "$LAKE" ] || cp -r $LAKE disk; }'
    ' && "$@"; status=$?; ls -AR disk; exit $status',
    "sh",
)


def works(prefix, cwd):
    return (
        shutil.which(prefix[0])
        and not subprocess.run(
            [*prefix, "true"], cwd=cwd, check=False, capture_output=True
        ).returncode
    )


@pytest.fixture
def as_nobody(tmp_path):
    """What starts a command as a user id that has no name."""
    if os.getuid() or not works(AS_NOBODY, tmp_path):
        pytest.skip("another user's process can't be started here")
    return AS_NOBODY


@pytest.fixture
def on_small_disk(tmp_path):
    """What starts a command with a disk of 64 KB in the folder `disk`, and lists it afterwards."""
    (tmp_path / "disk").mkdir()
    if not works(ON_SMALL_DISK, tmp_path):
        pytest.skip("a file system can't be mounted here")
    return ON_SMALL_DISK


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def last_line(errors):
    assert "Traceback" not in errors
    return errors.splitlines()[-1]


def test_a_user_without_name_and_home_can_do_all_but_start_spark(tmp_path, as_nobody, monkeypatch):
    monkeypatch.delenv("HOME")
    write_source(tmp_path / "source")
    (tmp_path / "own").mkdir()
    os.chown(tmp_path / "own", 4242, 4242)

    def run(*words):
        return call(*words, "--lake", "own/lake", cwd=tmp_path, prefix=as_nobody)

    assert run("ingest", "--source", "source")[0] == 0
    assert run("status")[0] == 0
    assert run("purge")[0] == 0
    status, _, errors = run("trusted")
    assert (status, last_line(errors)) == (
        1,
        "datalake: Spark needs a user with a name, and user id 4242 has none here; add it to"
        " /etc/passwd, or run as another user",
    )
    status, _, errors = call("status", "--lake", "~/lake", cwd=tmp_path, prefix=as_nobody)
    assert (status, "there is no lake" in last_line(errors)) == (1, True)
    status, _, errors = call("status", "--lake", "~nobody4/x", cwd=tmp_path, prefix=as_nobody)
    assert last_line(errors) == (
        "datalake: ~nobody4/x: that home folder isn't known; name the folder in full"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("ingest", "--source", "source"),
        ("enrich", "--tmdb-url", "http://127.0.0.1:9/3"),
        ("purge",),
        ("trusted",),
        ("maintain",),
        ("rollback", "--table", "Refined.dim_title", "--snapshot", 7),
    ],
    ids=lambda words: words[0],
)
def test_a_lake_that_can_not_be_written_is_named_and_stays_as_it_is(tmp_path, as_nobody, words):
    write_source(tmp_path / "source")
    make_lake(tmp_path / "lake", FILMS[:3], [])
    before = contents(tmp_path)
    status, _, errors = call(*words, cwd=tmp_path, prefix=as_nobody, TMDB_TOKEN="t")
    assert status == 1
    assert str(tmp_path / "lake") in last_line(errors)
    assert last_line(errors).endswith("Permission denied")
    assert contents(tmp_path) == before


def test_a_lake_that_can_only_be_read_is_read(tmp_path, as_nobody):
    make_lake(tmp_path / "lake", FILMS[:3], [])
    assert call("status", cwd=tmp_path, prefix=as_nobody)[0] == 0


def test_a_full_disk_leaves_no_half_source_file(tmp_path, on_small_disk):
    rows = [line(id=f"tt{number:07d}") for number in range(1, 2_000)]
    write_source(tmp_path / "source", content(Kind.MOVIE, *rows))
    words = ("ingest", "--source", "source", "--lake", "disk/lake")
    status, listed, errors = call(*words, cwd=tmp_path, prefix=on_small_disk)
    assert (status, last_line(errors)[-23:]) == (1, "No space left on device")
    assert ".csv" not in listed


def test_a_full_disk_keeps_whole_responses_only(tmp_path, on_small_disk):
    make_lake(tmp_path / "lake")
    with TmdbServer(make_bodies(), SECRET) as server:
        words = ("enrich", "--tmdb-url", server.url, "--lake", "disk/lake")
        environment = {"TMDB_TOKEN": SECRET, "DISK": "28k", "LAKE": "lake"}
        status, listed, errors = call(*words, cwd=tmp_path, prefix=on_small_disk, **environment)
    assert status == 1, errors
    assert last_line(errors).endswith("No space left on device")
    assert ".tmp" not in listed
