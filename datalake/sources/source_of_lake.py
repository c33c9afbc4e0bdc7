"""Which source a lake's titles are of: the only one in Raw, or the one that was chosen last."""

import json
from datetime import date

from datalake.core.damage import load_json, report_damage
from datalake.core.errors import LakeError
from datalake.core.lake import Lake
from datalake.sources import registry
from datalake.sources.source import TitleSource
from datalake.sources.source_file import has_source_files

_FOLDER = "Raw/Source"
_KEY = f"{_FOLDER}/chosen.json"
_REMEDY = "delete it, and choose again by: datalake ingest --source DIR --format NAME"


def source_of_lake(lake: Lake, until: date | None = None) -> TitleSource:
    """The source whose files later steps read: the one chosen on `until` or before.

    Where nobody had to choose: the only one in Raw, or the first of `SOURCES` where Raw has no
    source file. `LakeError` where Raw has files of two and nobody has chosen.
    """
    if source := chosen_source(lake, until):
        return source
    sources = sources_in_raw(lake)
    if len(sources) > 1:
        raise LakeError(
            f"{lake.storage.url('Raw')}: holds files of {registry.names_of(sources)}; choose one"
            " by: datalake ingest --source DIR --format NAME"
        )
    return sources[0] if sources else registry.SOURCES[0]


def chosen_source(lake: Lake, until: date | None = None) -> TitleSource | None:
    """The source that was chosen last, on `until` or before; None where nobody had to choose."""
    chosen = _chosen(lake)
    days = [day for day in chosen if until is None or day <= until]
    return registry.source_named(chosen[max(days)]) if days else None


def choose_source(lake: Lake, source: TitleSource, day: date) -> None:
    """From that day on the lake's titles are of the source."""
    chosen = _chosen(lake) | {day: source.name}
    with lake.storage.create(_KEY) as file:
        file.write(json.dumps({str(day): chosen[day] for day in sorted(chosen)}).encode())


def sources_in_raw(lake: Lake) -> list[TitleSource]:
    """The sources that Raw has a file of."""
    return [s for s in registry.SOURCES if any(has_source_files(lake, spec) for spec in s.files)]


def _chosen(lake: Lake) -> dict[date, str]:
    """The chosen source's name by the day from which it counts."""
    if not lake.storage.holds(_FOLDER):
        return {}
    names = {source.name for source in registry.SOURCES}
    with report_damage(lake.storage, _KEY, _REMEDY), lake.storage.open(_KEY) as file:
        chosen = {date.fromisoformat(day): name for day, name in load_json(file).items()}
        if not names.issuperset(chosen.values()):
            raise ValueError("another source")
        return chosen
