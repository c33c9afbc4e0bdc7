"""The page in a real browser: every chart is drawn and nothing is complained of."""

import re
import shutil
import subprocess

import pytest
from test_report import PAGE

from datalake.report.page import render

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.mark.skipif(BROWSER is None, reason="no chromium or google-chrome on this machine")
def test_a_browser_draws_every_chart_without_a_complaint(tmp_path):
    page = tmp_path / "index.html"
    page.write_text(render(PAGE, "pt-BR"), encoding="utf-8")
    done = subprocess.run(
        [
            *(BROWSER, *QUIET, f"--user-data-dir={tmp_path / 'profile'}"),
            *("--enable-logging=stderr", "--virtual-time-budget=5000", "--dump-dom"),
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert 'class="drawn"' in done.stdout
    assert done.stdout.count('class="marks"') == render(PAGE, "pt-BR").count('class="chart"')
    assert re.findall(r"CONSOLE.*", done.stderr) == []
