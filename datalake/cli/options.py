"""Options of the command line, built from their declarations."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from datalake.core.lake import Lake, require_lake
from datalake.core.options import DATABASE_PREFIX, LAKE, STEPS, Option
from datalake.core.settings import lake_at, load_settings

Command = Callable[..., None]


class _Value(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on
    """The click type of an option: values are read as its declaration says."""

    def __init__(self, option: Option[Any]) -> None:
        self.name, self._option = option.metavar, option

    def convert(self, value: Any, parameter: Any, context: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self._option.read(value)
        except ValueError as error:
            raise click.UsageError(f"{self._option.shown(value)}: {error}", context) from error


def with_option(option: Option[Any]) -> Callable[[Command], Command]:
    """A decorator that gives a command the option."""
    if isinstance(option.default, bool):
        return click.option(f"--{option.name}", is_flag=True, help=option.help)
    return click.option(
        f"--{option.name}",
        type=_Value(option),
        metavar=option.metavar,
        default=option.text or None,
        show_default=bool(option.text),
        help=option.help,
    )


def with_step(name: str) -> Callable[[Command], Command]:
    """A decorator that gives a command the step's options, handed on as one `Settings`."""
    keys = [option.key for option in STEPS[name]]

    def decorate(command: Command) -> Command:
        @wraps(command)
        def call(**values: Any) -> None:
            step_values = {key: values.pop(key) for key in keys}
            command(settings=load_settings(**step_values), **values)

        return _add_all(STEPS[name], call)

    return decorate


def with_lake(command: Command) -> Command:
    """Give a command --lake and how to reach it, handed on as one `Lake`."""

    @wraps(command)
    def call(lake: str, database_prefix: str | None, **values: Any) -> None:
        command(lake=lake_at(lake, database_prefix), **values)

    return _add_all((LAKE, DATABASE_PREFIX), call)


def with_existing_lake(command: Command) -> Command:
    """Like `with_lake`, for a command that needs a lake: `NoLakeError` where there is none."""

    @wraps(command)
    def call(lake: Lake, **values: Any) -> None:
        command(lake=require_lake(lake), **values)

    return with_lake(call)


def _add_all(options: tuple[Option[Any], ...], command: Command) -> Command:
    for option in reversed(options):
        command = with_option(option)(command)
    return command
