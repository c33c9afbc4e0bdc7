"""The lake's layout: its root, its folders, and its layers' names in the catalog.

Raw/…                         source files and responses, as they came; each source has its folders
Trusted/…, Refined/…, Answers/…   Iceberg tables
Publishing/…                  leases, what is being published, what was ingested last
Quarantine/…                  rejected rows of source files that made a run stop
index.html, or on S3 Report/index.html   the page
"""

import re
from dataclasses import dataclass
from functools import cached_property

from datalake.core.aws import DEFAULT_AWS, Aws
from datalake.core.errors import NoLakeError, SettingsError
from datalake.core.storage import Storage, open_storage

CATALOG = "lake"
"""The name of a lake's catalog in Spark."""

DATABASE_PREFIX = "datalake_"
_FOLDERS = ("Raw", "Trusted", "Refined", "Answers")


@dataclass(frozen=True)
class Lake:
    """A lake by its root: a local folder or `s3://bucket/prefix`.

    On S3 its tables are in the Glue catalog, in databases whose names start with
    `database_prefix`.
    """

    root: str
    database_prefix: str = DATABASE_PREFIX
    aws: Aws = DEFAULT_AWS

    def __post_init__(self) -> None:
        if "://" in self.root and not self.root.startswith("s3://"):
            raise SettingsError(f"--lake {self.root}: neither a folder nor s3://bucket/prefix")
        if not re.fullmatch(r"[a-z0-9_]*", self.database_prefix):
            raise SettingsError(
                f"--database-prefix {self.database_prefix}: Glue's names are of a-z, 0-9 and _"
            )

    @property
    def on_s3(self) -> bool:
        """Whether the lake lies on S3, and its tables in the Glue catalog."""
        return self.root.startswith("s3://")

    @cached_property
    def storage(self) -> Storage:
        """The bytes under the root."""
        return open_storage(self.root, self.aws)

    def database(self, layer: str) -> str:
        """The layer's name in the catalog: its folder's, or that of a Glue database."""
        return self.database_prefix + layer.lower() if self.on_s3 else layer

    def table_name(self, layer: str, table: str) -> str:
        """A table's full name, in Spark and in an intent to publish."""
        return f"{CATALOG}.{self.database(layer)}.{table}"


def require_lake(lake: Lake) -> Lake:
    """The lake itself; `NoLakeError` where there is none, and nothing is made there."""
    if any(lake.storage.holds(folder) for folder in _FOLDERS):
        return lake
    raise NoLakeError(
        f"--lake {lake.storage.url('')}: there is no lake; name another, or make one by:"
        " datalake ingest --source DIR"
    )
