"""Lakes, a local TMDB and the command that the trials of enrichment run, and what it wrote."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tmdb_lab import TOKEN

from datalake.core.lake import Lake
from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.raw import FILE_NAMES, FILES
from datalake.sources.source import FileContents
from datalake.sources.source_file import SourceFile, folder_of_day

_HERE = Path(__file__).resolve().parent
ServerCounts = dict[str, Any]
"""What a local TMDB counted: see `Lab.count`."""


class Tmdb:
    """A local TMDB that runs in a process of its own."""

    def __init__(self, **options: Any) -> None:
        self._process = subprocess.Popen(
            [sys.executable, _HERE / "tmdb_lab.py", json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self._line().strip()

    def count(self) -> ServerCounts:
        """Count the requests since the last count."""
        self._send("count")
        counts: ServerCounts = json.loads(self._line())
        return counts

    def mark_changed(self, media_type: str, tmdb_id: int, day: date) -> None:
        """List the title as changed on that day."""
        self._send(f"changed {media_type} {tmdb_id} {day}")
        self._line()

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    def _send(self, order: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{order}\n")
        self._process.stdin.flush()

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()


@contextmanager
def tmdb(**options: Any) -> Iterator[Tmdb]:
    """A local TMDB for the block; `options` are those of `tmdb_lab`."""
    server = Tmdb(**options)
    try:
        yield server
    finally:
        server.close()


def prepare(work: Path, count: int) -> Path:
    """A lake of so many made-up titles in scope, with TMDB's responses on them beside it."""
    subprocess.run([sys.executable, __file__, work, str(count)], check=True)
    return work / "lake"


def copy_lake(lake: Path, name: str) -> Path:
    """Another lake with the same source files."""
    target = lake.with_name(name)
    shutil.copytree(lake, target)
    return target


def command(lake: Path, server: Tmdb, rate: float, *more: str) -> list[str]:
    """`datalake enrich` as a user calls it."""
    os.environ["TMDB_TOKEN"] = TOKEN
    arguments = ["enrich", "--lake", str(lake), "--tmdb-url", server.url, "--rate", str(rate)]
    return [sys.executable, "-c", "from datalake.cli import main; main()", *arguments, *more]


def run_summary(lake: Path) -> dict[str, Any]:
    """The summary that the newest run left in the lake."""
    runs = sorted((lake / "Raw/TMDB/Ledger/Runs").glob("*.json"))
    summary: dict[str, Any] = json.loads(runs[-1].read_text(encoding="utf-8"))
    return summary


def outcomes(lake: Path) -> dict[str, str]:
    """Each title's outcome by IMDb id, from Raw."""
    outcomes = {}
    for path in sorted((lake / "Raw/TMDB/JSON").rglob("*.jsonl.gz")):
        with gzip.open(path) as lines:
            for line in lines:
                record = json.loads(line)
                outcomes[record["imdb_id"]] = record["outcome"]
    return outcomes


def tmdb_titles(work: Path) -> dict[str, tuple[str, int]]:
    """Media type and TMDB id of the titles that TMDB has, by IMDb id."""
    with gzip.open(work / "sample/tmdb.jsonl.gz") as lines:
        records = map(json.loads, lines)
        return {row["imdb_id"]: (row["media_type"], row["tmdb_id"]) for row in records}


def bare_lake(folder: Path, ids: range) -> Path:
    """A lake whose file of films has only the two columns that scope reads."""
    lake, day = Lake(str(folder)), datetime.now(UTC).date()
    for kind in Kind:
        rows = (f"tt{number:07d}|War\n" for number in ids) if kind is Kind.MOVIE else ()
        key = f"{folder_of_day(FILES[kind], day)}/{FILE_NAMES[kind]}"
        with lake.storage.create(key) as file:
            file.write(b"id|genero\n")
            file.writelines(row.encode() for row in rows)
        source_file = SourceFile(FILES[kind], day, key, FileContents(0, "", 0, ""), "")
        with lake.storage.create(source_file.manifest_key) as file:
            file.write(source_file.to_json().encode())
    return folder


def count_titles(work: Path) -> Counter[Kind]:
    """How many films and series the lake has in scope."""
    counts: Counter[Kind] = Counter()
    for kind in Kind:
        with (work / "source" / FILE_NAMES[kind]).open("rb") as rows:
            next(rows)
            counts[kind] = len({row.partition(b"|")[0] for row in rows})
    return counts


def _make_lake(work: Path, total: int) -> None:
    """Make the lake, in a process of its own: the measuring one must stay small."""
    from datalake.demo.sample import write_sample
    from datalake.sources.imdb_csv.scope import titles_in_scope
    from datalake.sources.ingestion import ingest

    write_sample(work / "sample", max(4_000, 21 * total // 5))
    (work / "source").mkdir()
    for kind, count in ((Kind.MOVIE, 3 * total // 4), (Kind.SERIES, total // 4)):
        with (work / "sample" / FILE_NAMES[kind]).open("rb") as file:
            ids = list(titles_in_scope(file, ("Crime", "War")))[:count]
        assert len(ids) == count
        chosen = Counter(ids)
        with (
            (work / "sample" / FILE_NAMES[kind]).open("rb") as file,
            (work / "source" / FILE_NAMES[kind]).open("wb") as target,
        ):
            target.write(next(file))
            target.writelines(row for row in file if row.partition(b"|")[0].decode() in chosen)
    ingest(Lake(str(work / "lake")), work / "source", datetime.now(UTC).date())


if __name__ == "__main__":
    _make_lake(Path(sys.argv[1]), int(sys.argv[2]))
