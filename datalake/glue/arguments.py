"""The jobs' arguments: the command line's names, without its libraries, beside Glue's own."""

import argparse
import logging
import re
from collections.abc import Sequence
from typing import Any, NamedTuple, NoReturn

from datalake.core.errors import SettingsError
from datalake.core.options import LAKE, MEMORY, ON_GLUE, SOURCE, STEPS, Options
from datalake.core.settings import Settings, load_settings
from datalake.glue.cost import Workers, price_in

_log = logging.getLogger(__name__)

# What Glue hands to a script beside the job's own arguments; no option may match it.
GLUE_ARGUMENTS = re.compile(
    r"--(JOB_\w+|GLUE_VERSION|TempDir|RedshiftTempDir|SECURITY_CONFIGURATION|scriptLocation|conf"
    r"|class|library-set|(additional|auto|continuation|continuous-log|custom|customer|datalake|disable|enable|encryption"
    r"|executor|extra|job|python|spark|use|user-jars|write)-[\w-]+)(=|$)"
)
_PIP_OPTION = "--python-modules-installer-option"  # its value is an option itself: --no-index
_RUN_ID = "--JOB_RUN_ID"  # Glue, and only Glue, hands it to each run of a job
_REQUIRED = (LAKE, SOURCE)
_NOT_OF_JOBS = (MEMORY,)  # Spark is running already when a job starts


class Arguments(NamedTuple):
    """What a job's arguments say: its run's settings, and the workers that Glue gave it."""

    settings: Settings
    workers: Workers


def job_options(step: str) -> Options:
    """The options that the step's job takes."""
    return (*(option for option in STEPS[step] if option not in _NOT_OF_JOBS), *ON_GLUE)


def parse_arguments(arguments: Sequence[str], step: str) -> Arguments:
    """The step's settings from a job's arguments.

    Glue's own arguments are ignored. An unknown one is ignored too on Glue, with a warning in
    the log, as Glue adds new ones; elsewhere it is a `SettingsError`. So is a bad value anywhere.
    """
    options = job_options(step)
    texts = _texts(arguments, options)
    values: dict[str, Any] = {}
    for option in options:
        text = texts[option.key]
        if option in _REQUIRED and not text:
            raise SettingsError(f"--{option.name} is missing")
        values[option.key] = option.parse(text)
    worker_values = {key: values.pop(key) for key in Workers._fields}
    worker_values["dpu_hour_price"] = worker_values["dpu_hour_price"] or price_in(values["region"])
    workers = Workers(**worker_values)
    return Arguments(load_settings(**values), workers)


def _texts(arguments: Sequence[str], options: Options) -> dict[str, str]:
    """Each option's text, empty where it isn't there."""
    parser = _Parser(add_help=False, allow_abbrev=False)
    for option in options:
        parser.add_argument(f"--{option.name}", default="")
    namespace, remaining = parser.parse_known_args(arguments)
    if unknown := _unknown(remaining):
        names = ", ".join(f"--{option.name}" for option in options)
        if not any(argument.partition("=")[0] == _RUN_ID for argument in arguments):
            raise SettingsError(f"{unknown[0]}: no such argument; there are {names}")
        _log.warning("arguments passed over: %s; this job knows %s", ", ".join(unknown), names)
    return vars(namespace)


def _unknown(arguments: Sequence[str]) -> list[str]:
    """The names among the remaining arguments that Glue doesn't pass; a value follows its name."""
    unknown = []
    has_name, previous = False, ""
    for argument in arguments:
        is_name = argument.startswith("--") and previous != _PIP_OPTION
        if not GLUE_ARGUMENTS.match(argument) and (is_name or not has_name):
            unknown.append(argument.partition("=")[0])
        has_name, previous = True, argument
    return unknown


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise SettingsError(message)
