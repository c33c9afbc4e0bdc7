"""How long work tells that it goes on: the caller decides whether that is a bar or a line."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with what is done, how much of it, and of how much (0: unknown)."""


def silent(what: str, done: int, total: int) -> None:
    """Show nothing."""
