"""The public Python API: its examples run, it is loaded lazily, and every name is told of."""

import doctest
import re
import subprocess
import sys

import pytest
from support.paths import ROOT

import datalake

PAGE = ROOT / "docs" / "api.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)


def run(code, cwd):
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.nightly
def test_the_examples_run_on_the_sample_s_lake(home, ran, tmp_path):
    assert ran[0] == 0, ran[2]
    examples = "\n".join(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    assert len(doctest.DocTestParser().get_examples(examples)) > 20
    (tmp_path / "api.txt").write_text(examples, encoding="utf-8")
    code = f"import doctest; print(doctest.testfile({str(tmp_path / 'api.txt')!r}, False))"
    ended = run(code, home)
    assert ended.stdout.startswith("TestResults(failed=0, "), ended.stdout + ended.stderr


def test_the_readme_s_program_ends_by_itself_with_the_lake_still_open(home, ran):
    (program,) = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert ran[0] == 0, ran[2]
    ended = run(program, home)
    assert (ended.returncode, "primary_title" in ended.stdout) == (0, True), ended.stderr


def test_importing_the_package_loads_nothing_heavy(tmp_path):
    heavy = "{'pyspark', 'numpy', 'scipy', 'pandas', 'boto3', 'requests', 'click', 'rich'}"
    ended = run(f"import sys, datalake; print(sorted({heavy} & sys.modules.keys()))", tmp_path)
    assert ended.stdout == "[]\n", ended.stderr


def test_every_public_name_is_there_and_on_the_page():
    page = PAGE.read_text(encoding="utf-8")
    names = [name for name in datalake.__all__ if name not in ("__version__", "OpenLake")]
    assert [name for name in names if not hasattr(datalake, name)] == []
    assert [name for name in names if not re.search(rf"\b{name}\b", page)] == []
