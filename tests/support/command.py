"""Runs the `datalake` command as a user does, in a process of its own."""

import os
import subprocess
import sys

_SECRETS = ("TMDB_TOKEN", "TMDB_API_KEY")


def start(*words, cwd, prefix=(), **environment):
    """The running command, at the head of a process group of its own.

    `prefix` is a program that starts it, such as `setpriv`, with its options.
    """
    inherited = {name: value for name, value in os.environ.items() if name not in _SECRETS}
    return subprocess.Popen(
        [*prefix, sys.executable, "-c", "from datalake.cli import main; main()", *map(str, words)],
        cwd=cwd,
        env=inherited | environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def call(*words, cwd, prefix=(), **environment):
    """Exit status, output and error output of the command."""
    process = start(*words, cwd=cwd, prefix=prefix, **environment)
    output, errors = process.communicate(timeout=540)
    return process.returncode, output, errors
