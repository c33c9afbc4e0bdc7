"""IMDb's datasets → Trusted."""

from collections.abc import Sequence

from datalake.core.errors import LakeError
from datalake.schemas.title_types import TitleTypes
from datalake.sources.cleaned import Cleaned, ReadLines
from datalake.sources.source_file import SourceFile


def clean(files: Sequence[SourceFile], read_lines: ReadLines, title_types: TitleTypes) -> Cleaned:
    """Titles, credits, episodes, persons and rejected lines of the six files."""
    raise LakeError("imdb-datasets: Trusted is not built from them yet")
