"""Every table's columns, types and comments: the one truth, and the data dictionary's source."""

from datalake.schemas.answers import ANSWERS
from datalake.schemas.refined import REFINED
from datalake.schemas.table import Column, Table
from datalake.schemas.trusted import TRUSTED

TABLES: tuple[Table, ...] = (*TRUSTED, *REFINED, *ANSWERS)

# Raised by one whenever a column comes, goes or changes its type: older code then refuses the lake.
VERSION = 1

__all__ = ["ANSWERS", "REFINED", "TABLES", "TRUSTED", "VERSION", "Column", "Table"]
