"""The distribution is film-datalake: no file tells anyone to install another project's."""

import re
import subprocess
import sys
from importlib.metadata import metadata

import pytest
from support.paths import ROOT

from datalake import __version__
from datalake.core.install import DISTRIBUTION

# What would install `datalake`, another project: by pip, pipx, uv, or as a requirement.
FOREIGN = re.compile(
    r"(?:(?<!un)install|uv add|uvx) (?:-\S+ )*['\"]?datalake(?![\w./-])"
    r"|(?<![\w-])datalake(?:\[[a-z0-9,]+\]|[=~]=\d)"
)


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = listed.stdout.decode().split("\0")
    return [
        ROOT / name for name in names if name.endswith((".py", ".md", ".toml", ".yml", ".yaml"))
    ]


@pytest.mark.parametrize(
    ("text", "is_foreign"),
    [
        ("pip install 'datalake[local]'", True),
        ("pip install datalake", True),
        ("uv add datalake==0.2.0", True),
        ("datalake[local]", True),
        ("pip install 'film-datalake[local]'", False),
        ("film-datalake[local]==0.2.0", False),
        ("pip install ./datalake", False),
        ("install it, then run datalake.", False),
    ],
)
def test_what_counts_as_another_project_s_name(text, is_foreign):
    assert bool(FOREIGN.search(text)) == is_foreign


def test_no_file_names_another_project_s_distribution():
    files = [path for path in tracked() if path != ROOT / "tests/docs/test_names.py"]
    if not files:
        pytest.skip("no git here")
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files
        if path.is_file()
        for match in FOREIGN.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_what_is_installed_bears_our_name_and_version():
    installed = metadata(DISTRIBUTION)
    assert installed["Version"] == __version__
    assert installed["License"] == "MIT"


def test_a_missing_package_is_one_line_that_tells_how_to_install_it(tmp_path):
    """The bare library, without extras: as where DuckDB is not installed."""
    code = (
        "import sys; sys.modules['duckdb'] = None; from datalake.cli.main import main;"
        " sys.argv = ['datalake', 'sql', 'select 1']; main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr == (
        "datalake: duckdb is not installed; run: pip install '.[local]' in a clone of the project\n"
    )
