"""How long work tells that it goes on: the caller decides whether that is a bar or a line."""

from typing import Protocol


class Progress(Protocol):
    """Called with what is done, how much of it, of how much (0: unknown), and in which unit."""

    def __call__(self, what: str, done: int, total: int, unit: str = "", /) -> None:
        """Show it; `unit` is B for bytes, else the plural of what is counted."""


def silent(what: str, done: int, total: int, unit: str = "", /) -> None:
    """Show nothing."""
