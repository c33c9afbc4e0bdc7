"""The documents say what is there: links, commands, options, variables, tables."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from support.paths import ROOT

from datalake.cli.main import cli
from datalake.core.settings import load_settings

READMES = [ROOT / "README.md", ROOT / "README.pt-BR.md"]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "datalake").rglob("*.md")]

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.M)
COMMAND = re.compile(r"(?<!from )\bdatalake ((?:-|[a-z]).*)")
VARIABLE = re.compile(r"\b(?:TMDB|DATALAKE|JAVA|XDG|AWS)_[A-Z0-9_]+\b")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def prose(path: Path) -> str:
    """The page without its code blocks."""
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def blocks(path: Path) -> list[tuple[str, str]]:
    """The page's code blocks, each with its language."""
    return FENCE.findall(path.read_text(encoding="utf-8"))


def code(path: Path) -> list[str]:
    """Every line of code on the page, in blocks or between backticks."""
    lines = [line for _, block in blocks(path) for line in block.splitlines()]
    return lines + SPAN.findall(prose(path))


def anchors(path: Path) -> set[str]:
    """What a link may name after # in the page, as GitHub forms it."""
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(prose(path)))
    return {heading.strip().replace(" ", "-") for heading in words}


def options(command: click.Command) -> set[str]:
    names = {name for parameter in command.params for name in parameter.opts}
    return names | {"--help", "-h"}


def unknown_words(line: str) -> Iterator[str]:
    """The words after `datalake` that the command line doesn't know."""
    first, *others = line.split()
    command = cli if first.startswith("-") else cli.commands.get(first)
    if command is None:
        yield first
        return
    for word in [first, *others]:
        if word.startswith("-") and word.partition("=")[0] not in options(command):
            yield f"{first} {word}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_to_files_and_headings(page):
    broken = []
    for link in LINK.findall(prose(page)):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_exist(page):
    lines = [found[1] for line in code(page) if (found := COMMAND.search(line))]
    assert [word for line in lines for word in unknown_words(line)] == []


@pytest.mark.parametrize(
    ("line", "unknown"),
    [
        ("run --source DIR --lake ./lake", []),
        ("run --sauce DIR", ["run --sauce"]),
        ("status --json=yes", []),
        ("fly", ["fly"]),
        ("--help", []),
        ("--loud", ["--loud --loud"]),
    ],
)
def test_an_unknown_command_or_option_is_noticed(line, unknown):
    assert list(unknown_words(line)) == unknown


@pytest.mark.parametrize("page", READMES, ids=named)
def test_every_command_is_told_of_and_every_option_exists(page):
    told = {found[1].split()[0] for line in code(page) if (found := COMMAND.search(line))}
    assert cli.commands.keys() <= told
    known = set().union(*(options(command) for command in cli.commands.values()))
    assert {span for span in SPAN.findall(prose(page)) if re.fullmatch(r"--[\w-]+", span)} <= known


@pytest.mark.parametrize("page", READMES, ids=named)
def test_make_targets_exist(page):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    told = {found[1] for line in code(page) if (found := re.search(r"\bmake ([a-z-]+)", line))}
    assert {"run", "test"} <= told <= targets


@pytest.mark.parametrize("page", READMES, ids=named)
def test_environment_variables_are_those_that_settings_read(page):
    class Asked(dict[str, str]):
        def get(self, name, default=None):
            self[name] = ""
            return default

    asked = Asked()
    load_settings("lake", environment=asked)
    assert set(VARIABLE.findall(page.read_text(encoding="utf-8"))) == set(asked)


@pytest.mark.parametrize("page", READMES, ids=named)
def test_the_map_shows_folders_that_exist(page):
    (tree,) = (block for _, block in blocks(page) if block.startswith("datalake/\n"))
    names = [re.match(r"( *)(\w+/)", line).groups() for line in tree.splitlines()]
    folders = [f"datalake/{name}" if indent else name for indent, name in names]
    assert len(folders) > 10
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []
    rooms = {f"datalake/{path.parent.name}/" for path in (ROOT / "datalake").glob("*/__init__.py")}
    assert rooms <= set(folders)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_files_of_the_package_that_a_page_names_exist(page):
    paths = [span for span in SPAN.findall(prose(page)) if re.fullmatch(r"datalake/[\w./]+", span)]
    # A folder of the user's cache, and those that a recipe leaves to be named.
    inside = [path for path in paths if path != "datalake/jars" and "NAME" not in path]
    assert [path for path in inside if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_tests_that_a_page_names_exist(page):
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    names = [span for span in SPAN.findall(prose(page)) if re.fullmatch(r"test_\w+", span)]
    assert [name for name in names if f"def {name}(" not in tests] == []


def test_both_readmes_have_the_same_parts():
    english, portuguese = READMES
    levels = [re.findall(r"^#+", prose(page), re.M) for page in READMES]
    assert levels[0] == levels[1]
    consoles = [[b for language, b in blocks(page) if language == "console"] for page in READMES]
    assert consoles[0] == consoles[1]
    assert len(blocks(english)) == len(blocks(portuguese))
    assert prose(english).count("\n| ") == prose(portuguese).count("\n| ")


def dictionary(*arguments: str, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, str(root / "scripts" / "data_dictionary.py"), *arguments]
    return subprocess.run(program, capture_output=True, text=True, check=False, cwd=ROOT)


def test_the_data_dictionary_is_fresh():
    checked = dictionary("--check")
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_stale_data_dictionary_is_one_line_and_a_failure(tmp_path):
    (tmp_path / "scripts").mkdir()
    (tmp_path / "docs").mkdir()
    script = (ROOT / "scripts" / "data_dictionary.py").read_text(encoding="utf-8")
    (tmp_path / "scripts" / "data_dictionary.py").write_text(script, encoding="utf-8")
    missing = dictionary("--check", root=tmp_path)
    assert dictionary(root=tmp_path).returncode == 0
    written = tmp_path / "docs" / "data-dictionary.md"
    assert written.read_bytes() == (ROOT / "docs" / "data-dictionary.md").read_bytes()
    written.write_text(written.read_text(encoding="utf-8") + "more\n", encoding="utf-8")
    stale = dictionary("--check", root=tmp_path)
    for checked in (missing, stale):
        assert checked.returncode == 1
        assert checked.stderr == "docs/data-dictionary.md is stale; run: make docs\n"
