"""How a command ends badly: one line, a log for what nobody foresaw, silence for a closed pipe."""

import subprocess
import sys

import pytest
from support.command import call
from support.source_files import write_source

SECRET = "a-token-nobody-may-see"
# `datalake status` in a process where what it calls fails as no one foresaw.
BROKEN = """
import datalake.cli.status as command
def read_status(lake): raise KeyError("no such thing\\nfor " + {secret!r})
command.read_status = read_status
from datalake.cli import main
main()
"""


@pytest.fixture
def lake(tmp_path):
    write_source(tmp_path / "source")
    assert call("ingest", "--source", "source", cwd=tmp_path)[0] == 0
    return tmp_path / "lake"


def run_broken(folder, **environment):
    return subprocess.run(
        [sys.executable, "-c", BROKEN.format(secret=SECRET), "status"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "TMDB_TOKEN": SECRET, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_unexpected_error_is_one_line_and_its_traceback_a_log(lake, tmp_path):
    ended = run_broken(tmp_path, XDG_CACHE_HOME=str(tmp_path / "cache"))
    (line,) = ended.stderr.splitlines()
    (log,) = (tmp_path / "cache/datalake/logs").iterdir()
    assert (ended.returncode, ended.stdout) == (1, "")
    assert line.startswith("datalake: unexpected KeyError: ")
    assert line.endswith(f"please report it with the log {log}")
    text = log.read_text()
    assert "Traceback (most recent call last)" in text
    assert "read_status" in text
    assert SECRET not in ended.stderr + text


def test_where_the_cache_can_not_be_written_the_log_is_a_temporary_file(lake, tmp_path):
    (tmp_path / "tmp").mkdir()
    ended = run_broken(tmp_path, XDG_CACHE_HOME="/dev/null", TMPDIR=str(tmp_path / "tmp"))
    (line,) = ended.stderr.splitlines()
    (log,) = (tmp_path / "tmp").iterdir()
    assert line.endswith(str(log))


@pytest.mark.parametrize("words", [["status"], ["status", "--json"], ["status", "--help"]])
def test_a_closed_pipe_ends_quietly(lake, tmp_path, words):
    command = [sys.executable, "-c", "from datalake.cli import main; main()", *words]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
