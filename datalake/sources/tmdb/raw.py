"""Where TMDB's responses lie in Raw."""

from datetime import date

from datalake.core.lake import Lake
from datalake.schemas.kinds import Kind


def tmdb_folder(kind: Kind, day: date | None = None) -> str:
    """Where responses on that kind (of that day) lie."""
    return f"Raw/TMDB/JSON/{kind.folder}" + (f"/{day:%Y/%m/%d}" if day else "")


def response_files(lake: Lake, until: date | None = None) -> list[str]:
    """The keys of all files with TMDB responses, of `until` or before."""
    last = f"{until:%Y/%m/%d}" if until else "9"
    return [
        key
        for kind in Kind
        for key in lake.storage.list(tmdb_folder(kind))
        if key.endswith(".jsonl.gz")
        and key.removeprefix(tmdb_folder(kind) + "/").rpartition("/")[0] <= last
    ]


def response_days(lake: Lake) -> set[date]:
    """The days of which there are responses."""
    folders = {key.rpartition("/")[0] for key in response_files(lake)}
    return {date.fromisoformat("-".join(folder.split("/")[-3:])) for folder in folders}
