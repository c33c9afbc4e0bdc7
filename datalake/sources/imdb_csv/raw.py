"""Where movies.csv and series.csv lie in Raw, and the manifests that tell of them."""

import json
from dataclasses import asdict, dataclass
from datetime import date

from datalake.core.errors import LakeError
from datalake.core.lake import Lake
from datalake.schemas.kinds import Kind

FILE_NAMES = {Kind.MOVIE: "movies.csv", Kind.SERIES: "series.csv"}


@dataclass(frozen=True)
class SourceFile:
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
        return f"{FILE_NAMES[self.kind]}@{self.day.isoformat()}#{self.sha256[:12]}"

    def to_json(self) -> str:
        """The manifest's text."""
        return json.dumps(
            asdict(self) | {"day": self.day.isoformat()}, indent=2, ensure_ascii=False
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> "SourceFile":
        """The source file a manifest's text tells of."""
        fields = json.loads(text)
        if unknown := fields.keys() - cls.__dataclass_fields__.keys():
            raise LakeError(
                f"{fields.get('key')}: a newer datalake ingested it ({', '.join(sorted(unknown))});"
                " install the newer datalake"
            )
        return cls(
            **fields | {"kind": Kind(fields["kind"]), "day": date.fromisoformat(fields["day"])}
        )


def csv_folder(kind: Kind, day: date | None = None) -> str:
    """Where source files of that kind (and day) lie."""
    return f"Raw/Local/CSV/{kind.folder}" + (f"/{day:%Y/%m/%d}" if day else "")


def source_files(lake: Lake, kind: Kind) -> list[SourceFile]:
    """Every ingested file of that kind, oldest first; one without manifest doesn't count."""
    manifests = [
        key for key in lake.storage.list(csv_folder(kind)) if key.endswith(".manifest.json")
    ]
    files = []
    for key in manifests:
        with lake.storage.open(key) as stream:
            files.append(SourceFile.from_json(stream.read()))
    return sorted(files, key=lambda file: (file.day, file.ingested_at))


def newest_source_file(lake: Lake, kind: Kind, until: date | None = None) -> SourceFile:
    """The newest file of that kind, of `until` or before; `LakeError` where there is none."""
    files = [file for file in source_files(lake, kind) if until is None or file.day <= until]
    if not files:
        before = f" of {until} or before" if until else ""
        raise LakeError(
            f"{lake.storage.url(csv_folder(kind))}: no {FILE_NAMES[kind]}{before}"
            " in Raw; run: datalake ingest --source DIR"
        )
    return files[-1]
