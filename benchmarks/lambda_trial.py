"""The Lambda as it is deployed: its zips unpacked, S3 and secrets over HTTP, full-size files."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from enrichment_lab import tmdb
from input import source
from tmdb_lab import TOKEN

_HERE = Path(__file__).resolve().parent
_BUILD = _HERE.parent / "scripts" / "build_lambda.py"
_RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six")
_MB = 1_000_000
Rows = list[tuple[str, str]]


def function(lake: Path) -> Rows:
    """Package and import; all titles of the full-size files asked for; then nothing due."""
    work = lake.parent
    package = built(work / "package")
    files, _ = source(None, work / "full")
    with aws(work / "aws.log") as root, tmdb() as server:
        _fill(root, files)
        event = {"rate": 5_000, "threads": 32}
        runs = [called(package, server.url, event, seconds) for seconds in (75, 900, 900)]
    first, _, last = runs
    _require(not first["answer"]["done"] and first["answer"]["left"] > 0, "done too soon")
    _require(last["answer"]["done"] and not last["answer"]["summary"]["due"], "not done")
    imports = sorted(run["import_seconds"] for run in runs)
    peak = max(run["peak_mb"] for run in runs)
    _require(imports[1] < 0.5 and peak < 100, f"import {imports[1]} s, peak {peak} MB")
    due = first["answer"]["summary"]["due"]
    return [
        ("layer, kB unzipped", _unzipped(package, "layer")),
        ("function, kB unzipped", _unzipped(package, "function")),
        ("cold import, seconds (median of 3)", f"{imports[1]:.2f}"),
        (f"peak MB, {due:,} titles due", f"{first['peak_mb']:.0f}"),
        ("peak MB, to the end", f"{runs[1]['peak_mb']:.0f}"),
        ("peak MB, nothing due", f"{last['peak_mb']:.0f}"),
        ("seconds, nothing due: all files read", f"{last['seconds']:.1f}"),
    ]


def built(folder: Path) -> Path:
    """The layer and the function, built and unpacked."""
    subprocess.run([sys.executable, _BUILD, "--out", folder], check=True, stdout=subprocess.DEVNULL)
    for name in ("layer", "function"):
        with ZipFile(folder / f"{name}.zip") as archive:
            archive.extractall(folder / name)
    runtime = folder / "runtime"
    runtime.mkdir()
    for module in _RUNTIME:  # what Lambda has; nothing else of this environment is seen
        spec = find_spec(module)
        assert spec
        assert spec.origin
        origin = Path(spec.origin)
        path = origin.parent if origin.name == "__init__.py" else origin
        (runtime / path.name).symlink_to(path)
    return folder


def called(package: Path, url: str, event: dict[str, Any], seconds: float) -> dict[str, Any]:
    """One cold call with so much time left."""
    words = [sys.executable, "-I", "-S", "-B", _HERE / "lambda_call.py", package]
    run = subprocess.run(
        [*words, json.dumps(event), str(seconds)],
        env=os.environ | {"TMDB_URL": url},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    told: dict[str, Any] = json.loads(run.stdout)
    return told


@contextmanager
def aws(log: Path) -> Iterator[str]:
    """An S3 and a Secrets Manager in a process of their own; the lake's address."""
    with log.open("w") as errors:
        words = [sys.executable, "-c", "from moto.server import main; main()", "-p", "0"]
        server = subprocess.Popen(words, stdout=errors, stderr=errors)
        try:
            os.environ |= {
                "AWS_ENDPOINT_URL": _address(log),
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": "test",
                "DATALAKE_LAKE": "s3://films/lake",
                "TMDB_SECRET_ID": "tmdb",
            }
            yield "s3://films/lake"
        finally:
            server.terminate()
            server.wait()


def _address(log: Path) -> str:
    import time

    for _ in range(300):
        text = log.read_text(encoding="utf-8")
        if "Running on http://" in text:
            return "http://" + text.partition("Running on http://")[2].split()[0]
        time.sleep(0.1)
    sys.exit("the local AWS didn't start")


def _fill(root: str, files: Path) -> None:
    import boto3

    from datalake.base.lake import Lake
    from datalake.raw.ingest import ingest

    boto3.client("s3").create_bucket(Bucket="films")
    boto3.client("secretsmanager").create_secret(Name="tmdb", SecretString=TOKEN)
    ingest(Lake(root), files, datetime.now(UTC).date())


def _unzipped(package: Path, name: str) -> str:
    paths = (package / name).rglob("*")
    return f"{sum(path.stat().st_size for path in paths if path.is_file()) / 1_000:,.0f}"


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        sys.exit(f"the trial failed: {otherwise}")
