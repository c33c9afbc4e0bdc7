"""What a lake holds, to be compared with another's, and what is left in it that nobody uses."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from unittest import mock

from support.enriched import raw
from support.lakes import tables_of

from datalake.core.leftovers import delete_unfinished
from datalake.enrichment.ledger import read_ledger
from datalake.enrichment.spool import spool_folder
from datalake.questions.registry import TABLES
from datalake.schemas.kinds import Kind
from datalake.sources.ingestion import INGESTED
from datalake.spark import maintenance

LAYERS = ("Trusted", "Refined", "Answers")
_CHANGING = re.compile(r"20\d\d-\d\d-\d\d[T ]\d\d:[\d:.]+|\n<!-- inputs: .*")


def state_of(settings):
    """What a lake holds, but for times: every table's rows, Raw, the ledger, the page."""
    tables, lake = tables_of(settings), settings.lake
    state = {f"{t.layer}.{t.name}": rows_of(tables, t) for t in TABLES}
    for kind in Kind:
        state[f"Raw {kind}"] = Counter(
            (record["imdb_id"], record["outcome"], str(record["body"]))
            for record in raw(lake, kind)
        )
        entries = read_ledger(lake, kind).entries
        state[f"ledger {kind}"] = {key: entry[1:3] for key, entry in entries.items()}
    with lake.storage.open("Report/index.html" if lake.on_s3 else "index.html") as page:
        state["page"] = _CHANGING.sub("", page.read().decode())
    return state


def rows_of(tables, table):
    times = [column.name for column in table.columns if column.type == "timestamp"]
    return (
        Counter(map(str, tables.read(table).drop(*times).collect())) if tables.has(table) else None
    )


def differences(state, other):
    """The names of the parts that differ."""
    return sorted(name for name in state | other if state.get(name) != other.get(name))


def leftovers(settings):
    """What is in the lake that no run has a use for, and that upkeep doesn't delete."""
    lake = settings.lake
    tables = tables_of(settings)
    with mock.patch.object(maintenance, "ORPHANS_AFTER", timedelta(0)):
        maintenance.maintain(tables, 0, 2)
        delete_unfinished(lake, timedelta(0))
    named = maintenance.referenced_files(tables)
    listed = [key for layer in LAYERS for key in lake.storage.list(layer)]
    left = [key for key in listed if key not in named and not key.endswith("version-hint.text")]
    lasting = (".lease.json", INGESTED)
    left += [key for key in lake.storage.list("Publishing") if not key.endswith(lasting)]
    spooled = spool_folder(lake)
    left += [str(path) for path in spooled.glob("*")] if spooled.is_dir() else []
    if not lake.on_s3:
        left += [str(path) for path in Path(lake.root).rglob(".*") if not _is_lasting(path)]
    return left


def _is_lasting(path):
    """Whether a hidden file is a lock, or Hadoop's checksum of a file that is there."""
    guards = path.suffix == ".lock" and path.parent.name == "Publishing"
    return guards or (path.suffix == ".crc" and path.with_name(path.name[1:-4]).exists())


def mixed_layers(settings, before, after):
    """The layers that readers see half of, of one run and of another."""
    tables = tables_of(settings)
    seen = {f"{t.layer}.{t.name}": rows_of(tables, t) for t in TABLES}
    layers = {layer: [name for name in seen if name.startswith(layer)] for layer in LAYERS}
    return [
        f"mixed: {layer}"
        for layer, names in layers.items()
        if all(any(seen[name] != state[name] for name in names) for state in (before, after))
    ]
