"""Progress of the steps for people: a bar on a terminal, plain lines in a log."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, RLock, Thread

import click
from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

_LINE_EVERY_SECONDS = 5.0
_REFRESH_EVERY_SECONDS = 0.1


class StepProgress:
    """Progress of the running step, on standard error.

    What is told stays: on a terminal bars stand below it, and go when their work is done.
    """

    def __init__(self) -> None:
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._next_line = 0.0
        # Tables are written several at once; and a bar that is drawn anew while a line is printed
        # would erase that line.
        self._lock = RLock()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One step: its bars while it runs, its time when it ends."""
        began = time.monotonic()
        self.tell(f"{name} …")
        with self._bars_shown():
            yield
        self.tell(f"{name}: {time.monotonic() - began:.1f} s")

    def tell(self, text: str) -> None:
        """Print a line that stays, above the bars."""
        with self._lock:
            if self._bars:
                self._bars.console.print(text, markup=False, highlight=False, soft_wrap=True)
            else:
                click.echo(text, err=True)

    def progress(self, what: str, done: int, total: int, unit: str = "", /) -> None:
        """How far `what` is; `total` 0 where nobody knows, and `done` 1 when it has ended."""
        if self._bars:
            self._show_bar(self._bars, what, done, total, unit)
        elif not total:
            if not done:
                self.tell(f"  {what}")
        elif done == total or time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + _LINE_EVERY_SECONDS
            self.tell(f"  {what}: {_amount(done, total, unit)}")

    def _show_bar(self, bars: Progress, what: str, done: int, total: int, unit: str) -> None:
        with self._lock:
            if what not in self._tasks:
                self._tasks[what] = bars.add_task(what, total=total or None, amount="")
            task = self._tasks[what]
            if done and done >= total:
                seconds = next(t.elapsed or 0 for t in bars.tasks if t.id == task)
                bars.remove_task(self._tasks.pop(what))
                amounts = [_amount(done, total, unit)] if total else [unit, f"{seconds:.1f} s"]
                self.tell(f"  {what}: {', '.join(filter(None, amounts))}")
            elif total:
                amount = _amount(done, total, unit)
                bars.update(task, completed=done, total=total, amount=amount)

    @contextmanager
    def _bars_shown(self) -> Iterator[None]:
        if not sys.stderr.isatty():
            yield
            return
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[amount]}"),
            TimeElapsedColumn(),
        )
        console = Console(stderr=True)
        with (
            Progress(*columns, console=console, transient=True, auto_refresh=False) as bars,
            self._refreshed(bars),
        ):
            self._bars = bars
            try:
                yield
            finally:
                self._bars, self._tasks = None, {}

    @contextmanager
    def _refreshed(self, bars: Progress) -> Iterator[None]:
        """Draw the bars anew all the time while the block runs."""
        ended = Event()

        def refresh() -> None:
            while not ended.wait(_REFRESH_EVERY_SECONDS):
                with self._lock:
                    bars.refresh()

        thread = Thread(target=refresh, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


def _amount(done: int, total: int, unit: str) -> str:
    """«1.6 of 5.2 MB», «913 of 913 titles»; a whole without «of»."""
    if unit == "B":
        return decimal(done) if done >= total else f"{decimal(done)} of {decimal(total)}"
    return f"{done:,} of {total:,} {unit}".rstrip()
