"""Columns, types and comments of the tables that several packages share: the one truth."""

from datalake.schemas.refined import REFINED
from datalake.schemas.table import Column, Table
from datalake.schemas.trusted import TRUSTED

# Raised by one when a column is added, removed or changes type: older code then refuses the lake.
VERSION = 4
VERSION_PROPERTY = "datalake.schema-version"
"""The property of an Iceberg table that holds the version it was last written with."""

__all__ = ["REFINED", "TRUSTED", "VERSION", "VERSION_PROPERTY", "Column", "Table"]
