"""Progress callbacks of long work; the caller shows them as a bar or as lines."""

from typing import Protocol


class Progress(Protocol):
    """Called with a label, the amount done, the total, and the unit.

    Of work of unknown length the total is 0, and done is 0 when it begins, 1 when it has ended;
    `unit` then says what came of it, such as «1,200 rows».
    """

    def __call__(self, what: str, done: int, total: int, unit: str = "", /) -> None:
        """Show it; `unit` is B for bytes, else a plural such as titles."""


def silent(what: str, done: int, total: int, unit: str = "", /) -> None:
    """Show nothing."""
