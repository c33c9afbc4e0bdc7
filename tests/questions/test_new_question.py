"""A new question is a folder and one line: then it is in tables, on the page, in status and SQL."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from support.paths import ROOT
from support.report_pages import PAGE
from support.toy_question import QUESTION

from datalake.questions.registry import QUESTIONS
from datalake.report.page import render

LAST_LINE = f'    _question("{QUESTIONS[-1].name}"),\n'
NEW_LINE = '    _question("toy_question"),\n'


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """A lake built by a copy of the package with one more question."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "datalake", folder / "datalake")
    shutil.copytree(ROOT / "tests/support/toy_question", folder / "datalake/questions/toy_question")
    registry = folder / "datalake/questions/registry.py"
    lines = registry.read_text(encoding="utf-8")
    assert lines.count(LAST_LINE) == 1
    registry.write_text(lines.replace(LAST_LINE, LAST_LINE + NEW_LINE), encoding="utf-8")
    datalake(folder, "run", "--titles", "150", "--memory", "1g", "--lake", "lake")
    return folder


def datalake(folder, *words):
    """What the copy's command prints."""
    program = "from datalake.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def query(lake, sql):
    datalake(lake, "sql", "--lake", "lake", "--output", "rows.json", sql)
    return json.loads((lake / "rows.json").read_text(encoding="utf-8"))


@pytest.mark.slow
def test_its_rows_are_in_a_table_of_the_answers(lake):
    rows = query(lake, "select * from q6_name_lengths order by genre")
    assert [row["genre"] for row in rows] == ["Crime", "War", "all"]
    (director,) = query(
        lake, f"select count(*) n from dim_person where name = '{rows[2]['longest_by']}'"
    )
    (titles,) = query(
        lake,
        "select count(*) n, avg(length(primary_title)) letters from dim_title where in_scope",
    )
    assert director["n"] == 1
    assert rows[2]["n"] == titles["n"] > 20
    assert rows[2]["letters"] == pytest.approx(titles["letters"])


@pytest.mark.slow
def test_its_variants_are_in_the_table_of_sensitivity(lake):
    rows = query(lake, "select variant, agrees from sensitivity where question = 'q6'")
    variants = [row["variant"] for row in rows]
    assert sorted(variants) == ["as_answered", "min_votes_100", "min_votes_1000"]


@pytest.mark.slow
def test_its_view_is_in_sql(lake):
    assert len(query(lake, "select letters from name_lengths")) == 3


@pytest.mark.slow
def test_status_tells_of_its_table(lake):
    tables = json.loads(datalake(lake, "status", "--json", "--lake", "lake"))["tables"]
    assert {t["table"]: t["rows"] for t in tables}["Answers.q6_name_lengths"] == 3


@pytest.mark.slow
def test_it_is_on_the_page(lake):
    page = (lake / "lake/index.html").read_text(encoding="utf-8")
    assert "Crime and War: six questions to IMDb and TMDB" in page
    assert '<section id="q6" class="question"' in page
    assert "How long are the names of titles?" in page
    assert "Quão longos são os nomes dos títulos?" in page
    assert 'id="name_lengths-drawing"' in page
    assert 'register("name_lengths"' in page
    assert "<td>Answers.q6_name_lengths</td>" in page


def test_a_text_that_another_catalogue_has_is_refused(tmp_path):
    (tmp_path / "en.toml").write_text('title = "Mine"')
    chapter = replace(QUESTION.chapter, folder=tmp_path)
    with pytest.raises(ValueError, match="title stands in another catalogue too"):
        render(PAGE, [chapter], "en")
