"""The two files of the source, and where they lie in Raw."""

from datalake.schemas.kinds import Kind
from datalake.sources.source import FileSpec

FILES = {
    Kind.MOVIE: FileSpec("movies.csv", "Raw/Local/CSV/Movies", Kind.MOVIE),
    Kind.SERIES: FileSpec("series.csv", "Raw/Local/CSV/Series", Kind.SERIES),
}
FILE_NAMES = {kind: spec.name for kind, spec in FILES.items()}
