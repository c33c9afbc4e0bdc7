"""`kill -9` in the middle of a step: the tables stay, and the next run ends as if never killed."""

import os
import shutil
import signal

import pytest
from support.command import start
from support.lakes import answer, answered, held, settings_at, tables_of
from support.source_files import ingested, line

from datalake.pipeline.refined import build_refined
from datalake.pipeline.trusted import build_trusted
from datalake.schemas.kinds import Kind


def films(first, last):
    return [line(id=f"tt{n:07}", nomeArtista=f"P{n % 7}") for n in range(first, last)]


def cast(number):
    person = {"id": number % 7, "name": f"p{number % 7}", "character": "x", "order": 0}
    return answer(f"tt{number:07}", budget=number, credits={"cast": [person], "crew": []})


@pytest.fixture(scope="module")
def yesterday(spark, tmp_path_factory):
    """A lake with Trusted and Refined of some files, and newer files in Raw."""
    folder = tmp_path_factory.mktemp("killed")
    settings = settings_at(folder / "lake")
    ingested(settings.lake, folder / "source", films(1, 21))
    answered(settings.lake, *map(cast, range(1, 21)))
    tables = tables_of(settings)
    build_trusted(tables, settings)
    build_refined(tables, settings)
    series = [line(Kind.SERIES, id=f"tt000090{number}") for number in (0, 2)]
    ingested(settings.lake, folder / "source", films(1, 41), series)
    answered(settings.lake, *map(cast, range(21, 41)), name="newer")
    return folder


@pytest.fixture(scope="module")
def unharmed(spark, yesterday):
    """What the tables hold where nothing was killed: a lake of the same Raw."""
    settings = settings_at(yesterday / "unharmed")
    shutil.copytree(yesterday / "lake/Raw", yesterday / "unharmed/Raw")
    tables = tables_of(settings)
    build_trusted(tables, settings)
    build_refined(tables, settings)
    return held(tables)


def kill_at(step, message, folder):
    """Start the step on the lake and kill it, children too, when it tells that."""
    process = start(step, "--lake", "lake", "--memory", "1g", cwd=folder)
    seen = []
    for text in process.stderr:
        seen.append(text)
        if message in text:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "".join(seen)


@pytest.mark.parametrize(
    ("step", "message", "build"),
    [
        pytest.param(
            "trusted", "write Trusted.tmdb_credits", build_trusted, marks=pytest.mark.nightly
        ),
        ("refined", "write Refined.dim_year", build_refined),
    ],
)
@pytest.mark.slow
def test_a_killed_step_leaves_the_tables_and_ends_well_next_time(
    spark, yesterday, unharmed, step, message, build
):
    settings = settings_at(yesterday / "lake")
    if step == "refined":  # what it reads must be newer than its tables
        build_trusted(tables_of(settings), settings)
    before = held(tables_of(settings))
    kill_at(step, message, yesterday)
    assert held(tables_of(settings)) == before
    tables = tables_of(settings)
    tables.recover()
    build(tables, settings)
    after = held(tables_of(settings), (step.title(),))
    changed = {name for name in after if after[name] != before[name]}
    assert changed
    assert {name for name in after if after[name] != unharmed[name]} == set()
