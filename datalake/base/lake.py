"""The lake's map: what lies where in Raw, and which snapshot is the newest.

Raw/Local/CSV/{Movies,Series}/YYYY/MM/DD/movies.csv          a source file, as it came
Raw/Local/CSV/{Movies,Series}/YYYY/MM/DD/movies.csv.manifest.json
Raw/TMDB/JSON/{Movies,Series}/YYYY/MM/DD/*.jsonl.gz          one API answer a line
Trusted/…, Refined/…, Answers/…                              Iceberg tables
"""

import json
import re
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from datalake.base.aws import AS_AWS_SAYS, Aws
from datalake.base.errors import LakeError, SettingsError
from datalake.base.storage import Storage, storage

DATABASE_PREFIX = "datalake_"


class Kind(StrEnum):
    """What a title is; the value stands in the tables."""

    MOVIE = "movie"
    SERIES = "series"

    @property
    def folder(self) -> str:
        """Its folder in Raw."""
        return {Kind.MOVIE: "Movies", Kind.SERIES: "Series"}[self]

    @property
    def file(self) -> str:
        """Its source file's name."""
        return {Kind.MOVIE: "movies.csv", Kind.SERIES: "series.csv"}[self]


@dataclass(frozen=True)
class Snapshot:
    """One ingested source file, as its manifest tells.

    `rows` leaves the header out; `damaged` files hold bytes that aren't UTF-8, or NUL.
    """

    kind: Kind
    day: date
    key: str
    size: int
    sha256: str
    rows: int
    header: str
    ingested_at: str
    damaged: bool = False

    @property
    def id(self) -> str:
        """A short name that is equal for equal bytes of one day."""
        return f"{self.kind.file}@{self.day.isoformat()}#{self.sha256[:12]}"

    def to_json(self) -> str:
        """The manifest's text."""
        return json.dumps(
            asdict(self) | {"day": self.day.isoformat()}, indent=2, ensure_ascii=False
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> "Snapshot":
        """The snapshot a manifest's text tells of."""
        fields = json.loads(text)
        if unknown := fields.keys() - cls.__dataclass_fields__.keys():
            raise LakeError(
                f"{fields.get('key')}: a newer datalake ingested it ({', '.join(sorted(unknown))});"
                " install the newer datalake"
            )
        return cls(
            **fields | {"kind": Kind(fields["kind"]), "day": date.fromisoformat(fields["day"])}
        )


@dataclass(frozen=True)
class Lake:
    """A lake by its root: a local folder or `s3://bucket/prefix`.

    On S3 its tables are in the Glue catalog, in databases whose names start with
    `database_prefix`.
    """

    root: str
    database_prefix: str = DATABASE_PREFIX
    aws: Aws = AS_AWS_SAYS

    def __post_init__(self) -> None:
        if "://" in self.root and not self.root.startswith("s3://"):
            raise SettingsError(f"--lake {self.root}: neither a folder nor s3://bucket/prefix")
        if not re.fullmatch(r"[a-z0-9_]*", self.database_prefix):
            raise SettingsError(
                f"--database-prefix {self.database_prefix}: Glue's names are of a-z, 0-9 and _"
            )

    @property
    def on_s3(self) -> bool:
        """Whether the lake lies on S3, and its tables in the Glue catalog."""
        return self.root.startswith("s3://")

    @cached_property
    def storage(self) -> Storage:
        """The bytes under the root."""
        return storage(self.root, self.aws)

    def database(self, layer: str) -> str:
        """The layer's name in the catalog: its folder's, or that of a Glue database."""
        return self.database_prefix + layer.lower() if self.on_s3 else layer

    @staticmethod
    def csv_folder(kind: Kind, day: date | None = None) -> str:
        """Where source files of that kind (and day) lie."""
        return f"Raw/Local/CSV/{kind.folder}" + (f"/{day:%Y/%m/%d}" if day else "")

    @staticmethod
    def tmdb_folder(kind: Kind, day: date | None = None) -> str:
        """Where API answers on that kind (of that day) lie."""
        return f"Raw/TMDB/JSON/{kind.folder}" + (f"/{day:%Y/%m/%d}" if day else "")

    def snapshots(self, kind: Kind) -> list[Snapshot]:
        """Every ingested file of that kind, oldest first; one without manifest doesn't count."""
        manifests = [
            key
            for key in self.storage.list(self.csv_folder(kind))
            if key.endswith(".manifest.json")
        ]
        found = []
        for key in manifests:
            with self.storage.open(key) as stream:
                found.append(Snapshot.from_json(stream.read()))
        return sorted(found, key=lambda snapshot: (snapshot.day, snapshot.ingested_at))

    def newest_snapshot(self, kind: Kind, until: date | None = None) -> Snapshot:
        """The newest file of that kind, of `until` or before; `LakeError` where there is none."""
        known = [s for s in self.snapshots(kind) if until is None or s.day <= until]
        if not known:
            before = f" of {until} or before" if until else ""
            raise LakeError(
                f"{self.storage.url(self.csv_folder(kind))}: no {kind.file}{before}"
                " in Raw; run: datalake ingest --source DIR"
            )
        return known[-1]

    def answers(self, until: date | None = None) -> list[str]:
        """The keys of all files with TMDB answers, of `until` or before."""
        last = f"{until:%Y/%m/%d}" if until else "9"
        return [
            key
            for kind in Kind
            for key in self.storage.list(self.tmdb_folder(kind))
            if key.endswith(".jsonl.gz")
            and key.removeprefix(self.tmdb_folder(kind) + "/").rpartition("/")[0] <= last
        ]
