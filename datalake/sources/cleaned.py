"""What the Spark half of a source returns: its rows for Trusted, and an account of each file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pyspark.sql import DataFrame

from datalake.schemas.table import Table
from datalake.schemas.trusted import CREDITS
from datalake.sources.source_file import SourceFile

ReadLines = Callable[[Mapping[str, str]], DataFrame]
"""One row per line of the files of Raw with these keys: `value`, and the key's label as `label`."""

Staged = Callable[[Table], DataFrame]
"""The rows staged for a table."""


@dataclass(frozen=True)
class FileAccount:
    """How many of a source file's rows are trusted, duplicates, quarantined or other.

    `other` holds columns of Trusted.reconciliation that only some sources fill. The trusted rows
    are in `table`; None where several tables have them. `dangling_ids` counts not rows but ids, in
    lists within trusted rows.
    """

    file: SourceFile
    read: int
    trusted: int
    duplicates: int
    quarantined: int
    other: Mapping[str, int] = field(default_factory=dict)
    table: Table | None = CREDITS
    dangling_ids: int = 0

    @property
    def accounted(self) -> int:
        """The sum of the counts: equal to `read`, else a row has vanished."""
        return self.trusted + self.duplicates + self.quarantined + sum(self.other.values())

    @property
    def text(self) -> str:
        """The counts in words, as a sum, and dangling ids, if there are any."""
        other = "".join(
            f" + {rows:,} {name.removesuffix('_rows')}" for name, rows in self.other.items()
        )
        return (
            f"{self.file.spec.name}: {self.file.rows:,} rows ="
            f" {self.trusted:,} trusted + {self.duplicates:,} exact duplicates"
            f" + {self.quarantined:,} quarantined{other}"
            + (f"; dangling ids in lists: {self.dangling_ids:,}" if self.dangling_ids else "")
        )


@dataclass(frozen=True)
class Cleaned:
    """A source's rows for Trusted.

    `titles` and `tables` are staged first. Then each function of `later` makes further tables from
    those staged so far, `at_once` of which are written at the same time. Once all are written,
    `accounts` and `rejected`, the rows of Trusted.quarantine, are called.
    """

    titles: DataFrame
    tables: Mapping[Table, DataFrame]
    rejected: Callable[[], DataFrame]
    accounts: Callable[[], list[FileAccount]]
    later: Sequence[Callable[[Staged], Mapping[Table, DataFrame]]] = ()
    at_once: int = 1
