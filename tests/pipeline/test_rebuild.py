"""Loads of earlier days, built anew from Raw; a history's riser is found, from files to page."""

import json

import pytest
from support.command import call

from datalake.demo.sample import write_sample

pytestmark = pytest.mark.nightly
THEN, NOW = "2026-10-26", "2026-11-26"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Both days of a history in the Raw of a lake that has no tables, then a rebuild of the first.

    What is newer than the last day asked for is built at the end.
    """
    folder = tmp_path_factory.mktemp("rebuild")
    write_sample(folder / "sample", 2_500, source_format="imdb-datasets", history=True)
    for source, day in (("sample/month-before", THEN), ("sample", NOW)):
        run(folder, "ingest", "--source", source, "--day", day)
    run(folder, "run", "--memory", "2g", "--from", "2026-10-01", "--to", THEN)
    return folder


def run(folder, *words):
    status, output, errors = call(*words, cwd=folder)
    assert status == 0, errors
    return output


def query(folder, sql):
    run(folder, "sql", "--output", "rows.json", sql)
    return json.loads((folder / "rows.json").read_text(encoding="utf-8"))


def test_each_day_of_raw_is_a_load_and_the_lake_ends_with_the_newest(folder):
    loads = query(
        folder,
        "select load_date, count(distinct imdb_day) n, max(imdb_day) imdb_day from fact_title"
        " group by 1 order by 1",
    )
    assert [(row["load_date"], row["n"], row["imdb_day"]) for row in loads] == [
        (THEN, 1, THEN),
        (NOW, 1, NOW),
    ]


def test_the_history_s_riser_is_first_and_on_the_page(folder):
    (first, *_) = query(
        folder,
        "select title, is_rising, since, until, (after - before) / after as share"
        " from rising_titles where span = 30 and kind = 'movie' and genre = 'all'"
        " and measure = 'imdb_votes' order by place",
    )
    assert (first["is_rising"], first["since"], first["until"]) == (True, THEN, NOW)
    assert first["share"] == pytest.approx(0.6, abs=0.001)
    page = (folder / "lake/index.html").read_text(encoding="utf-8")
    assert f"{first['title']} rises most of the films" in page.replace("&#39;", "'")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--to", NOW), "--to needs --from"),
        (("--from", THEN, "--source", "sample"), "leave --source out"),
        (("--from", "2020-01-01", "--to", "2020-02-01"), "Raw has nothing of 2020-01-01"),
    ],
)
def test_a_rebuild_that_can_t_be_is_one_line(folder, words, message):
    status, _, errors = call("run", *words, cwd=folder)
    assert status != 0
    assert message in errors
    assert "Traceback" not in errors
