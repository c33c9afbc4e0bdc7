"""Progress callbacks of long work; the caller shows them as a bar or as lines."""

from typing import Protocol


class Progress(Protocol):
    """Called with a label, the amount done, the total (0: unknown), and the unit."""

    def __call__(self, what: str, done: int, total: int, unit: str = "", /) -> None:
        """Show it; `unit` is B for bytes, else a plural such as titles."""


def silent(what: str, done: int, total: int, unit: str = "", /) -> None:
    """Show nothing."""
