"""The made-up sample: IMDb's files as a source writes them, with TMDB's responses.

It is free to share, and has known answers built in: see `Truth`.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from datalake.core.errors import SettingsError
from datalake.core.made_up import MADE_UP
from datalake.core.options import FORMATS
from datalake.demo.bodies import film_body, series_body
from datalake.demo.csv_files import CsvFiles
from datalake.demo.dataset_files import DatasetFiles
from datalake.demo.facts import Facts, draw_facts
from datalake.demo.history import MONTH_BEFORE, MonthBefore
from datalake.demo.source_files import SourceFiles, gzip_file
from datalake.demo.titles import Title, draw_titles
from datalake.demo.truth import Truth
from datalake.schemas.kinds import Kind

BODIES_FILE = "tmdb.jsonl.gz"
_NOTE = """\
The files in this folder are made up: no title, person or figure in them is real.
This file tells the lake so. Keep files of your own in another folder.
"""
_TRUTH = Truth()


@dataclass(frozen=True)
class Sample:
    """What was written: titles by kind, rows by file, and how many titles TMDB knows."""

    folder: Path
    titles: Counter[Kind]
    rows: Counter[str]
    bodies: int


def write_sample(
    out: Path,
    titles: int = 3_000,
    seed: int = 7,
    truth: Truth = _TRUTH,
    source_format: str = FORMATS[0],
    history: bool = False,
) -> Sample:
    """Write that many titles, a quarter of them series, three in ten of them Crime or War.

    They and TMDB's responses are the same in every format; the datasets have other titles, every
    episode and the makers besides. `history` writes IMDb's files of a month before, too, into the
    folder `month-before`: one film has risen since. The same arguments write the same bytes;
    `SettingsError` where `out` can't be written.
    """
    if titles < 1:
        raise SettingsError(f"--titles {titles}: ask for at least one")
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / MADE_UP).write_text(_NOTE, encoding="utf-8")
        with _source_files(out, source_format, seed) as files:
            sample = _write(out, files, _draw(titles, seed, truth))
        if history:
            before, facts_before = out / MONTH_BEFORE, MonthBefore()
            before.mkdir(exist_ok=True)
            with _source_files(before, source_format, seed) as files:
                for title, facts, _ in _draw(titles, seed, truth):
                    files.add(title, facts_before(title, facts))
    except OSError as error:
        raise SettingsError(f"--out {out}: can't write: {error.strerror}") from error
    return sample


def _source_files(out: Path, source_format: str, seed: int) -> SourceFiles:
    return CsvFiles(out) if source_format == "imdb-csv" else DatasetFiles(out, seed)


def _draw(titles: int, seed: int, truth: Truth) -> Iterator[tuple[Title, Facts, bytes]]:
    """Each title with what IMDb says of it, and TMDB's response, empty where TMDB has none."""
    rng = Random(seed)  # noqa: S311 - made-up data, no secrets
    for title in draw_titles(rng, titles, truth):
        is_on_tmdb = title.in_scope and (title.acclaimed or rng.random() < 0.94)
        yield title, draw_facts(rng, title), _replay_line(rng, title) if is_on_tmdb else b""


def _write(out: Path, files: SourceFiles, drawn: Iterator[tuple[Title, Facts, bytes]]) -> Sample:
    titles, bodies = Counter[Kind](), 0
    with gzip_file(out / BODIES_FILE) as replay:
        for title, facts, replay_line in drawn:
            files.add(title, facts)
            replay.write(replay_line)
            titles[title.kind] += 1
            bodies += bool(replay_line)
    return Sample(out, titles, files.rows, bodies)


def _replay_line(rng: Random, title: Title) -> bytes:
    # A film and a series may share a TMDB id: it is unique within its kind alone.
    tmdb_id = 1_000 + title.number // 4 * 3 + title.number % 4
    if title.kind is Kind.MOVIE:
        media_type, body = "movie", film_body(rng, title, tmdb_id)
    else:
        media_type, body = "tv", series_body(rng, title, tmdb_id)
    line = {"imdb_id": title.title_id, "media_type": media_type, "tmdb_id": tmdb_id, "body": body}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
