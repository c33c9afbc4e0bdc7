"""No module but a question's own folder and the registry names a question."""

import re
import subprocess
import sys

from support.paths import ROOT

from datalake.questions.registry import QUESTIONS

IDS = "|".join(question.id for question in QUESTIONS)
FIGURES = [figure.name for question in QUESTIONS for figure in question.charts.figures]
NAMES = "|".join(question.name for question in QUESTIONS)
NAMED = re.compile(
    rf"questions\.({NAMES})\b|questions/({NAMES})\b"  # an import, a path
    rf"|[\"'](q\d_\w+|{IDS}|{NAMES})[\"']"  # a table, a number, a name
)
ELEMENT = re.compile(rf"[\"'.#]({'|'.join(FIGURES)})-")  # of the page
REGISTRY = ROOT / "datalake/questions/registry.py"
FOLDERS = [ROOT / "datalake/questions" / question.name for question in QUESTIONS]
SUFFIXES = {".py", ".js", ".html", ".toml", ".css", ".sql"}
MODULES = ("estimate", "variants")
HEAVY = ("altair", "jinja2", "vl_convert", "pyspark")


def lines():
    """Every line of the package outside the questions' folders, with its place."""
    for path in sorted((ROOT / "datalake").rglob("*")):
        own = path == REGISTRY or any(path.is_relative_to(folder) for folder in FOLDERS)
        if path.suffix in SUFFIXES and not own:
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                yield f"{path.relative_to(ROOT)}:{number}: {line.strip()}"


def test_no_other_module_names_a_question():
    assert [line for line in lines() if NAMED.search(line)] == []


def test_no_other_file_of_the_page_names_a_figure():
    page = [line for line in lines() if line.startswith("datalake/report/")]
    assert page
    assert [line for line in page if ELEMENT.search(line)] == []


def test_no_question_imports_another():
    for folder in FOLDERS:
        code = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
        assert set(re.findall(rf"datalake\.questions\.({NAMES})\b", code)) <= {folder.name}


def test_the_registry_names_each_once():
    text = REGISTRY.read_text(encoding="utf-8")
    assert re.findall(r'_question\("(\w+)"\)', text) == [question.name for question in QUESTIONS]


def test_numbers_and_tables_follow_the_order():
    assert [question.number for question in QUESTIONS] == list(range(1, len(QUESTIONS) + 1))
    for question in QUESTIONS:
        assert question.table.name.startswith(f"{question.id}_")


def test_the_registry_and_the_estimates_load_no_charts_and_no_spark():
    estimates = [f"{question.package}.{module}" for question in QUESTIONS for module in MODULES]
    modules = ", ".join(["datalake.questions.registry", *estimates])
    program = f"import sys, {modules}; print({{*{HEAVY}}} & {{*sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("set()\n", "")
