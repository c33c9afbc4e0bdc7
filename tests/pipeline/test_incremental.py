"""Over a random history of days, tables built step by step equal those of a full rebuild."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from support.lakes import answer, answered, held, settings_at, tables_of
from support.source_files import DAY, ingested, line

from datalake.pipeline import up_to_date
from datalake.pipeline.refined import build_refined
from datalake.pipeline.trusted import build_trusted
from datalake.pipeline.up_to_date import FILE_TABLES
from datalake.sources.imdb_csv import tables as imdb_csv
from datalake.sources.tmdb.raw import response_files
from datalake.spark.publishing import current_snapshot_id, load_table

TITLES = [f"tt{number:07}" for number in range(1, 13)]
PEOPLE = ["Ana Souza", "Bo Lee", "Cy Roy", "Di Paz"]


class History:
    """A lake whose Raw changes from day to day as chance will have it."""

    def __init__(self, lake, folder, seed):
        self.lake, self.folder, self.chance = lake, folder, random.Random(seed)
        self.rows = {title: self.row(title) for title in TITLES}

    def row(self, title):
        year = self.chance.choice(["1999", "2003", "2030", "3000", "19x9"])
        cells = {"nomeArtista": self.chance.choice(PEOPLE), "numeroVotos": "12"}
        return line(id=title, anoLancamento=year, genero="Crime,War", **cells)

    def ingest(self, day):
        """movies.csv with some titles changed."""
        for title in self.chance.sample(TITLES, 3):
            self.rows[title] = self.row(title)
        ingested(self.lake, self.folder / str(day), list(self.rows.values()), day=day)

    def respond(self, day):
        """New responses, changed ones, titles gone, one that is damaged."""
        lines = [self.response(title, day) for title in self.chance.sample(TITLES, 3)]
        damaged = ['{"imdb_id": 7}'] if self.chance.random() < 0.3 else []
        answered(self.lake, *lines, *damaged, day=day, name=f"part-{day}")

    def response(self, title, day):
        cast = [{"id": PEOPLE.index(name), "name": name} for name in self.chance.sample(PEOPLE, 2)]
        return answer(
            title,
            at=f"{day}T12:00:00Z",
            outcome=self.chance.choice(["found", "found", "found", "not_found", "other_kind"]),
            title=title,
            budget=self.chance.randrange(9),
            runtime=self.chance.choice([90, "ninety"]),
            credits={"cast": cast, "crew": []},
        )

    def purge(self, _day):
        """The oldest responses are forgotten."""
        self.lake.storage.delete(response_files(self.lake)[0])

    def change(self, day):
        """What happens on that day."""
        self.chance.choice([self.respond] * 4 + [self.purge, self.ingest])(day)
        if len(response_files(self.lake)) < 2:
            self.respond(day)


def copy_raw(lake, other):
    """Make the other lake's Raw that of the lake."""
    storage = other.storage
    for key in storage.list("Raw"):
        storage.delete(key)
    for key in lake.storage.list("Raw"):
        with lake.storage.open(key) as file, storage.create(key) as target:
            target.write(file.read())


def build(tables, settings):
    build_trusted(tables, settings)
    return held(tables, ("Trusted",))


@pytest.mark.slow
@pytest.mark.nightly
@pytest.mark.parametrize("seed", [1, 2])
def test_each_day_equals_a_full_rebuild(spark, tmp_path, monkeypatch, seed):
    lakes = [settings_at(tmp_path / name, max_bad_share=1) for name in ("daily", "rebuilt")]
    daily, rebuilt = lakes
    tables, tables_rebuilt = map(tables_of, lakes)
    history = History(daily.lake, tmp_path / "source", seed)
    history.ingest(DAY)
    kept = 0
    for number in range(20):
        day = DAY + timedelta(days=number)
        history.change(day)
        if number == 6:  # a version of the code with another rule
            monkeypatch.setattr(up_to_date, "_code_digest", lambda: "the next version")
            monkeypatch.setattr(imdb_csv, "_YEARS_AHEAD", 0)
        before = snapshots(tables, daily) if number else {}
        copy_raw(daily.lake, rebuilt.lake)
        whole = build(tables_rebuilt, replace(rebuilt, day=day, force=True))
        assert build(tables, replace(daily, day=day)) == whole, f"day {number}"
        kept += snapshots(tables, daily) == before
    assert kept >= 8, "most days brought responses only"
    for lake in (tables, tables_rebuilt):
        build_refined(lake, daily)
    assert held(tables, ("Refined",)) == held(tables_rebuilt, ("Refined",))


def snapshots(tables, settings):
    """The snapshots of the tables that are built of the source files."""
    return {
        table.name: current_snapshot_id(load_table(tables.spark, settings.lake, tables.name(table)))
        for table in FILE_TABLES
    }


@pytest.mark.slow
def test_rows_rejected_in_the_files_stay_in_quarantine_when_only_responses_are_new(spark, tmp_path):
    settings = settings_at(tmp_path / "lake", max_bad_share=0.6)
    rows = [line(), line(id="tt0000002", anoLancamento="19x9")]
    ingested(settings.lake, tmp_path / "source", rows)
    answered(settings.lake, answer("tt0000001", runtime="ninety"))
    tables = tables_of(settings)
    assert len(build_trusted(tables, settings).files) == 2
    before = snapshots(tables, settings)
    answered(settings.lake, answer("tt0000001", at="2026-01-11T12:00:00Z"), name="second")
    assert build_trusted(tables, settings).files == []
    assert snapshots(tables, settings) == before
    quarantine = held(tables)["quarantine"]
    assert len(quarantine) == 2
    for reason in ("anoLancamento: not a number", "body.runtime: not a whole number"):
        assert reason in str(quarantine)
