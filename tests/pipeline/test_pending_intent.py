"""Of a run that died while it published, readers without Spark see all tables or none."""

import json

import pytest
from support.lakes import settings_at

from datalake.core.intent import INTENT
from datalake.pipeline import up_to_date
from datalake.pipeline.status import read_status
from datalake.pipeline.up_to_date import PROPERTY, is_up_to_date
from datalake.schemas import REFINED
from datalake.schemas.refined import DIM_TITLE


def put(lake, key, value):
    with lake.storage.create(key) as file:
        file.write(json.dumps(value).encode())


OLD, NEW = '{"genres": "Crime"}', '{"genres": "War"}'


def snapshot(id, rows, inputs):
    return {
        "snapshot-id": id,
        "timestamp-ms": 1_767_000_000_000 + id,
        "manifest-list": "x",
        "summary": {
            "total-records": str(rows),
            "total-data-files": "1",
            "total-files-size": "900",
            PROPERTY: inputs,
        },
    }


@pytest.fixture
def lake(tmp_path):
    """Refined of ten rows a table, and a stage of twenty."""
    lake = settings_at(tmp_path).lake
    for table in REFINED:
        folder = f"{table.layer}/{table.name}"
        metadata = {
            "location": lake.storage.url(folder),
            "current-snapshot-id": 5,
            "snapshots": [snapshot(5, 10, OLD), snapshot(6, 20, NEW)],
            "snapshot-log": [{"snapshot-id": 5, "timestamp-ms": 1_767_000_000_005}],
        }
        put(lake, f"{folder}/metadata/v2.metadata.json", metadata)
    return lake


@pytest.mark.parametrize(
    ("swap", "rows"),
    [([5, 6], 20), ([4, 6], 10)],
    ids=["as the intent says", "another run has published since"],
)
def test_status_follows_the_intent(lake, swap, rows):
    assert rows_of_dim_title(lake) == 10
    put(lake, INTENT, {"lake.Refined.dim_title": swap})
    assert rows_of_dim_title(lake) == rows


def rows_of_dim_title(lake):
    name = f"{DIM_TITLE.layer}.{DIM_TITLE.name}"
    return next(table["rows"] for table in read_status(lake)["tables"] if table["table"] == name)


def test_a_step_runs_again_that_died_in_publishing(lake, monkeypatch):
    settings = settings_at(lake.root)
    monkeypatch.setattr(up_to_date, "step_inputs", lambda step, settings: OLD)
    assert is_up_to_date("refined", settings)
    put(lake, INTENT, {"lake.Refined.dim_title": [4, 5]})
    assert not is_up_to_date("refined", settings)
