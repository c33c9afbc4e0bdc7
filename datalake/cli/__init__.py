"""The `datalake` command."""

from datalake.cli.main import main

__all__ = ["main"]
