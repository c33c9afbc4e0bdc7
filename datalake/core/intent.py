"""The write-ahead intent of publishing: which snapshots become current together.

While the file exists a run is publishing, or has died while publishing. Readers take the snapshots
that it names, so they never see a mixture of two runs.
"""

from types import NoneType
from typing import NamedTuple

from datalake.core.damage import checked, load_json, report_damage
from datalake.core.storage import Storage

INTENT = "Publishing/intent.json"
_REMEDY = "delete it, then run the steps from trusted on: its tables may be of different runs"


class SnapshotSwap(NamedTuple):
    """A table's current snapshot (None: it has none), and the one that is to follow it."""

    old: int | None
    new: int

    def published(self, current: int | None) -> int | None:
        """What readers are to see of a table whose current snapshot is `current`."""
        return self.new if current == self.old else current


def read_intent(storage: Storage) -> dict[str, SnapshotSwap]:
    """The swaps that are to be made together, by table; none where nothing is pending."""
    if INTENT not in storage.list("Publishing"):
        return {}
    with report_damage(storage, INTENT, _REMEDY), storage.open(INTENT) as file:
        swaps = {name: SnapshotSwap(*swap) for name, swap in load_json(file).items()}
        for swap in swaps.values():
            checked(swap.new, int)
            checked(swap.old, int if swap.old is not None else NoneType)
        return swaps
