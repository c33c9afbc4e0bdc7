"""The page's texts: every one is there, in both languages, for every question."""

import re
import string

import pytest
from support.paths import ROOT
from support.report_pages import translator

from datalake.questions.registry import QUESTIONS
from datalake.report.i18n import LANGUAGES


def test_both_catalogues_have_the_same_keys_and_places_for_figures():
    first, second = (flat(translator(language).catalogue) for language in LANGUAGES)
    assert list(first) == list(second)
    for key, text in first.items():
        assert placeholders(text) == placeholders(second[key]), key


KEY = re.compile(r"""(?:translate|say\.text|say)\(\s*["'`]([\w.]*\w)["'`]""")
COLUMN = re.compile(r"""(?<![.\w])(?:count|number|text|named)\("(\w+)\"""")
FIGURE_TEXTS = ("title", "about", "unit", "empty")
TEXT_FILES = [
    path
    for folder in ("report", "questions")
    for path in (ROOT / "datalake" / folder).rglob("*")
    if path.suffix in {".py", ".js", ".html"}
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_the_code_asks_for_is_there(language):
    code = "".join(path.read_text(encoding="utf-8") for path in TEXT_FILES)
    figures = [figure.name for question in QUESTIONS for figure in question.charts.figures]
    keys = {
        *KEY.findall(code),
        *(f"columns.{name}" for name in COLUMN.findall(code)),
        *(f"figures.{name}.{part}" for name in figures for part in FIGURE_TEXTS),
        *(f"{question.name}.question" for question in QUESTIONS),
    }
    texts = flat(translator(language).catalogue)
    assert len(keys) > 120
    assert {key for key in keys if f".{key}" not in texts} == set()


def flat(catalogue, path=""):
    """Dotted key → text, for every text of a catalogue, in its order."""
    if isinstance(catalogue, str):
        return {path: catalogue}
    items = catalogue.items() if isinstance(catalogue, dict) else enumerate(catalogue)
    return {k: t for name, entry in items for k, t in flat(entry, f"{path}.{name}").items()}


def placeholders(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_every_reason_and_variant_has_a_name_in_the_catalogue():
    modules = (ROOT / "datalake/questions").rglob("*.py")
    code = "".join(path.read_text(encoding="utf-8") for path in modules)
    catalogue = translator("en").catalogue
    for reason in set(re.findall(r'"(no_(?!outliers|difference)\w+|special|beyond_sample)"', code)):
        assert reason in catalogue["reasons"], reason
    variants = re.findall(r'"(as_answered|adjusted|no_outliers|within_year|\w+_pearson)"', code)
    assert set(variants) - {"adjusted"} <= set(catalogue["variants"])
