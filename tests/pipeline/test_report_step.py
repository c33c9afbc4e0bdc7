"""What the page's step waits for, and what it doesn't."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from support.lakes import settings_at

from datalake.core.errors import LakeError
from datalake.pipeline import report
from datalake.report import page

LONG = 20


@pytest.fixture
def no_library():
    """The library is not made yet, and what a test makes of it is forgotten."""
    page._make_library.cache_clear()
    yield
    page._make_library.cache_clear()


def test_the_step_loads_no_library_that_it_has_no_use_for():
    code = (
        "import sys, datalake.pipeline.report, datalake.sql.lake_query;"
        "print(sorted({'click', 'pyspark', 'rich', 'scipy.stats', 'sqlglot'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_the_library_is_begun_before_the_data_are_there(tmp_path, monkeypatch):
    begun = Event()

    def query(sql):
        raise LakeError("begun" if begun.wait(LONG) else "not begun")

    monkeypatch.setattr(report, "chart_library", begun.set)
    monkeypatch.setattr(report, "step_inputs", lambda *_: "{}")
    with pytest.raises(LakeError, match=r"^begun$"):
        report.write_report(query, settings_at(tmp_path))


def test_who_asks_for_the_library_while_it_is_made_waits_for_it(monkeypatch, no_library):
    made, may_end = [], Event()

    def bundle(snippet):
        made.append(snippet)
        may_end.wait(LONG)
        return "<script></script>"

    monkeypatch.setattr(page.vl_convert, "javascript_bundle", bundle)
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(page.chart_library) for _ in range(2)]
        while not made or not all(future.running() for future in asked):
            pass
        may_end.set()
        assert [future.result(LONG) for future in asked] == ["<script><\\/script>"] * 2
    assert len(made) == 1
