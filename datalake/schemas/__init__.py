"""Every table's columns, types and comments: the one truth, and the data dictionary's source."""

from datalake.schemas.answers import ANSWERS
from datalake.schemas.refined import REFINED
from datalake.schemas.table import Column, Table
from datalake.schemas.trusted import TRUSTED

TABLES: tuple[Table, ...] = (*TRUSTED, *REFINED, *ANSWERS)

__all__ = ["ANSWERS", "REFINED", "TABLES", "TRUSTED", "Column", "Table"]
