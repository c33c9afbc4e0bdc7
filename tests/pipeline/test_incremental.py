"""Over a random history of days, tables built step by step equal those of a full rebuild."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from support.lakes import answer, answered, held, rows_of, settings_at, tables_of
from support.source_files import DAY, ingested, line

from datalake.pipeline import up_to_date
from datalake.pipeline.answers import build_answers
from datalake.pipeline.refined import build_refined
from datalake.pipeline.trusted import build_trusted
from datalake.pipeline.up_to_date import FILE_TABLES, is_up_to_date
from datalake.schemas import trusted as trusted_schema
from datalake.schemas.refined import DIM_TITLE, FACT_TITLE
from datalake.sources.imdb_csv import tables as imdb_csv
from datalake.sources.tmdb.raw import response_files
from datalake.spark.publishing import current_snapshot_id, load_table
from datalake.sql.lake_query import lake_query

DAYS, NEW_CODE, IDLE = 20, 6, 7
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
        """movies.csv with some titles changed, and one gone."""
        for title in self.chance.sample(TITLES, 3):
            self.rows[title] = self.row(title)
        del self.rows[self.chance.choice(sorted(self.rows))]
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
        """What happens on that day; whether it is a new file."""
        event = self.chance.choice([self.respond] * 4 + [self.purge, self.ingest])
        event(day)
        if len(response_files(self.lake)) < 2:
            self.respond(day)
        return event == self.ingest


def copy_raw(lake, other):
    """Make the other lake's Raw that of the lake."""
    storage = other.storage
    for key in storage.list("Raw"):
        storage.delete(key)
    for key in lake.storage.list("Raw"):
        with lake.storage.open(key) as file, storage.create(key) as target:
            target.write(file.read())


def answers(tables, settings):
    with lake_query(settings.lake) as query:
        build_answers(tables, settings, query)


BUILDS = {"trusted": build_trusted, "refined": build_refined, "answers": answers}


def run(tables, settings, steps):
    """Run those of the steps that are not up to date; their names."""
    due = []
    for step in steps:
        if settings.force or not is_up_to_date(step, settings):
            BUILDS[step](tables, settings)
            due.append(step)
    return due


def differing(tables, others, steps):
    """The steps' tables whose rows are not the others'."""
    layers = [step.capitalize() for step in steps]
    rows, expected = held(tables, layers), held(others, layers)
    return [name for name in expected if rows[name] != expected[name]]


# Trusted is compared on every day. Refined and the answers, which would more than double the time,
# are on the days of a new file or new code, on an idle day, the first, the last and two at random.
@pytest.mark.slow
@pytest.mark.nightly
@pytest.mark.parametrize("seed", [1, 2])
def test_each_day_equals_a_full_rebuild(spark, tmp_path, monkeypatch, seed):
    lakes = [settings_at(tmp_path / name, max_bad_share=1) for name in ("daily", "rebuilt")]
    daily, rebuilt = lakes
    tables, tables_rebuilt = map(tables_of, lakes)
    history = History(daily.lake, tmp_path / "source", seed)
    history.ingest(DAY)
    whole_days = {0, NEW_CODE, IDLE, DAYS - 1, *history.chance.sample(range(DAYS), 2)}
    kept, loaded = 0, set()
    for number in range(DAYS):
        day = DAY + timedelta(days=number)
        has_new_file = number != IDLE and history.change(day)
        if number == NEW_CODE:  # with another rule
            monkeypatch.setattr(up_to_date, "_code_digest", lambda: "the next version")
            monkeypatch.setattr(imdb_csv, "_YEARS_AHEAD", 0)
        before = snapshots(tables, daily) if number else {}
        copy_raw(daily.lake, rebuilt.lake)
        steps = list(BUILDS) if has_new_file or number in whole_days else ["trusted"]
        run(tables_rebuilt, replace(rebuilt, day=day, force=True), steps)
        due = run(tables, replace(daily, day=day), steps)
        assert due == ([] if number == IDLE else steps), f"day {number}"
        assert differing(tables, tables_rebuilt, steps) == [], f"day {number}"
        kept += snapshots(tables, daily) == before
        if "refined" in steps:
            loaded |= titles_of(tables)
            check_titles(tables, loaded)
    assert kept >= 8, "most days brought responses only"
    assert loaded > titles_of(tables), "no title has left"


def titles_of(tables):
    """The ids of Trusted's titles."""
    return {row["title_id"] for row in rows_of(tables, trusted_schema.TITLES)}


def check_titles(tables, loaded):
    """The newest load is of Trusted's titles; those loaded before stay, out of scope."""
    titles = {row["title_key"]: row for row in rows_of(tables, DIM_TITLE) if row["title_key"]}
    in_scope = {row["title_id"] for row in titles.values() if row["in_scope"]}
    assert {row["title_id"] for row in titles.values()} == loaded
    facts = rows_of(tables, FACT_TITLE)
    newest = max(row["load_date"] for row in facts)
    of_newest = {row["title_key"] for row in facts if row["load_date"] == newest}
    assert {titles[key]["title_id"] for key in of_newest} == in_scope == titles_of(tables)


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
