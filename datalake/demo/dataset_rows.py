"""The files of IMDb's datasets, and a title's rows in those about titles."""

from datalake.demo.facts import Facts
from datalake.demo.people import NULL
from datalake.demo.titles import Title
from datalake.schemas.kinds import Kind

BASICS, RATINGS = "title.basics.tsv.gz", "title.ratings.tsv.gz"
PRINCIPALS, CREW = "title.principals.tsv.gz", "title.crew.tsv.gz"
EPISODES, NAMES = "title.episode.tsv.gz", "name.basics.tsv.gz"

_COLUMNS = {
    BASICS: "tconst titleType primaryTitle originalTitle isAdult startYear endYear"
    " runtimeMinutes genres",
    RATINGS: "tconst averageRating numVotes",
    PRINCIPALS: "tconst ordering nconst category job characters",
    CREW: "tconst directors writers",
    EPISODES: "tconst parentTconst seasonNumber episodeNumber",
    NAMES: "nconst primaryName birthYear deathYear primaryProfession knownForTitles",
}
HEADERS = {file: columns.replace(" ", "\t") for file, columns in _COLUMNS.items()}

Row = tuple[str, ...]
"""A file's name, and the cells of a row in it."""


def title_rows(title: Title, facts: Facts) -> list[Row]:
    """The title itself, and its rating."""
    return [
        basics_row(title.title_id, title_type(title), (title.primary, title.original), facts),
        (RATINGS, title.title_id, str(facts.rating), str(facts.votes)),
    ]


def basics_row(title_id: str, kind: str, names: tuple[str, str], facts: Facts) -> Row:
    """A title of any type."""
    is_adult = "1" if "Adult" in facts.genres else "0"
    years = (str(facts.year), str(facts.end_year))
    return (BASICS, title_id, kind, *names, is_adult, *years, str(facts.minutes), facts.genres)


def title_type(title: Title) -> str:
    """IMDb's type of a film or series; a series of one season is a mini-series."""
    if title.kind is Kind.MOVIE:
        return "movie"
    return "tvMiniSeries" if len(title.seasons) == 1 else "tvSeries"


def id_or_null(ids: list[str]) -> str:
    """The ids by comma, each once."""
    return ",".join(dict.fromkeys(ids)) or NULL
