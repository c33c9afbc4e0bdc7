"""Faults that the local TMDB server commits on purpose, by share of the requests."""

from dataclasses import dataclass, field
from random import Random
from threading import Lock

from datalake.core.errors import SettingsError

STATUSES = ("429", "500", "502", "503", "504")
"""A response with that HTTP status."""
BREAKS = ("reset", "cut", "hang")
"""A connection reset without a response; a body cut short; no response for a long time."""


@dataclass
class Faults:
    """Shares by fault, drawn one after another: the n-th request always meets the same.

    `hang_seconds` is how long a hung request waits before its connection is closed.
    """

    shares: dict[str, float] = field(default_factory=dict)
    seed: int = 7
    hang_seconds: float = 60.0

    def __post_init__(self) -> None:
        self._rng = Random(self.seed)  # noqa: S311 - no secrets
        self._lock = Lock()

    @classmethod
    def parse(cls, text: str, seed: int = 7) -> "Faults":
        """From `500=0.02,reset=0.01`; `SettingsError` names an unknown fault or a bad share."""
        shares = dict(_parse_fault(item) for item in text.split(",") if item.strip())
        if sum(shares.values()) > 1:
            raise SettingsError(f"--faults {text}: the shares add up to more than 1")
        return cls(shares, seed)

    def draw(self) -> str | None:
        """The fault of the next request; None for none."""
        with self._lock:
            draw = self._rng.random()
        for fault, share in self.shares.items():
            draw -= share
            if draw < 0:
                return fault
        return None


def _parse_fault(item: str) -> tuple[str, float]:
    name, _, share = item.strip().partition("=")
    faults = STATUSES + BREAKS
    if name not in faults:
        raise SettingsError(f"--faults {name}: unknown; there are {', '.join(faults)}")
    try:
        value = float(share)
    except ValueError:
        value = -1
    if not 0 <= value <= 1:
        raise SettingsError(f"--faults {item.strip()}: the share must be from 0 to 1, as 0.02")
    return name, value
