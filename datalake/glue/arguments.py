"""The jobs' arguments: the command line's names, without its libraries, beside Glue's own."""

import argparse
import re
from collections.abc import Sequence
from typing import Any, NamedTuple, NoReturn

from datalake.core.errors import SettingsError
from datalake.core.options import LAKE, MEMORY, ON_GLUE, SOURCE, STEPS, Options
from datalake.core.settings import Settings, load_settings
from datalake.glue.cost import Workers

# What Glue hands to a script beside the job's own arguments; no name of ours may fit it.
OF_GLUE = re.compile(
    r"--(JOB_\w+|TempDir|RedshiftTempDir|SECURITY_CONFIGURATION|scriptLocation|conf|class"
    r"|(additional|auto|continuation|continuous-log|customer|datalake|disable|enable|encryption"
    r"|executor|extra|job|python|spark|use|user-jars|write)-[\w-]+)(=|$)"
)
_OF_PIP = "--python-modules-installer-option"  # its value is an option itself, such as --no-deps
_REQUIRED = (LAKE, SOURCE)
_LOCAL = (MEMORY,)  # whoever started the job's Spark has chosen it


class Arguments(NamedTuple):
    """What a job's arguments say: its run's settings, and the workers that Glue gave it."""

    settings: Settings
    workers: Workers


def options_of(step: str) -> Options:
    """The options that the step's job takes."""
    return (*(option for option in STEPS[step] if option not in _LOCAL), *ON_GLUE)


def parse_arguments(words: Sequence[str], step: str) -> Arguments:
    """The step's settings from a job's arguments.

    Glue's own arguments are passed over; `SettingsError` names any other that is unknown, and
    any value that is bad.
    """
    options = options_of(step)
    texts = _texts(words, options)
    values: dict[str, Any] = {}
    for option in options:
        text = texts[option.key]
        if option in _REQUIRED and not text:
            raise SettingsError(f"--{option.name} is missing")
        values[option.key] = option.parse(text)
    workers = Workers(*(values.pop(key) for key in Workers._fields))
    return Arguments(load_settings(**values), workers)


def _texts(words: Sequence[str], options: Options) -> dict[str, str]:
    """Each option's text, empty where it isn't there."""
    parser = _Parser(add_help=False, allow_abbrev=False)
    for option in options:
        parser.add_argument(f"--{option.name}", default="")
    namespace, others = parser.parse_known_args(words)
    of_glue, before = False, ""
    for word in others:
        # A value of Glue's follows its name.
        is_value = not word.startswith("--") or before == _OF_PIP
        of_glue, before = bool(OF_GLUE.match(word)) or (of_glue and is_value), word
        if not of_glue:
            names = ", ".join(f"--{option.name}" for option in options)
            raise SettingsError(f"{word.partition('=')[0]}: no such argument; there are {names}")
    return vars(namespace)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise SettingsError(message)
