"""Ingested source files: the manifest beside each one in Raw, and which of them is the newest."""

import json
from dataclasses import asdict, dataclass
from datetime import date

from datalake.core.damage import checked, checked_time, from_fields, parse_json, report_damage
from datalake.core.errors import LakeError, NoSourceFileError
from datalake.core.lake import Lake
from datalake.sources.source import FileContents, FileSpec

_MANIFEST = ".manifest.json"
_IDS = ".ids.tsv.gz"
_REMEDY = "delete it, and ingest its source file again"


@dataclass(frozen=True)
class SourceFile:
    """One ingested source file, as its manifest describes it; times are UTC, in ISO 8601."""

    spec: FileSpec
    day: date
    key: str
    contents: FileContents
    ingested_at: str

    @property
    def id(self) -> str:
        """A short name that is equal for equal bytes of one day."""
        return f"{self.spec.name}@{self.day.isoformat()}#{self.contents.sha256[:12]}"

    @property
    def rows(self) -> int:
        """Its rows, the header left out."""
        return self.contents.rows

    @property
    def manifest_key(self) -> str:
        """Where its manifest lies."""
        return self.key + _MANIFEST

    @property
    def ids_key(self) -> str:
        """Where its list of ids lies, of a file whose spec has one."""
        return self.key + _IDS

    def to_json(self) -> str:
        """The manifest's text."""
        contents = asdict(self.contents)
        for name in ("file_date", "modified_ns", "made_up"):
            if not contents[name]:
                del contents[name]
        fields = {
            "kind": self.spec.kind,
            "day": self.day.isoformat(),
            "key": self.key,
            **contents,
            "ingested_at": self.ingested_at,
        }
        return json.dumps(fields, indent=2, ensure_ascii=False)

    @classmethod
    def from_json(cls, spec: FileSpec, manifest_key: str, text: str | bytes) -> "SourceFile":
        """The source file that a manifest describes; `LakeError` where newer code wrote it."""
        fields = parse_json(text)
        key = checked(fields["key"], str)
        if key + _MANIFEST != manifest_key:
            raise ValueError("of another file")
        contents_fields = FileContents.__dataclass_fields__.keys()
        if unknown := fields.keys() - contents_fields - {"kind", "day", "key", "ingested_at"}:
            raise LakeError(
                f"{key}: a newer datalake ingested it ({', '.join(sorted(unknown))});"
                " install the newer datalake"
            )
        contents = from_fields(
            FileContents, {n: fields[n] for n in contents_fields & fields.keys()}
        )
        day = date.fromisoformat(fields["day"])
        checked_time(fields["ingested_at"])
        return cls(spec, day, key, contents, fields["ingested_at"])


def folder_of_day(spec: FileSpec, day: date) -> str:
    """Where files of that spec and day lie."""
    return f"{spec.folder}/{day:%Y/%m/%d}"


def has_source_files(lake: Lake, spec: FileSpec) -> bool:
    """Whether any file of that spec was ingested."""
    return bool(_manifests(lake, spec))


def source_files(lake: Lake, spec: FileSpec) -> list[SourceFile]:
    """Every ingested file of that spec, oldest first; one without manifest doesn't count."""
    files = []
    for key in _manifests(lake, spec):
        with lake.storage.open(key) as stream, report_damage(lake.storage, key, _REMEDY):
            files.append(SourceFile.from_json(spec, key, stream.read()))
    return sorted(files, key=lambda file: (file.day, file.ingested_at))


def newest_source_file(lake: Lake, spec: FileSpec, until: date | None = None) -> SourceFile:
    """The newest file of that spec, of `until` or before; `NoSourceFileError` without one."""
    files = [file for file in source_files(lake, spec) if until is None or file.day <= until]
    if not files:
        before = f" of {until} or before" if until else ""
        raise NoSourceFileError(
            f"{lake.storage.url(spec.folder)}: no {spec.name}{before}"
            " in Raw; run: datalake ingest --source DIR"
        )
    return files[-1]


def files_without_manifest(lake: Lake, spec: FileSpec) -> list[str]:
    """The keys of files of that spec that a killed ingestion has left: they don't count."""
    keys = set(lake.storage.list(spec.folder))
    return sorted(
        key for key in keys if not key.endswith(_MANIFEST) and key + _MANIFEST not in keys
    )


def _manifests(lake: Lake, spec: FileSpec) -> list[str]:
    return [key for key in lake.storage.list(spec.folder) if key.endswith(_MANIFEST)]
