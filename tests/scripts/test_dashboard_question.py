"""A question's folder alone puts its view into SQL and its visuals on the dashboard."""

import json
import os
import shutil
import subprocess
import sys

import pytest
import yaml
from support.paths import ROOT

from datalake.questions.registry import QUESTIONS

LAST_LINE = f'    _question("{QUESTIONS[-1].name}"),\n'
NEW_LINE = '    _question("toy_question"),\n'


@pytest.fixture
def project(tmp_path):
    """A copy of the package and of the dashboard's generator, with one more question."""
    ignored = shutil.ignore_patterns("__pycache__")
    for folder in ("datalake", "scripts/dashboard"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    toy = tmp_path / "datalake/questions/toy_question"
    shutil.copytree(ROOT / "tests/support/toy_question", toy, ignore=ignored)
    (tmp_path / "infra").mkdir()
    registry = tmp_path / "datalake/questions/registry.py"
    lines = registry.read_text(encoding="utf-8")
    assert lines.count(LAST_LINE) == 1
    registry.write_text(lines.replace(LAST_LINE, LAST_LINE + NEW_LINE), encoding="utf-8")
    return tmp_path


def python(project, *words, **options):
    environment = os.environ | {"PYTHONPATH": str(project)}
    program = [sys.executable, *words]
    pipes = {"capture_output": True, "text": True}
    return subprocess.run(program, cwd=project, env=environment, check=False, **pipes, **options)


def test_its_view_is_there_in_sql(project):
    code = """
from datalake.sql.connection import connect_empty
from datalake.sql.views import all_views

with connect_empty() as connection:
    columns = connection.execute("describe name_lengths").fetchall()
    print([(name, type) for name, type, *_ in columns])
(view,) = (view for view in all_views() if view.name == "name_lengths")
print(view.question)
print(view.create_statement("films_").splitlines()[-1])
"""
    done = python(project, "-c", code)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "[('genre', 'VARCHAR'), ('letters', 'DOUBLE')]",
        "How long are the names of titles?",
        "FROM films_answers.q6_name_lengths",
    ]


def test_its_sheet_and_its_data_set_are_on_the_dashboard(project):
    done = python(project, "scripts/dashboard")
    assert (done.returncode, done.stderr) == (0, "")
    template = yaml.safe_load((project / "infra/dashboard.yaml").read_text())
    (table,) = template["Resources"]["NameLengths"]["Properties"]["PhysicalTableMap"].values()
    assert table["RelationalTable"]["InputColumns"] == [
        {"Name": "genre", "Type": "STRING"},
        {"Name": "letters", "Type": "DECIMAL"},
    ]
    overview, *_, sheet = template["Resources"]["Dashboard"]["Properties"]["Definition"]["Sheets"]
    assert sheet["SheetId"] == "name_lengths"
    assert [visual_id(visual) for visual in sheet["Visuals"]] == ["letters"]
    assert visual_id(overview["Visuals"][-1]) == "letters_short"
    words = template["Mappings"]["Words"]
    assert words["en"]["CrimeAndWarSixQuestions"] == "Crime and War: six questions"
    assert words["pt-BR"]["LettersByGenre"] == "Letras por gênero"


def visual_id(visual):
    (body,) = visual.values()
    return body["VisualId"]


WRONG_ENTRIES = [
    ('kind = "bars"', 'kind = "pie"', "visual letters: no kind pie; there are kpi, "),
    ('values = ["letters"]', 'values = ["n"]', "visual letters: name_lengths: no column n"),
    ('values = ["letters"]', "", "visual letters: no values"),
    ('view = "name_lengths"\ncategory', "category", "visual letters: no view"),
    ('view = "name_lengths"', 'view = "cars"', "Catalog Error: Table with name cars does not"),
    ("filters = []", "", "visual letters: no filters"),
    ("filters = []", "filters = [{ column = 'genre' }]", "visual letters: filter {"),
    ('id = "name_lengths"\n', "", "toy_question/dashboard.toml: no id"),
    ('pt-BR = "Letras por gênero"', 'pt = "Letras"', "needs en and pt-BR: "),
    ("[columns]", "[columns", "toy_question/dashboard.toml: "),
    ("[columns]", "[parameters.Kind]\n[columns]", "another sheet has a parameter Kind"),
]
# The generator on each text that comes as input, in one process: exit status and error output.
GENERATE_EACH = """
import contextlib, io, json, pathlib, runpy, sys

results = []
for text in json.load(sys.stdin):
    pathlib.Path("datalake/questions/toy_question/dashboard.toml").write_text(text, "utf-8")
    sys.argv = ["scripts/dashboard"]
    with contextlib.redirect_stderr(io.StringIO()) as errors:
        try:
            runpy.run_path("scripts/dashboard", run_name="__main__")
        except SystemExit as end:
            results.append((end.code, errors.getvalue()))
print(json.dumps(results))
"""


def test_a_wrong_entry_is_named_in_one_line(project):
    file = project / "datalake/questions/toy_question/dashboard.toml"
    text = file.read_text(encoding="utf-8")
    assert all(right in text for right, _, _ in WRONG_ENTRIES)
    texts = [text.replace(right, wrong) for right, wrong, _ in WRONG_ENTRIES]
    process = python(project, "-c", GENERATE_EACH, input=json.dumps(texts))
    assert process.stderr == ""
    results = json.loads(process.stdout)
    for (_, wrong, message), (status, errors) in zip(WRONG_ENTRIES, results, strict=True):
        assert status == 1, wrong
        assert message in errors, wrong
        assert errors.count("\n") == 1, wrong
    assert not (project / "infra/dashboard.yaml").exists()
