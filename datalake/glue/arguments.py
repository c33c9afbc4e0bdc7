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

# What Glue hands to a script beside the job's own arguments; no name of ours may fit it.
OF_GLUE = re.compile(
    r"--(JOB_\w+|GLUE_VERSION|TempDir|RedshiftTempDir|SECURITY_CONFIGURATION|scriptLocation|conf"
    r"|class|library-set|(additional|auto|continuation|continuous-log|custom|customer|datalake|disable|enable|encryption"
    r"|executor|extra|job|python|spark|use|user-jars|write)-[\w-]+)(=|$)"
)
_OF_PIP = "--python-modules-installer-option"  # its value is an option itself: --no-index
_RUN_ID = "--JOB_RUN_ID"  # Glue, and only Glue, hands it to each run of a job
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

    Glue's own arguments are passed over. On Glue so is any other that is unknown, with a warning
    in the log: Glue adds new ones of its own. Elsewhere `SettingsError` names it; a bad value
    it names everywhere.
    """
    options = options_of(step)
    texts = _texts(words, options)
    values: dict[str, Any] = {}
    for option in options:
        text = texts[option.key]
        if option in _REQUIRED and not text:
            raise SettingsError(f"--{option.name} is missing")
        values[option.key] = option.parse(text)
    chosen = {key: values.pop(key) for key in Workers._fields}
    chosen["dpu_hour_price"] = chosen["dpu_hour_price"] or price_in(values["region"])
    workers = Workers(**chosen)
    return Arguments(load_settings(**values), workers)


def _texts(words: Sequence[str], options: Options) -> dict[str, str]:
    """Each option's text, empty where it isn't there."""
    parser = _Parser(add_help=False, allow_abbrev=False)
    for option in options:
        parser.add_argument(f"--{option.name}", default="")
    namespace, others = parser.parse_known_args(words)
    if unknown := _unknown(others):
        names = ", ".join(f"--{option.name}" for option in options)
        if not any(word.partition("=")[0] == _RUN_ID for word in words):
            raise SettingsError(f"{unknown[0]}: no such argument; there are {names}")
        _log.warning("arguments passed over: %s; this job knows %s", ", ".join(unknown), names)
    return vars(namespace)


def _unknown(words: Sequence[str]) -> list[str]:
    """The names that are not Glue's either; a value follows its name."""
    unknown = []
    is_named, before = False, ""
    for word in words:
        is_name = word.startswith("--") and before != _OF_PIP
        if not OF_GLUE.match(word) and (is_name or not is_named):
            unknown.append(word.partition("=")[0])
        is_named, before = True, word
    return unknown


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise SettingsError(message)
