"""Runs what a tutorial says: its commands with what they print, and its Python."""

import doctest
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
ANY_BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.M | re.S)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
TIME_LIMIT = 300


def commands(page):
    """Each command of the page, and what it prints; empty where the page doesn't say."""
    for block in CONSOLE.findall(page.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed


def run_command(command, printed, folder, **environment):
    """Run it by a shell in the folder; it must succeed and print what the page says."""
    programs = Path(sys.executable).parent
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=os.environ | {"PATH": path} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TIME_LIMIT,
        check=False,
    )
    assert ended.returncode == 0, f"{command}\n{ended.stdout}"
    if printed and not doctest.OutputChecker().check_output(printed, ended.stdout, FLAGS):
        pytest.fail(f"{command}\nprints\n{ended.stdout}\nnot\n{printed}")


def run_python(page, folder):
    """Run the page's Python as one session in the folder; how many examples it has."""
    text = "\n".join(PYTHON.findall(page.read_text(encoding="utf-8")))
    examples = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    ended = subprocess.run(
        [sys.executable, "-c", _DOCTEST, page.name],
        input=text,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return len(examples.examples)


_DOCTEST = """
import doctest, sys
examples = doctest.DocTestParser().get_doctest(sys.stdin.read(), {}, sys.argv[1], None, 0)
sys.exit(doctest.DocTestRunner().run(examples).failed)
"""


@contextmanager
def serving(folder):
    """The address of a web server of the folder's files, as long as the block runs."""
    handler = partial(SimpleHTTPRequestHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def code(page):
    """The page's code, in whatever language, without its indentation."""
    blocks = ANY_BLOCK.findall(page.read_text(encoding="utf-8"))
    return [(name, re.sub(rf"^{indent}", "", text, flags=re.M)) for indent, name, text in blocks]
