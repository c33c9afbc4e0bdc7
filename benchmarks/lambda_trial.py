"""The Lambda as it is deployed: its zips unpacked, S3 and secrets over HTTP, full-size files."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from enrichment_checks import Rows, require
from enrichment_lab import tmdb
from input import source_files
from tmdb_lab import TOKEN

from datalake.schemas.kinds import Kind

_HERE = Path(__file__).resolve().parent
_BUILD = _HERE.parent / "scripts" / "build_lambda.py"


def measure_lambda(lake: Path) -> Rows:
    """Package and import; the full-size files with all titles due, then with none."""
    work = lake.parent
    package = build_package(work / "package")
    files, _ = source_files(None, work / "full")
    with local_aws(work / "aws.log") as root, tmdb() as server:
        _fill(root, files)
        event = {"rate": 5_000, "threads": 32}
        runs = [invoke(package, server.url, event, seconds) for seconds in (80, 80)]
        _record_all(root)
        runs.append(invoke(package, server.url, event, 80))
    first, second, last = (run["response"] for run in runs)
    require(not first["done"] and first["left"] == second["summary"]["due"], "done too soon")
    require(last["done"] and not last["summary"]["due"], "not done")
    work, clock = (
        sorted(run[name] for run in runs)[1] for name in ("import_cpu_seconds", "import_seconds")
    )
    peak = max(run["peak_mb"] for run in runs)
    require(work < 0.5 and peak < 100, f"import {work} s of processor, peak {peak} MB")
    due = first["summary"]["due"]
    return [
        ("layer, kB unzipped", _unzipped(package, "layer")),
        ("function, kB unzipped", _unzipped(package, "function")),
        ("cold import, seconds by the clock (median of 3)", f"{clock:.2f}"),
        ("the same, seconds of processor", f"{work:.2f}"),
        (f"peak MB, all {due:,} titles due, 20 s of requests", f"{runs[0]['peak_mb']:.0f}"),
        (f"peak MB, {second['summary']['due']:,} due, 20 s more", f"{runs[1]['peak_mb']:.0f}"),
        ("peak MB, all known and nothing due", f"{runs[2]['peak_mb']:.0f}"),
        ("seconds of that: both files and the ledger read", f"{runs[2]['seconds']:.1f}"),
    ]


def build_package(folder: Path) -> Path:
    """Build the layer and the function, and unpack both into the folder."""
    subprocess.run([sys.executable, _BUILD, "--out", folder], check=True, stdout=subprocess.DEVNULL)
    for name in ("layer", "function"):
        with ZipFile(folder / f"{name}.zip") as archive:
            archive.extractall(folder / name)
    return folder


def invoke(package: Path, url: str, event: dict[str, Any], seconds: float) -> dict[str, Any]:
    """One cold invocation with so many seconds left; what `lambda_call` prints."""
    command: list[str | Path] = [
        sys.executable,
        "-I",
        "-S",
        "-B",
        _HERE / "lambda_call.py",
        package,
    ]
    run = subprocess.run(
        [*command, json.dumps(event), str(seconds)],
        env=os.environ | {"TMDB_URL": url},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    result: dict[str, Any] = json.loads(run.stdout)
    return result


@contextmanager
def local_aws(log: Path) -> Iterator[str]:
    """A local S3 and Secrets Manager in one process for the block; the address of a lake on it."""
    with log.open("w") as errors:
        command = [sys.executable, "-c", "from moto.server import main; main()", "-p", "0"]
        server = subprocess.Popen(command, stdout=errors, stderr=errors)
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
    for _ in range(300):
        text = log.read_text(encoding="utf-8")
        if "Running on http://" in text:
            return "http://" + text.partition("Running on http://")[2].split()[0]
        time.sleep(0.1)
    sys.exit("the local AWS didn't start")


def _fill(root: str, files: Path) -> None:
    import boto3

    from datalake.core.lake import Lake
    from datalake.sources.ingestion import ingest

    boto3.client("s3").create_bucket(Bucket="films")
    boto3.client("secretsmanager").create_secret(Name="tmdb", SecretString=TOKEN)
    ingest(Lake(root), files, datetime.now(UTC).date())


def _record_all(root: str) -> None:
    """Record every title in scope in the ledger as found, without a request."""
    from datalake.core.lake import Lake
    from datalake.enrichment.ledger import write_entries
    from datalake.enrichment.record import Entry
    from datalake.enrichment.spool import new_part_name
    from datalake.sources.imdb_csv.scope import ids_in_scope
    from datalake.sources.tmdb.outcome import Outcome

    lake, now = Lake(root), datetime.now(UTC)
    for kind in Kind:
        entries = (
            Entry(imdb_id, int(imdb_id[2:]), Outcome.FOUND, now)
            for imdb_id in ids_in_scope(lake, kind, ("Crime", "War"))
        )
        write_entries(lake, kind, new_part_name(), entries, covers=())


def _unzipped(package: Path, name: str) -> str:
    paths = (package / name).rglob("*")
    return f"{sum(path.stat().st_size for path in paths if path.is_file()) / 1_000:,.0f}"
