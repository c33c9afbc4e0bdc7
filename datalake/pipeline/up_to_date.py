"""Whether a step's output is up to date with its inputs, found without Spark.

What a step's output depends on is recorded with it: in the summary of each snapshot that the step
publishes, and at the end of the page. A snapshot that is set back, deleted or built of other
inputs, options or code differs from what the step would record now, so the step runs again.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from datalake.core.errors import LakeError
from datalake.core.intent import read_intent
from datalake.core.settings import Settings
from datalake.pipeline.page_file import page_inputs
from datalake.questions import registry
from datalake.schemas import REFINED, TRUSTED, Table
from datalake.schemas.trusted import (
    CREDITS,
    EPISODES,
    PERSONS,
    QUARANTINE,
    RECONCILIATION,
    TITLES,
)
from datalake.sources.source_file import newest_source_file
from datalake.sources.source_of_lake import source_of_lake
from datalake.sources.tmdb.raw import response_files
from datalake.sql.table_metadata import current_snapshot, read_metadata

PROPERTY = "datalake.inputs"
"""The entry of a snapshot's summary that holds the step's inputs."""

FILE_TABLES = (TITLES, CREDITS, EPISODES, PERSONS, RECONCILIATION)
"""Tables of Trusted that are built of the source files alone: responses change nothing in them."""

_IRRELEVANT_TO_FILES = ("responses", "genres")
_PACKAGES_WITHOUT_OUTPUT = ("cli", "demo", "enrichment", "glue")
_CODE = (".py", ".js", ".css", ".html", ".toml")


def _outputs(step: str) -> tuple[Table, ...]:
    return {"trusted": TRUSTED, "refined": REFINED, "answers": registry.ANSWERS}[step]


def _is_pending(settings: Settings, tables: Iterable[Table]) -> bool:
    """Whether a publishing of any of the tables has begun and not ended."""
    lake, swaps = settings.lake, read_intent(settings.lake.storage)
    return any(lake.table_name(table.layer, table.name) in swaps for table in tables)


def _tables_read(step: str) -> tuple[Table, ...]:
    return {"refined": TRUSTED, "answers": REFINED, "report": registry.TABLES}[step]


def step_inputs(step: str, settings: Settings) -> str:
    """What the step's output depends on, as JSON: files, responses, snapshots, options, code."""
    if step == "trusted":
        inputs = {
            "files": _source_files(settings),
            "responses": _digest(response_files(settings.lake, settings.day)),
            "max_bad_share": settings.max_bad_share,
            "max_dangling_share": settings.max_dangling_share,
            "title_types": [settings.film_types, settings.series_types],
        }
    else:
        inputs = {"snapshots": _snapshot_ids(settings, _tables_read(step))}
    if step == "report":
        inputs |= {"language": settings.language}
    else:
        inputs |= {"genres": settings.genres}
    return json.dumps(inputs | {"code": _code_digest()}, sort_keys=True)


def are_file_tables_up_to_date(settings: Settings) -> bool:
    """Whether what Trusted has of the source files is what its step would make of them now."""
    tables = (*FILE_TABLES, QUARANTINE)
    try:
        inputs = step_inputs("trusted", settings)
        return not _is_pending(settings, tables) and _are_built_of(inputs, settings, tables, tables)
    except LakeError:
        return False


def is_up_to_date(step: str, settings: Settings) -> bool:
    """Whether every output of the step was built of the inputs that it would have now."""
    try:
        inputs = step_inputs(step, settings)
        if step == "report":
            return page_inputs(settings) == inputs
        if _is_pending(settings, _outputs(step)):
            return False  # the step's Spark completes what a dead run left to publish
        return _are_built_of(inputs, settings, _outputs(step))
    except LakeError:
        return False  # the step itself says what is missing


def _are_built_of(
    inputs: str,
    settings: Settings,
    tables: Sequence[Table],
    file_tables: Sequence[Table] = FILE_TABLES,
) -> bool:
    """Whether each table's current snapshot records these inputs; `file_tables`, those of files."""
    metadata = read_metadata(settings.lake, tables)
    return all(
        table in metadata
        and (snapshot := current_snapshot(metadata[table])) is not None
        and _relevant_inputs(snapshot["summary"].get(PROPERTY), table in file_tables)
        == _relevant_inputs(inputs, table in file_tables)
        for table in tables
    )


def _relevant_inputs(inputs: str | None, is_file_table: bool) -> dict[str, Any] | None:
    """The inputs, or those of them that tables of the source files depend on."""
    without = _IRRELEVANT_TO_FILES if is_file_table else ()
    if inputs is None:
        return None
    return {name: value for name, value in json.loads(inputs).items() if name not in without}


def describe_inputs(step: str, settings: Settings) -> str:
    """What an up-to-date step was built of, for people."""
    if step == "trusted":
        return f"of {describe_files(settings)} and the responses in Raw"
    layers = dict.fromkeys(table.layer for table in _tables_read(step))
    return f"of the tables in {', '.join(layers)}"


def describe_files(settings: Settings) -> str:
    """The newest source files, for people."""
    return ", ".join(_source_files(settings))


def _source_files(settings: Settings) -> list[str]:
    specs = source_of_lake(settings.lake, settings.day).files
    return [newest_source_file(settings.lake, spec, settings.day).id for spec in specs]


def _snapshot_ids(settings: Settings, tables: Iterable[Table]) -> dict[str, int | None]:
    """The id of each table's current snapshot, by the table's name."""
    ids: dict[str, int | None] = {}
    for table, metadata in read_metadata(settings.lake, tables).items():
        snapshot = current_snapshot(metadata)
        ids[f"{table.layer}.{table.name}"] = snapshot["snapshot-id"] if snapshot else None
    return ids


@cache
def _code_digest() -> str:
    """A hash of this library's files, without the packages that no output depends on."""
    package = files("datalake")
    folders = [item for item in package.iterdir() if item.name not in _PACKAGES_WITHOUT_OUTPUT]
    return _digest(f"{path} {text}" for item in folders for path, text in _code_files(item, ""))


def _code_files(item: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    """Path and text of each file of code; the package may lie in an archive."""
    path = f"{prefix}/{item.name}"
    if item.is_dir():
        for child in item.iterdir():
            yield from _code_files(child, path)
    elif item.name.endswith(_CODE):
        yield path, item.read_text(encoding="utf-8")


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(texts)).encode()).hexdigest()[:16]
