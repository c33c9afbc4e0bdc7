"""The tutorials do what they say, on the lake that `datalake run` leaves; both languages alike."""

import shutil
import subprocess
import sys

import nbclient
import nbformat
import pytest
from support.ministack import environment, ministack
from support.paths import ROOT
from support.tutorial import code, commands, run_command, run_python, serving

TUTORIALS = ROOT / "docs" / "tutorials"
PAGES = sorted(path for path in TUTORIALS.glob("*.md") if not path.name.endswith(".pt-BR.md"))
TOY = ROOT / "tests" / "support" / "toy_question"
# The tests have installed, and have a lake; a run of three thousand titles would change theirs.
DONE_BEFORE = (
    "pip install '.[local,notebook]'",
    "pip install --editable '.[local]'",
    "source .venv/bin/activate",
    "datalake run",
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_both_languages_show_the_same_code(page):
    assert code(page.with_name(f"{page.stem}.pt-BR.md")) == code(page) != []


def test_ask_the_lake_from_a_notebook(home, ran):
    assert ran[0] == 0, ran[2]
    page = TUTORIALS / "notebook.md"
    for command, printed in commands(page):
        if command not in DONE_BEFORE:
            run_command(command, printed, home)
    assert run_python(page, home) > 10


def test_a_question_of_your_own_in_one_line(home, ran, tmp_path):
    assert ran[0] == 0, ran[2]
    shutil.copytree(home / "demo" / "lake", tmp_path / "demo" / "lake")
    for command, printed in commands(TUTORIALS / "question.md"):
        if command.startswith("cp "):
            break
        if command not in DONE_BEFORE:
            run_command(command, printed, tmp_path)
    assert (tmp_path / "letters.csv").read_text().startswith("genre,letters\n")


def test_a_question_of_your_own_as_a_part_of_the_lake(tmp_path):
    """What follows is in `test_new_question`: the run, the table, the page."""
    shutil.copytree(ROOT / "datalake", tmp_path / "datalake")
    shutil.copytree(TOY, tmp_path / "tests" / "support" / "toy_question")
    page = TUTORIALS / "question.md"
    for command, printed in commands(page):
        if command.startswith(("cp ", "sed ")):
            run_command(command, printed, tmp_path)
    program = "import datalake.questions.registry as r; print(r.QUESTIONS[-1].name, r.__file__)"
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.stdout.split() == [
        "toy_question",
        str(tmp_path / "datalake/questions/registry.py"),
    ], ended.stderr
    files = "\n".join(path.read_text(encoding="utf-8") for path in TOY.glob("*.py"))
    shown = [text for name, text in code(page) if name == "python"]
    assert shown
    assert [text for text in shown if text not in files] == []


@pytest.mark.nightly
def test_your_own_imdb_lake(tmp_path):
    """On made-up datasets, from a server on this machine in IMDb's place."""
    made_up = "datalake sample --titles 300 --format imdb-datasets --out served"
    run_command(made_up, "", tmp_path)
    with serving(tmp_path / "served") as url:
        for command, printed in commands(TUTORIALS / "imdb.md"):
            if command.startswith("datalake download"):
                run_command(f"{command} --imdb-url {url}", printed, tmp_path)
            elif command.startswith("datalake run"):
                run_command(f"{command} --memory 1g", printed, tmp_path)
            elif not command.startswith("pip "):
                run_command(command, printed, tmp_path)
    with (tmp_path / "best.csv").open(encoding="utf-8") as file:
        assert next(file) == "primary_title,start_year,imdb_rating,imdb_votes\n"
        assert len(list(file)) > 5


@pytest.mark.aws
def test_to_aws(tmp_path):
    with ministack(tmp_path) as port:
        aws = environment(port) | {"AWS_REGION": "sa-east-1"}
        for command, printed in commands(TUTORIALS / "aws.md"):
            folder = ROOT if command.startswith("make ") else tmp_path
            if command not in DONE_BEFORE:
                run_command(command, printed, folder, **aws)


@pytest.mark.nightly
def test_the_notebook_runs_and_draws(home, ran):
    assert ran[0] == 0, ran[2]
    notebook = nbformat.read(ROOT / "examples" / "notebook.ipynb", as_version=4)
    assert [cell for cell in notebook.cells if cell.get("outputs")] == []
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": home}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    pages = [
        output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})
    ]
    (chart,) = (page for page in pages if "vegaEmbed" in page)
    assert chart.count('"measure": "film_length"') > 10
