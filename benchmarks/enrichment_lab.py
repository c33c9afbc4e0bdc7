"""What the trials of enrichment work with: lakes, a TMDB, the command, what it left behind."""

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
Account = dict[str, Any]


class Tmdb:
    """A TMDB at work in a process of its own."""

    def __init__(self, **told: Any) -> None:
        self._process = subprocess.Popen(
            [sys.executable, _HERE / "tmdb_lab.py", json.dumps(told)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self._line().strip()

    def count(self) -> Account:
        """What was asked since the last count."""
        self._order("count")
        told: Account = json.loads(self._line())
        return told

    def changed(self, media_type: str, tmdb_id: int, day: date) -> None:
        """Let the change lists tell that a title changed on that day."""
        self._order(f"changed {media_type} {tmdb_id} {day}")
        self._line()

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    def _order(self, words: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{words}\n")
        self._process.stdin.flush()

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()


@contextmanager
def tmdb(**told: Any) -> Iterator[Tmdb]:
    """A TMDB as long as the block runs: see `tmdb_lab`."""
    server = Tmdb(**told)
    try:
        yield server
    finally:
        server.close()


def prepare(work: Path, count: int) -> Path:
    """A lake of so many made-up titles in scope; TMDB's answers on them lie beside."""
    subprocess.run([sys.executable, __file__, work, str(count)], check=True)
    return work / "lake"


def copied(lake: Path, name: str) -> Path:
    """Another lake with the same source files."""
    target = lake.with_name(name)
    shutil.copytree(lake, target)
    return target


def command(lake: Path, server: Tmdb, rate: float, *others: str) -> list[str]:
    """`datalake enrich` as a user calls it."""
    os.environ["TMDB_TOKEN"] = TOKEN
    words = ["enrich", "--lake", str(lake), "--tmdb-url", server.url, "--rate", str(rate)]
    return [sys.executable, "-c", "from datalake.cli import main; main()", *words, *others]


def manifest(lake: Path) -> Account:
    """What the newest run told."""
    runs = sorted((lake / "Raw/TMDB/Ledger/Runs").glob("*.json"))
    told: Account = json.loads(runs[-1].read_text(encoding="utf-8"))
    return told


def outcomes(lake: Path) -> dict[str, str]:
    """How TMDB answered on each title, by IMDb id, as Raw tells."""
    found = {}
    for path in sorted((lake / "Raw/TMDB/JSON").rglob("*.jsonl.gz")):
        with gzip.open(path) as lines:
            for line in lines:
                record = json.loads(line)
                found[record["imdb_id"]] = record["outcome"]
    return found


def known(work: Path) -> dict[str, tuple[str, int]]:
    """Media type and TMDB id of the titles that TMDB has, by IMDb id."""
    with gzip.open(work / "sample/tmdb.jsonl.gz") as lines:
        told = (json.loads(line) for line in lines)
        return {one["imdb_id"]: (one["media_type"], one["tmdb_id"]) for one in told}


def bare_lake(folder: Path, ids: range) -> Path:
    """A lake with a file of films that has only what scope needs."""
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


def titles(work: Path) -> Counter[Kind]:
    """How many films and series the lake has in scope."""
    counts: Counter[Kind] = Counter()
    for kind in Kind:
        with (work / "source" / FILE_NAMES[kind]).open("rb") as rows:
            next(rows)
            counts[kind] = len({row.partition(b"|")[0] for row in rows})
    return counts


def _make(work: Path, total: int) -> None:
    """In a process of its own: the measuring one must stay small."""
    from datalake.demo.sample import write_sample
    from datalake.sources.imdb_csv.scope import titles_in_scope
    from datalake.sources.ingestion import ingest

    write_sample(work / "sample", max(4_000, 21 * total // 5))
    (work / "source").mkdir()
    for kind, count in ((Kind.MOVIE, 3 * total // 4), (Kind.SERIES, total // 4)):
        with (work / "sample" / FILE_NAMES[kind]).open("rb") as file:
            ids = list(titles_in_scope(file, ("Crime", "War")))[:count]
        assert len(ids) == count
        wanted = Counter(ids)
        with (
            (work / "sample" / FILE_NAMES[kind]).open("rb") as file,
            (work / "source" / FILE_NAMES[kind]).open("wb") as target,
        ):
            target.write(next(file))
            target.writelines(row for row in file if row.partition(b"|")[0].decode() in wanted)
    ingest(Lake(str(work / "lake")), work / "source", datetime.now(UTC).date())


if __name__ == "__main__":
    _make(Path(sys.argv[1]), int(sys.argv[2]))
