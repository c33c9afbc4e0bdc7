"""What is deployed: archives equal to the byte, and a function that runs from them alone."""

import importlib.util
import json
import re
import subprocess
import sys
from zipfile import ZipFile

import pytest
from support.enriched import FILMS, SECRET, SERIES, make_bodies, make_lake, raw_ids
from support.local_s3 import s3_root
from support.paths import ROOT

from datalake.demo.server import TmdbServer

SCRIPT = ROOT / "scripts" / "build_lambda.py"


def module(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture(scope="module")
def build():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(SCRIPT.parent)
        yield module(SCRIPT)


def test_equal_files_make_equal_archives(build, tmp_path):
    files = {"b.py": b"2", "a/c.py": b"1" * 10_000}
    for name, given in (("1.zip", files), ("2.zip", dict(reversed(files.items())))):
        build.write_zip(tmp_path / name, given)
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
    with ZipFile(tmp_path / "1.zip") as archive:
        assert archive.namelist() == ["a/c.py", "b.py"]
        assert {one.date_time[0] for one in archive.infolist()} == {1980}
        assert {one.external_attr >> 16 for one in archive.infolist()} == {0o100644}
        assert archive.read("a/c.py") == b"1" * 10_000


def test_the_function_holds_what_enrichment_imports_and_no_more(build):
    names = set(build.function_files())
    assert {
        "enrich_lambda.py",
        "datalake/__init__.py",
        "datalake/enrichment/lambda_handler.py",
    } <= names
    rooms = {name.split("/")[1] for name in names if name.count("/") > 1}
    assert rooms == {"core", "enrichment", "schemas", "sources"}
    assert "datalake/sources/imdb_csv/tables.py" not in names


def test_every_pin_has_a_hash(build):
    pins = [line.split() for line in build.LAMBDA_LOCK.read_text("utf-8").splitlines()[1:]]
    assert {"boto3", "botocore", "requests"} <= {pin.partition("==")[0] for pin, *_ in pins}
    for pin, *hashes in pins:
        assert "==" in pin
        assert hashes, pin
        assert all(re.fullmatch("--hash=sha256:[0-9a-f]{64}", word) for word in hashes), pin


@pytest.mark.slow
@pytest.mark.parametrize("arch", ["x86_64", "arm64"])
def test_the_package_is_small_and_the_same_each_time(tmp_path, arch):
    outputs = []
    for name in ("one", "two"):
        words = [sys.executable, SCRIPT, "--arch", arch, "--out", tmp_path / name]
        output = subprocess.run(words, check=True, capture_output=True, text=True).stdout
        outputs.append(output.replace(str(tmp_path / name), ""))
    assert outputs[0] == outputs[1]
    assert outputs[0].count("SHA-256") == 2
    with ZipFile(tmp_path / "one" / "layer.zip") as archive:
        entries = archive.infolist()
        processor = {"x86_64": "x86_64", "arm64": "aarch64"}[arch]
        assert any(processor in one.filename for one in entries)
    assert sum(one.file_size for one in entries) < 10_000_000
    packages = {one.filename.split("/")[1] for one in entries if ".dist-info" not in one.filename}
    assert {"boto3", "botocore", "certifi", "idna", "requests", "urllib3"} <= packages
    services = {
        one.filename.split("/")[3]
        for one in entries
        if re.match("python/botocore/data/.+/.+/", one.filename)
    }
    assert services == {"s3", "secretsmanager", "sts", "sso", "sso-oidc", "signin"}


@pytest.mark.slow
def test_the_package_runs_by_itself(monkeypatch, tmp_path):
    import boto3

    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        trial = module(ROOT / "benchmarks" / "lambda_trial.py")
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))
    package = trial.build_package(tmp_path / "package")
    with s3_root(monkeypatch) as root, TmdbServer(make_bodies(), SECRET) as server:
        boto3.client("secretsmanager").create_secret(Name=root[5:], SecretString=SECRET)
        monkeypatch.setenv("DATALAKE_LAKE", root)
        monkeypatch.setenv("TMDB_SECRET_ID", root[5:])
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        lake = make_lake(root)
        result = trial.invoke(package, server.url, {"rate": 1000}, 300)
        assert raw_ids(lake) == sorted(FILMS + SERIES)
    assert result["response"]["done"]
    assert result["response"]["summary"]["found"] == 50
    assert SECRET not in json.dumps(result)
    assert result["import_cpu_seconds"] < 0.5  # by the clock a busy machine takes longer
    assert result["peak_mb"] < 100
