"""Progress of the steps for people: a bar on a terminal, plain lines in a log."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

_LINE_EVERY_SECONDS = 5.0


class StepProgress:
    """Progress of the running step, on standard error."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._next_line = 0.0

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One step: its bars while it runs, its time when it ends."""
        began = time.monotonic()
        click.echo(f"{name} …", err=True)
        with self._shown():
            yield
        click.echo(f"{name}: {time.monotonic() - began:.1f} s", err=True)

    def progress(self, what: str, done: int, total: int) -> None:
        """How far `what` is; `total` 0 where nobody knows."""
        if self._bar:
            tasks = {task.description: task.id for task in self._bar.tasks}
            task = tasks[what] if what in tasks else self._bar.add_task(what)
            self._bar.update(task, completed=done, total=total or None)
        elif done == total or time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + _LINE_EVERY_SECONDS
            click.echo(f"  {what}: {done:,} of {total:,}" if total else f"  {what}", err=True)

    @contextmanager
    def _shown(self) -> Iterator[None]:
        if not sys.stderr.isatty():
            yield
            return
        columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn())
        console = Console(stderr=True)
        with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as self._bar:
            yield
        self._bar = None
