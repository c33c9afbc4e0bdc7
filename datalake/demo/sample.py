"""The made-up sample: `movies.csv` and `series.csv` as the source writes them, with TMDB responses.

Nobody's data, free to share, with known answers built in: see `Truth`.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TextIO

from datalake.core.errors import SettingsError
from datalake.demo.bodies import film_body, series_body
from datalake.demo.source import csv_rows
from datalake.demo.titles import Title, draw_titles
from datalake.demo.truth import Truth
from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.columns import header
from datalake.sources.imdb_csv.raw import FILE_NAMES

BODIES_FILE = "tmdb.jsonl.gz"
_TRUTH = Truth()


@dataclass(frozen=True)
class Sample:
    """What was written: titles and rows by kind, and how many titles TMDB knows."""

    folder: Path
    titles: Counter[Kind]
    rows: Counter[Kind]
    bodies: int


def write_sample(out: Path, titles: int = 3_000, seed: int = 7, truth: Truth = _TRUTH) -> Sample:
    """Write that many titles, a quarter of them series, three in ten of them Crime or War.

    The same arguments write the same bytes; `SettingsError` where `out` can't be written.
    """
    if titles < 1:
        raise SettingsError(f"--titles {titles}: ask for at least one")
    try:
        out.mkdir(parents=True, exist_ok=True)
        with ExitStack() as files:
            tables = {kind: files.enter_context(_table(out, kind)) for kind in Kind}
            replay = files.enter_context(_compressed(out / BODIES_FILE))
            return _write(out, tables, replay, _draw(titles, seed, truth))
    except OSError as error:
        raise SettingsError(f"--out {out}: can't write: {error.strerror}") from error


def _draw(titles: int, seed: int, truth: Truth) -> Iterator[tuple[Title, list[str], bytes]]:
    """Each title with its rows and TMDB's response, empty where TMDB has none."""
    rng = Random(seed)  # noqa: S311 - made-up data, no secrets
    for title in draw_titles(rng, titles, truth):
        is_on_tmdb = title.in_scope and (title.acclaimed or rng.random() < 0.94)
        yield title, csv_rows(rng, title), _replay_line(rng, title) if is_on_tmdb else b""


def _write(
    out: Path,
    tables: dict[Kind, TextIO],
    replay: gzip.GzipFile,
    titles_drawn: Iterator[tuple[Title, list[str], bytes]],
) -> Sample:
    titles, rows, bodies = Counter[Kind](), Counter[Kind](), 0
    for title, lines, replay_line in titles_drawn:
        tables[title.kind].writelines(lines)
        replay.write(replay_line)
        titles[title.kind] += 1
        rows[title.kind] += len(lines)
        bodies += bool(replay_line)
    return Sample(out, titles, rows, bodies)


def _replay_line(rng: Random, title: Title) -> bytes:
    # A film and a series may share a TMDB id: it is unique within its kind alone.
    tmdb_id = 1_000 + title.number // 4 * 3 + title.number % 4
    if title.kind is Kind.MOVIE:
        media_type, body = "movie", film_body(rng, title, tmdb_id)
    else:
        media_type, body = "tv", series_body(rng, title, tmdb_id)
    line = {"imdb_id": title.title_id, "media_type": media_type, "tmdb_id": tmdb_id, "body": body}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


@contextmanager
def _table(out: Path, kind: Kind) -> Iterator[TextIO]:
    with (out / FILE_NAMES[kind]).open("w", encoding="utf-8", newline="\n") as table:
        table.write("|".join(header(kind)) + "\n")
        yield table


@contextmanager
def _compressed(path: Path) -> Iterator[gzip.GzipFile]:
    # Neither name nor time in the gzip header: equal samples are equal bytes.
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", compresslevel=3, fileobj=file, mtime=0) as packed,
    ):
        yield packed
