"""One contract, two storages: a local folder and S3 over HTTP."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from support.local_s3 import s3_root

from datalake.core.errors import InputError, LakeError, SettingsError
from datalake.core.lake import Lake
from datalake.core.leftovers import delete_unfinished
from datalake.core.storage import LocalStorage, open_storage


@pytest.fixture(params=["local", "s3"])
def root(request, tmp_path, monkeypatch):
    if request.param == "local":
        yield str(tmp_path / "lake")
    else:
        with s3_root(monkeypatch) as address:
            yield address


@pytest.fixture
def kept(root):
    return open_storage(root)


def write(kept, key, data=b"data"):
    with kept.create(key) as file:
        file.write(data)


def write_half(kept, key, interruption):
    with kept.create(key) as file:
        file.write(b"half")
        raise interruption


def read(kept, key):
    with kept.open(key) as file:
        return file.read()


def test_what_is_written_is_read_and_listed(kept):
    write(kept, "Raw/b/2.csv", b"one\ntwo\n")
    write(kept, "Raw/a.json", "é|\u2028".encode())
    write(kept, "Rawer/c", b"")
    assert kept.list("Raw") == ["Raw/a.json", "Raw/b/2.csv"]
    assert kept.list("") == ["Raw/a.json", "Raw/b/2.csv", "Rawer/c"]
    assert kept.list("Nothing/here") == []
    assert read(kept, "Raw/a.json") == "é|\u2028".encode()
    assert read(kept, "Rawer/c") == b""
    with kept.open("Raw/b/2.csv") as lines:
        assert list(lines) == [b"one\n", b"two\n"]


def test_an_object_replaces_its_like(kept):
    write(kept, "a", b"old and long")
    write(kept, "a", b"new")
    assert read(kept, "a") == b"new"
    assert kept.list("") == ["a"]


def test_until_the_block_ends_there_is_nothing(kept):
    with kept.create("Raw/a") as file:
        file.write(b"half")
        file.flush()
        assert kept.list("") == []
    assert kept.list("") == ["Raw/a"]


@pytest.mark.parametrize("interruption", [ValueError, KeyboardInterrupt])
def test_a_block_that_fails_leaves_what_was_there(kept, interruption):
    write(kept, "Raw/a", b"before")
    for key in ("Raw/a", "Raw/b"):
        with pytest.raises(interruption):
            write_half(kept, key, interruption)
    assert kept.list("") == ["Raw/a"]
    assert read(kept, "Raw/a") == b"before"


def test_delete_removes_and_is_content_with_nothing(kept):
    write(kept, "a/b")
    kept.delete("a/b")
    kept.delete("a/b")
    assert kept.list("") == []


def test_a_swap_happens_only_where_nothing_happened_meanwhile(kept):
    assert not kept.compare_and_swap("a/b", b"one", b"two")
    assert kept.compare_and_swap("a/b", None, b"one")
    assert not kept.compare_and_swap("a/b", None, b"two")
    assert not kept.compare_and_swap("a/b", b"other", b"two")
    assert read(kept, "a/b") == b"one"
    assert kept.compare_and_swap("a/b", b"one", b"two")
    assert read(kept, "a/b") == b"two"
    assert kept.list("") == ["a/b"]


def test_of_many_swaps_at_once_one_happens(kept):
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda n: kept.compare_and_swap("a", None, b"%d" % n), range(8)))
    assert sum(done) == 1
    assert read(kept, "a") == b"%d" % done.index(True)


def test_a_file_is_put_whole_or_not_at_all(kept, tmp_path):
    path, told = tmp_path / "movies.csv", []
    path.write_bytes(b"one\ntwo\n")
    digest = hashlib.sha256(b"one\ntwo\n").hexdigest()
    kept.put_file("Raw/a.csv", path, digest, told.append)
    assert (read(kept, "Raw/a.csv"), told[-1]) == (b"one\ntwo\n", 8)
    with pytest.raises(InputError, match=f"^{path}: it changed while it was read"):
        kept.put_file("Raw/b.csv", path, "0" * 64, told.append)
    assert kept.list("Raw") == ["Raw/a.csv"]


def test_reading_what_is_not_there_names_it(kept):
    with pytest.raises(LakeError) as raised:
        kept.open("Raw/none.csv")
    assert str(raised.value).startswith(kept.url("Raw/none.csv"))
    assert "\n" not in str(raised.value)


def test_an_address_is_root_and_key(kept, root):
    assert kept.url("") == root
    assert kept.url("Raw/a.csv") == f"{root}/Raw/a.csv"


def test_a_failed_local_write_leaves_no_file_behind(tmp_path):
    with pytest.raises(ValueError, match="stop"):
        write_half(LocalStorage(str(tmp_path)), "a", ValueError("stop"))
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_writer_left_is_found_and_nothing_else(tmp_path):
    storage = LocalStorage(str(tmp_path))
    for name in ("a.json", ".a.json.crc", ".a.json.lock", ".git.tmp"):
        write(storage, f"Raw/{name}")
    left = ["Raw/.a.json.01234abc.tmp", "Raw/.gone.metadata.json.crc"]
    for key in left:
        write(storage, key)
    assert sorted(storage.unfinished("Raw")) == left
    assert storage.list("Raw") == ["Raw/a.json"]


def test_unfinished_files_of_a_lake_go_when_they_are_old(tmp_path):
    keys = [f"{folder}.x.01234abc.tmp" for folder in ("Raw/TMDB/", "Publishing/", "mine/", "")]
    keys += [".index.html.01234abc.tmp", "Quarantine/day/.x.01234abc.tmp"]
    lake = Lake(str(tmp_path))
    for key in keys:
        write(lake.storage, key)
    old = sorted({key for key in keys if "mine" not in key} - {".x.01234abc.tmp"})
    assert delete_unfinished(lake, timedelta(hours=1)) == []
    assert delete_unfinished(lake, timedelta(0), dry_run=True) == old
    assert delete_unfinished(lake, timedelta(0)) == old
    assert sorted(lake.storage.unfinished("")) == sorted(set(keys) - set(old))


def test_a_local_file_is_for_others_to_read(tmp_path):
    write(LocalStorage(str(tmp_path)), "a")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o644


def test_a_folder_that_is_a_file_is_one_clear_line(tmp_path):
    (tmp_path / "lake").write_text("not a folder")
    with pytest.raises(LakeError, match=f"^{tmp_path}/lake/Raw/a: can't write: Not a directory$"):
        write(LocalStorage(str(tmp_path / "lake")), "Raw/a")


def test_a_missing_bucket_is_named(root, monkeypatch):
    if not root.startswith("s3://"):
        pytest.skip("buckets are S3's")
    lost = open_storage("s3://no-such-bucket/lake")
    for act in (lambda: lost.list("Raw"), lambda: lost.open("a"), lambda: write(lost, "a")):
        with pytest.raises(LakeError, match=r"^s3://no-such-bucket/lake/.*NoSuchBucket"):
            act()


@pytest.mark.parametrize("root", ["gs://bucket/lake", "hdfs://host/lake", "https://host/lake"])
def test_other_schemes_are_refused(root):
    with pytest.raises(SettingsError, match=f"^--lake {root}: neither a folder nor s3://"):
        Lake(root)
