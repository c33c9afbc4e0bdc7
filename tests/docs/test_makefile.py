"""The Makefile takes its variables from the command line, not from the environment."""

import os
import subprocess

import pytest
from support.paths import ROOT


def made(target, *words, **environment):
    """What make would run."""
    command = ["make", "--dry-run", "--no-print-directory", target, *words]
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    result = subprocess.run(
        command, cwd=ROOT, env=inherited | environment, capture_output=True, text=True, check=True
    )
    return result.stdout.splitlines()[-1].rstrip()


def test_the_page_s_language_is_not_that_of_the_desktop():
    """A Brazilian Linux desktop sets LANGUAGE."""
    assert made("run", LANGUAGE="pt_BR:pt:en").endswith("datalake run  --language en")
    assert made("run", "LANGUAGE=pt-BR").endswith("datalake run  --language pt-BR")


@pytest.mark.parametrize("variable", ["NAME", "SOURCE", "LAKE", "ARCH"])
def test_a_variable_of_the_environment_changes_nothing(variable):
    assert made("run", **{variable: "laptop"}) == made("run")
