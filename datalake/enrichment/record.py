"""What is recorded on a title: an entry of the ledger and, where TMDB responded, the body.

A line of Raw is the entry's own line with the body as its last field, so that the ledger can
be rebuilt from Raw without parsing a body.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from datalake.core.damage import checked, checked_time
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.outcome import MEDIA_TYPE, Outcome

_BODY = b',"body":'  # inside a JSON string the quotes would be escaped


class Entry(NamedTuple):
    """A title's newest outcome; `at` in UTC, `attempts` and `reason` of failures only."""

    imdb_id: str
    tmdb_id: int | None
    outcome: Outcome
    at: datetime
    attempts: int = 0
    reason: str = ""

    @classmethod
    def from_line(cls, line: bytes) -> "Entry":
        """The entry of a line of the ledger or of Raw; some error of parsing where it is none."""
        head, body, _ = line.partition(_BODY)
        fields = json.loads(head + b"}" if body else head)
        tmdb_id = fields["tmdb_id"]
        return cls(
            checked(fields["imdb_id"], str),
            tmdb_id if tmdb_id is None else checked(tmdb_id, int),
            Outcome(fields["outcome"]),
            checked_time(fields["fetched_at"]),
            checked(fields.get("attempts", 0), int),
            checked(fields.get("reason", ""), str),
        )

    def to_line(self, kind: Kind) -> bytes:
        """The entry's line, without its end."""
        fields: dict[str, Any] = {
            "imdb_id": self.imdb_id,
            "media_type": MEDIA_TYPE[kind],
            "tmdb_id": self.tmdb_id,
            "outcome": self.outcome,
            "fetched_at": f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        }
        if self.outcome is Outcome.FAILED:
            fields |= {"attempts": self.attempts, "reason": self.reason}
        return _json(fields)


@dataclass(frozen=True)
class Record:
    """An entry with TMDB's body; `reached` is false where nothing responded at all."""

    kind: Kind
    entry: Entry
    body: dict[str, Any] | None = None
    reached: bool = True

    @property
    def is_failed(self) -> bool:
        """Whether TMDB gave no usable response."""
        return self.entry.outcome is Outcome.FAILED

    def to_line(self) -> bytes:
        """The record's line, its end included; a failed or pending title has no body."""
        line = self.entry.to_line(self.kind)
        if self.entry.outcome in (Outcome.FAILED, Outcome.PENDING):
            return line + b"\n"
        return line[:-1] + _BODY + _json(self.body) + b"}\n"


def has_body(line: bytes) -> bool:
    """Whether a line belongs in Raw, not in the ledger alone."""
    return _BODY in line


def _json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # TMDB's texts may hold half a surrogate pair, which UTF-8 has no bytes for.
    return text.encode("utf-8", "backslashreplace")
