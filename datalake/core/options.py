"""Every option of a run, declared once as plain data, and the steps that take it.

The command line, the jobs' arguments and the Lambda's event and environment are built from these
declarations, so that a name, a default or a bound stands in one place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from datalake.core import option_types as types
from datalake.core.errors import SettingsError

T = TypeVar("T")
LANGUAGES = ("en", "pt-BR")
FORMATS = ("imdb-csv", "imdb-datasets")


@dataclass(frozen=True)
class Option(Generic[T]):
    """One option: `read` makes its value of a text, or raises `ValueError` on a bad one.

    `text` is its default as people would write it; the value is None where that is empty.
    """

    name: str
    metavar: str
    read: Callable[[str], T]
    text: str = ""
    help: str = ""

    @property
    def key(self) -> str:
        """Its name in Python and in the Lambda's event."""
        return self.name.replace("-", "_")

    @property
    def variable(self) -> str:
        """The environment variable that the Lambda reads it from."""
        return f"DATALAKE_{self.key.upper()}"

    @property
    def default(self) -> T:
        """The value where nobody chooses one."""
        return cast(T, self.read(self.text) if self.text else None)

    def shown(self, text: str) -> str:
        """The option with its text, as messages show it: an address may hold a secret."""
        return f"--{self.name} {types.without_secrets(text) if self.metavar == 'URL' else text}"

    def parse(self, text: str, label: str = "") -> T:
        """The value of `text`, or the default of an empty one; `SettingsError` on a bad one.

        `label` is what the error calls it.
        """
        if not text:
            return self.default
        try:
            return self.read(text)
        except ValueError as error:
            raise SettingsError(f"{label or self.shown(text)}: {error}") from error


LAKE = Option[str]("lake", "PLACE", str, "lake", "The lake: a folder or s3://bucket/prefix.")
DATABASE_PREFIX = Option[str | None](
    "database-prefix",
    "PREFIX",
    str,
    help="How the names of the lake's Glue databases start, on S3. [default: datalake_]",
)
GENRES = Option[tuple[str, ...]](
    "genres", "NAMES", types.genre_names, "Crime,War", "IMDb genres in scope, by comma."
)
DAY = Option[date | None](
    "day",
    "YYYY-MM-DD",
    types.iso_date,
    help="Day of the run: ingest writes to it, later steps use Raw up to it. [default: today]",
)
SOURCE = Option[Path | None](
    "source",
    "DIR",
    types.folder_path,
    help="Folder with the source files; also on s3://, or IMDb's own https:// address.",
)
SOURCE_FORMAT = Option[str | None](
    "format",
    "NAME",
    str,
    help=f"Which source DIR holds, {' or '.join(FORMATS)}; needed only if it, or the lake, has"
    " files of both.",
)
IMDB_URL = Option[str](
    "imdb-url",
    "URL",
    types.web_address,
    "https://datasets.imdbws.com",
    "Where IMDb's datasets are.",
)
FILM_TYPES = Option[tuple[str, ...]](
    "film-types",
    "NAMES",
    types.title_types,
    "movie",
    "IMDb's title types that are films, by comma.",
)
SERIES_TYPES = Option[tuple[str, ...]](
    "series-types",
    "NAMES",
    types.title_types,
    "tvSeries,tvMiniSeries",
    "IMDb's title types that are series, by comma.",
)
MAX_BAD_SHARE = Option[float](
    "max-bad-share",
    "SHARE",
    types.share,
    "0.01",
    "Fail, and publish nothing, over this share of bad rows in a file.",
)
MAX_DANGLING_SHARE = Option[float](
    "max-dangling-share",
    "SHARE",
    types.share,
    "0.01",
    "The same, of rows that name a title or person without a row.",
)
MEMORY = Option[str](
    "memory", "SIZE", types.memory_size, "4g", "Heap of the local Spark, such as 4g."
)
OUTPUT = Option[str | None](
    "output",
    "FILE",
    types.file_path,
    help="The page's file or s3:// address."
    " [default: index.html in the lake, or Report/index.html in one on S3]",
)
LANGUAGE = Option[str](
    "language", "|".join(LANGUAGES), types.one_of(*LANGUAGES), "en", "Language the page opens in."
)
TMDB_URL = Option[str](
    "tmdb-url", "URL", types.web_address, "https://api.themoviedb.org/3", "Where TMDB answers."
)
RATE = Option[float]("rate", "NUMBER", types.positive, "25", "Requests a second at most.")
THREADS = Option[int]("threads", "N", types.whole(1, 100), "16", "Requests on the way at once.")
LIMIT = Option[int | None]("limit", "N", types.whole(1), help="Titles to ask for at most.")
BUDGET_SECONDS = Option[float | None](
    "budget-seconds", "SECONDS", types.at_least(0), help="Stop asking after that long."
)
REFRESH_AFTER = Option[timedelta](
    "refresh-after", "DAYS", types.days, "90", "Ask again for responses older than this many days."
)
SAMPLE_FORMAT = Option[str](
    "format", "|".join(FORMATS), types.one_of(*FORMATS), FORMATS[0], "Format of the made-up files."
)
WITHOUT_TMDB = Option[bool](
    "without-tmdb",
    "true|false",
    types.yes_or_no,
    "false",
    "Don't ask TMDB: no token is needed. Responses that Raw has are used.",
)
TITLES = Option[int](
    "titles", "N", types.whole(1), "3000", "Size of the made-up sample, films and series together."
)
FORCE = Option[bool](
    "force",
    "true|false",
    types.yes_or_no,
    "false",
    "Run steps that are up to date, too, and read source files whose size and time are known.",
)
# Of the jobs on Glue alone.
REGION = Option[str | None]("region", "NAME", str)
WORKER_TYPE = Option[str | None]("worker-type", "NAME", str)
WORKERS = Option[int | None]("workers", "N", types.whole(1))
DPU_HOUR_PRICE = Option[float | None]("dpu-hour-price", "USD", types.positive)
# Of the Lambda alone.
MARGIN_SECONDS = Option[float]("margin-seconds", "SECONDS", types.at_least(0), "60")

Options = tuple[Option[Any], ...]
RUN: Options = (LAKE, DATABASE_PREFIX, GENRES, DAY)
TITLE_TYPES: Options = (FILM_TYPES, SERIES_TYPES)
TMDB: Options = (TMDB_URL, RATE, THREADS, LIMIT, BUDGET_SECONDS, REFRESH_AFTER)
QUALITY: Options = (MAX_BAD_SHARE, MAX_DANGLING_SHARE)
PAGE: Options = (OUTPUT, LANGUAGE)
STEPS: dict[str, Options] = {
    "ingest": (*RUN, SOURCE, SOURCE_FORMAT, FORCE),
    "enrich": (*RUN, *TITLE_TYPES, *TMDB),
    "trusted": (*RUN, *TITLE_TYPES, *QUALITY, MEMORY, FORCE),
    "refined": (*RUN, MEMORY, FORCE),
    "answers": (*RUN, MEMORY, FORCE),
    "report": (*RUN, *PAGE, FORCE),
    "maintain": (LAKE, DATABASE_PREFIX, MEMORY),
    "run": (
        *RUN,
        SOURCE,
        SOURCE_FORMAT,
        *TITLE_TYPES,
        *TMDB,
        *QUALITY,
        MEMORY,
        *PAGE,
        FORCE,
    ),
}
"""The options that each step takes."""
ON_GLUE: Options = (REGION, WORKER_TYPE, WORKERS, DPU_HOUR_PRICE)
IN_LAMBDA: Options = (
    LAKE,
    GENRES,
    *TITLE_TYPES,
    DAY,
    RATE,
    THREADS,
    LIMIT,
    REFRESH_AFTER,
    MARGIN_SECONDS,
)
