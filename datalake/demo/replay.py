"""TMDB responses kept for replay: one JSON a line, `{imdb_id, media_type, tmdb_id, body}`."""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

from datalake.core.damage import PARSING_ERRORS
from datalake.core.errors import InputError


class MediaType(StrEnum):
    """TMDB's word for what a title is."""

    MOVIE = "movie"
    TV = "tv"


class Bodies:
    """Responses by TMDB id and by IMDb id, kept compressed: about 1 kB each."""

    def __init__(self) -> None:
        self._lines: dict[tuple[MediaType, int], bytes] = {}
        self._tmdb_ids: dict[tuple[MediaType, str], int] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, line: bytes) -> None:
        """Keep one line of a replay file, in place of an earlier one of the same title."""
        record = json.loads(line)
        media_type, tmdb_id = MediaType(record["media_type"]), int(record["tmdb_id"])
        if record["body"]["id"] != tmdb_id:
            raise ValueError(f"the body's id is not {tmdb_id}")
        self._lines[media_type, tmdb_id] = zlib.compress(line, 1)
        self._tmdb_ids[media_type, record["imdb_id"]] = tmdb_id

    def get(self, media_type: MediaType, tmdb_id: int) -> dict[str, Any] | None:
        """The body with everything appended; None where there is none."""
        line = self._lines.get((media_type, tmdb_id))
        if line is None:
            return None
        body: dict[str, Any] = json.loads(zlib.decompress(line))["body"]
        return body

    def tmdb_id(self, media_type: MediaType, imdb_id: str) -> int | None:
        """The TMDB id of the title with that IMDb id; None where there is none."""
        return self._tmdb_ids.get((media_type, imdb_id))


def load_bodies(paths: Iterable[Path]) -> Bodies:
    """Read replay files, `.jsonl` or `.jsonl.gz`; `InputError` names a bad file and line."""
    bodies = Bodies()
    for path in paths:
        for number, line in enumerate(_lines(path), 1):
            try:
                bodies.add(line)
            except PARSING_ERRORS as error:
                raise InputError(
                    f"{path}, line {number}: not a replay line"
                    f" (imdb_id, media_type, tmdb_id, body): {' '.join(str(error).split())[:200]}"
                ) from error
    return bodies


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            yield from (line for line in stream if line.strip())
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: can't be read: {error}") from error
