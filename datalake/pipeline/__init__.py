"""One module a step, each read → transform → check → publish."""

from datalake.pipeline.refined import build_refined
from datalake.pipeline.trusted import build_trusted

__all__ = ["build_refined", "build_trusted"]
