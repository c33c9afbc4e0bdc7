"""Run what the README says, on a tiny made-up sample, by the `datalake` of another environment."""

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from checks import ENVIRONMENT, run, step

from datalake.core.errors import DatalakeError

COMMAND = re.compile(r"^\| `datalake ([^`]+)` \|", re.M)
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
SAMPLE = "demo/sample"
LAKE = ["--lake", "demo/lake"]
# What the README leaves to be named.
NAMES = {"DIR": SAMPLE, "select ...": "select count(*) titles from dim_title"}
# It serves until it is stopped, beside the others.
SERVER = "tmdb-server"


def run_readme(programs: Path, home: Path, readme: Path) -> None:
    """Run each command of the README's table, and its Python, in the new folder `home`."""
    home.mkdir()
    text = readme.read_text(encoding="utf-8")
    commands = COMMAND.findall(text)
    if commands[:1] != ["run"]:
        raise DatalakeError(f"{readme.name}: no table of commands that starts with `datalake run`")
    datalake = programs / "datalake"
    step("datalake run", lambda: run([datalake, "run", "--titles", "200"], home))
    with local_tmdb(datalake, home) as tmdb, local_imdb(datalake, home) as imdb:
        servers = {"enrich": ["--tmdb-url", tmdb], "download": ["--imdb-url", imdb]}
        for command in commands[1:]:
            if not command.startswith(SERVER):
                step(f"datalake {command}", partial(run_command, command, datalake, servers, home))
    program = "\n".join(PYTHON.findall(text))
    step("the README's Python", lambda: run([programs / "python", "-c", program], home))


def run_command(command: str, datalake: Path, servers: Mapping[str, list[str]], home: Path) -> None:
    """Run it with names of the sample and its lake for those that the README leaves to be named."""
    words = [NAMES.get(word, word) for word in shlex.split(command)]
    if "ID" in words:
        table = words[words.index("--table") + 1]
        words[words.index("ID")] = str(oldest_snapshot(table, datalake, home))
    options = {option for option in run([datalake, words[0], "--help"]).split() if "--" in option}
    if "--lake" in options:
        words += LAKE
    if words[0] == "download":
        words[words.index(SAMPLE)] = "imdb"
    run([datalake, *words, *servers.get(words[0], [])], home)


def oldest_snapshot(table: str, datalake: Path, home: Path) -> int:
    """The id of the first snapshot that the table has."""
    tables = json.loads(run([datalake, "status", "--json", *LAKE], home))["tables"]
    (snapshots,) = (entry["snapshots"] for entry in tables if entry["table"] == table)
    return int(min(snapshots, key=lambda snapshot: str(snapshot["at"]))["id"])


@contextmanager
def local_tmdb(datalake: Path, home: Path) -> Iterator[str]:
    """The address of `datalake tmdb-server`, as long as the block runs."""
    command = [str(datalake), SERVER, "--sample", SAMPLE, "--port", "0"]
    with serving(command, home) as line:
        yield line.split()[2].rstrip(";")


@contextmanager
def local_imdb(datalake: Path, home: Path) -> Iterator[str]:
    """The address of a server of made-up datasets, as long as the block runs."""
    run(
        [datalake, "sample", "--titles", "50", "--format", "imdb-datasets", "--out", "served"], home
    )
    python = str(datalake.parent / "python")
    server = ["-m", "http.server", "--bind", "127.0.0.1", "--directory", "served", "0"]
    with serving([python, "-u", *server], home) as line:
        yield f"http://127.0.0.1:{line.split()[5]}"


@contextmanager
def serving(command: list[str], home: Path) -> Iterator[str]:
    """The first line that the server says, as long as the block runs; then it is stopped."""
    with subprocess.Popen(
        command,
        cwd=home,
        env=os.environ | ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            if "http" not in line.lower():
                raise DatalakeError(f"{' '.join(command)}: {line.strip()}")
            yield line
        finally:
            server.terminate()
