"""A question's folder alone puts its view into SQL and its visuals on the dashboard."""

import os
import shutil
import subprocess
import sys

import pytest
import yaml
from support.paths import ROOT

FILES = {
    "__init__.py": """
from datalake.questions.question import Question
from datalake.questions.toy.table import TABLE

QUESTION = Question(__name__, number=9, table=TABLE)
""",
    "table.py": """
from datalake.schemas.table import Table, columns

TABLE = Table(
    "Answers",
    "q9_toy",
    "One row per genre.",
    key=("genre",),
    columns=columns(
        ("genre", "string", "The genre"),
        ("toys", "long", "Toys in its titles"),
        ("left_out", "map<string,long>", "Reason → how many were left out"),
    ),
)
""",
    "views/toys.sql": """\
-- How many toys are there?
-- One row per genre.
CREATE OR REPLACE VIEW toys AS
SELECT genre, toys, coalesce(element_at(left_out, 'lost'), 0) AS lost
FROM answers.q9_toy
""",
    "dashboard.toml": """
id = "toys"
title = { en = "9 Toys", pt-BR = "9 Brinquedos" }
about = { en = "How many toys are there?", pt-BR = "Quantos brinquedos há?" }

[columns]
toys = { en = "Toys", pt-BR = "Brinquedos" }

[overview]
id = "toys_short"
kind = "kpi"
view = "toys"
value = "toys"
title = { en = "Toys", pt-BR = "Brinquedos" }
subtitle = { en = "In all titles", pt-BR = "Em todos os títulos" }
width = 9
height = 6
filters = [{ column = "genre", parameter = "Genre" }]

[[visuals]]
id = "toys_by_genre"
kind = "bars"
view = "toys"
category = "genre"
values = ["toys"]
title = { en = "Toys by genre", pt-BR = "Brinquedos por gênero" }
subtitle = { en = "Whole ones", pt-BR = "Inteiros" }
width = 36
height = 9
filters = []
""",
}
LAST = '    _question("ratings"),\n'


@pytest.fixture
def project(tmp_path):
    """A copy of the package and the generator, with one more question."""
    ignored = shutil.ignore_patterns("__pycache__")
    for folder in ("datalake", "scripts/dashboard"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    (tmp_path / "infra").mkdir()
    for name, text in FILES.items():
        file = tmp_path / "datalake/questions/toy" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    registry = tmp_path / "datalake/questions/registry.py"
    lines = registry.read_text()
    assert LAST in lines
    registry.write_text(lines.replace(LAST, LAST + '    _question("toy"),\n'))
    return tmp_path


def python(project, *words):
    environment = os.environ | {"PYTHONPATH": str(project)}
    program = [sys.executable, *words]
    return subprocess.run(
        program, cwd=project, env=environment, capture_output=True, text=True, check=False
    )


def test_its_view_is_there_in_sql(project):
    code = """
from datalake.sql.connection import connect_empty
from datalake.sql.views import all_views

with connect_empty() as connection:
    print([(name, type) for name, type, *_ in connection.execute("describe toys").fetchall()])
(view,) = (view for view in all_views() if view.name == "toys")
print(view.question)
print(view.create_statement("films_").splitlines()[-1])
"""
    done = python(project, "-c", code)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "[('genre', 'VARCHAR'), ('toys', 'BIGINT'), ('lost', 'BIGINT')]",
        "How many toys are there?",
        "FROM films_answers.q9_toy",
    ]


def test_its_sheet_and_its_data_set_are_on_the_dashboard(project):
    done = python(project, "scripts/dashboard")
    assert (done.returncode, done.stderr) == (0, "")
    template = yaml.safe_load((project / "infra/dashboard.yaml").read_text())
    (table,) = template["Resources"]["Toys"]["Properties"]["PhysicalTableMap"].values()
    assert table["RelationalTable"]["InputColumns"] == [
        {"Name": "genre", "Type": "STRING"},
        {"Name": "toys", "Type": "INTEGER"},
        {"Name": "lost", "Type": "INTEGER"},
    ]
    overview, *_, sheet = template["Resources"]["Dashboard"]["Properties"]["Definition"]["Sheets"]
    assert sheet["SheetId"] == "toys"
    assert [ids(visual) for visual in sheet["Visuals"]] == ["toys_by_genre"]
    assert ids(overview["Visuals"][-1]) == "toys_short"
    words = template["Mappings"]["Words"]
    assert words["en"]["CrimeAndWarFiveQuestions"] == "Crime and War: five questions"
    assert words["pt-BR"]["ToysByGenre"] == "Brinquedos por gênero"


def ids(visual):
    (body,) = visual.values()
    return body["VisualId"]


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('kind = "bars"', 'kind = "pie"', "visual toys_by_genre: no kind pie; there are kpi, "),
        ('values = ["toys"]', 'values = ["cars"]', "visual toys_by_genre: toys: no column cars"),
        ('values = ["toys"]', "", "visual toys_by_genre: no values"),
        ('view = "toys"\ncategory', "category", "visual toys_by_genre: no view"),
        ("filters = []", "", "visual toys_by_genre: no filters"),
        ("filters = []", "filters = [{ column = 'genre' }]", "visual toys_by_genre: filter {"),
        ('id = "toys"\n', "", "toy/dashboard.toml: no id"),
        ('pt-BR = "Inteiros"', 'pt = "Inteiros"', "needs en and pt-BR: "),
        ("[columns]", "[columns", "toy/dashboard.toml: "),
        ('view = "toys"', 'view = "cars"', "Catalog Error: Table with name cars does not exist!"),
        ("[columns]", "[parameters.Kind]\n[columns]", "another sheet has a parameter Kind"),
    ],
)
def test_a_wrong_entry_is_named_in_one_line(project, right, wrong, message):
    file = project / "datalake/questions/toy/dashboard.toml"
    text = file.read_text()
    assert right in text
    file.write_text(text.replace(right, wrong))
    done = python(project, "scripts/dashboard")
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (project / "infra/dashboard.yaml").exists()
