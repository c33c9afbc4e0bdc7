"""A step runs only where its output is not that of its inputs: each way to be out of date."""

from dataclasses import replace
from datetime import date

import pytest
from support.lakes import answer, answered, settings_at, tables_of
from support.source_files import content, ingested, line, write_source

from datalake.pipeline import up_to_date
from datalake.pipeline.answers import build_answers
from datalake.pipeline.page_file import page_address, page_inputs
from datalake.pipeline.refined import build_refined
from datalake.pipeline.report import write_report
from datalake.pipeline.trusted import build_trusted
from datalake.pipeline.up_to_date import are_file_tables_up_to_date, is_up_to_date
from datalake.schemas.kinds import Kind
from datalake.schemas.trusted import TITLES
from datalake.sources.ingestion import ingest
from datalake.sources.tmdb.raw import response_files
from datalake.spark.maintenance import roll_back
from datalake.spark.publishing import current_snapshot_id, load_table

pytestmark = pytest.mark.slow

STEPS = ["trusted", "refined", "answers", "report"]
NEXT_DAY = date(2026, 1, 11)
REST = ["refined", "answers", "report"]


def fresh(settings):
    """The steps that are up to date."""
    return [step for step in STEPS if is_up_to_date(step, settings)]


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return settings_at(tmp_path_factory.mktemp("built") / "lake")


@pytest.fixture(scope="module")
def tables(spark, settings, tmp_path_factory):
    """A lake in which every step has run; each test leaves it as it was."""
    ingested(settings.lake, tmp_path_factory.mktemp("source"), [line()])
    answered(settings.lake, answer("tt0000001", budget=5))
    tables = tables_of(settings)
    build_trusted(tables, settings)
    build_refined(tables, settings)
    build_answers(tables, settings)
    write_report(tables.query, settings)
    return tables


def test_nothing_is_up_to_date_before_it_was_built(tmp_path):
    settings = settings_at(tmp_path / "lake")
    assert fresh(settings) == []
    ingested(settings.lake, tmp_path / "source", [line()])
    assert fresh(settings) == []
    assert settings.lake.storage.list("Trusted") == []


def test_what_was_built_of_the_same_inputs_is_up_to_date(tables, settings):
    assert fresh(settings) == STEPS


@pytest.mark.parametrize(
    ("option", "still_fresh"),
    [
        ({"genres": ("Crime",)}, ["report"]),
        ({"max_bad_share": 0.5}, REST),
        ({"max_dangling_share": 0.5}, REST),
        ({"film_types": ("movie", "tvMovie")}, REST),
        ({"series_types": ("tvSeries",)}, REST),
        ({"language": "pt-BR"}, ["trusted", "refined", "answers"]),
        ({"memory": "1g"}, STEPS),
        ({"rate": 1.0}, STEPS),
        ({"day": date(2026, 1, 9)}, REST),
    ],
)
def test_other_options_reopen_the_steps_that_they_change(tables, settings, option, still_fresh):
    assert fresh(replace(settings, **option)) == still_fresh


@pytest.mark.parametrize(
    ("option", "files_are_read_again"),
    [
        ({"genres": ("Crime",)}, False),
        ({"language": "pt-BR"}, False),
        ({"max_bad_share": 0.5}, True),
        ({"max_dangling_share": 0.5}, True),
        ({"film_types": ("movie", "tvMovie")}, True),
        ({"series_types": ("tvSeries",)}, True),
    ],
)
def test_options_for_reading_the_source_files_reopen_their_tables(
    tables, settings, option, files_are_read_again
):
    reopened = not are_file_tables_up_to_date(replace(settings, **option))
    assert reopened == files_are_read_again


def test_a_new_response_reopens_trusted_and_a_purged_one_too(tables, settings):
    (key,) = response_files(settings.lake)
    answered(settings.lake, answer("tt0000002"), name="another")
    assert fresh(settings) == REST
    storage = settings.lake.storage
    storage.delete(key.replace("part", "another"))
    assert fresh(settings) == STEPS
    with storage.open(key) as file:
        response = file.read()
    storage.delete(key)
    assert fresh(settings) == REST
    with storage.create(key) as file:
        file.write(response)


def test_a_new_source_file_reopens_trusted_and_the_same_bytes_do_not(tables, settings, tmp_path):
    same = write_source(tmp_path / "same", content(Kind.MOVIE, line()))
    ingest(settings.lake, same, NEXT_DAY)
    assert fresh(settings) == STEPS
    other = write_source(tmp_path / "other", content(Kind.MOVIE, line(), line(id="tt0000003")))
    new, _ = ingest(settings.lake, other, NEXT_DAY)
    assert fresh(settings) == REST
    for key in (new.file.key, new.file.manifest_key):
        settings.lake.storage.delete(key)


def test_other_code_reopens_all_steps(tables, settings, monkeypatch):
    monkeypatch.setattr(up_to_date, "_code_digest", lambda: "changed")
    assert fresh(settings) == []


def test_a_deleted_page_is_written_anew(tables, settings):
    page = settings.lake.storage.open("index.html").read()
    settings.lake.storage.delete("index.html")
    assert fresh(settings) == ["trusted", "refined", "answers"]
    assert page_inputs(settings) is None
    with settings.lake.storage.create("index.html") as file:
        file.write(page)
    assert page_address(settings.lake, None).endswith("/lake/index.html")


def test_a_table_that_was_set_back_or_built_again_reopens_what_reads_it(tables, settings):
    first = current_snapshot_id(load_table(tables.spark, settings.lake, tables.name(TITLES)))
    build_trusted(tables, replace(settings, max_bad_share=0.5))
    assert fresh(replace(settings, max_bad_share=0.5)) == ["trusted", "answers"]
    roll_back(tables, "Trusted.titles", first)
    assert fresh(settings) == ["answers"]
