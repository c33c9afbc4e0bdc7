"""The six files of the source: where they lie in Raw, their columns and ids in IMDb's own form."""

from datalake.sources.source import FileSpec

BASICS = FileSpec("title.basics.tsv.gz", "Raw/IMDb/TSV/TitleBasics", has_ids=True)
RATINGS = FileSpec("title.ratings.tsv.gz", "Raw/IMDb/TSV/TitleRatings")
PRINCIPALS = FileSpec("title.principals.tsv.gz", "Raw/IMDb/TSV/TitlePrincipals")
CREW = FileSpec("title.crew.tsv.gz", "Raw/IMDb/TSV/TitleCrew")
EPISODE = FileSpec("title.episode.tsv.gz", "Raw/IMDb/TSV/TitleEpisode")
NAMES = FileSpec("name.basics.tsv.gz", "Raw/IMDb/TSV/NameBasics")

# Padded to 7 digits and no further, so that a number is one id; 18 digits fit a BIGINT.
_NUMBER = r"(\d{7}|[1-9]\d{7,17})"
TITLE_ID = rf"tt{_NUMBER}"
PERSON_ID = rf"nm{_NUMBER}"

COLUMNS: dict[FileSpec, tuple[str, ...]] = {
    BASICS: (
        *("tconst", "titleType", "primaryTitle", "originalTitle", "isAdult"),
        *("startYear", "endYear", "runtimeMinutes", "genres"),
    ),
    RATINGS: ("tconst", "averageRating", "numVotes"),
    PRINCIPALS: ("tconst", "ordering", "nconst", "category", "job", "characters"),
    CREW: ("tconst", "directors", "writers"),
    EPISODE: ("tconst", "parentTconst", "seasonNumber", "episodeNumber"),
    NAMES: (
        *("nconst", "primaryName", "birthYear", "deathYear"),
        *("primaryProfession", "knownForTitles"),
    ),
}
FILES = tuple(COLUMNS)
