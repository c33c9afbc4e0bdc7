"""The orchestrators' examples: download, the steps of `datalake run` in its order, upkeep."""

import ast
import re

import pytest
from support.paths import ROOT

from datalake.cli.main import cli
from datalake.core.options import STEPS

EXAMPLES = [ROOT / "examples" / name for name in ("airflow_dag.py", "dagster_assets.py")]
RUN = ["ingest", "enrich", "trusted", "refined", "answers", "report"]
DAY = ["download", *RUN, "purge", "maintain"]


def lines(path):
    """The commands that the example runs."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                part.value if isinstance(part, ast.Constant) else "NAME" for part in node.values
            )
            if text.startswith("datalake "):
                yield text.split()[1:]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_its_commands_are_the_steps_in_order_and_take_these_options(path):
    compile(path.read_text(encoding="utf-8"), path.name, "exec")
    commands = list(lines(path))
    assert [command for command, *_ in commands] == DAY
    assert set(RUN) <= STEPS.keys()
    for command, *words in commands:
        known = {name for parameter in cli.commands[command].params for name in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_it_is_short(path):
    code = re.sub(r'^""".*?"""\n', "", path.read_text(encoding="utf-8"), flags=re.S)
    assert len([line for line in code.splitlines() if line.strip()]) <= 35
