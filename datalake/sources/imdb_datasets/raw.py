"""The six files of the source, where they lie in Raw, and their columns in IMDb's own names."""

from datalake.sources.source import FileSpec

BASICS = FileSpec("title.basics.tsv.gz", "Raw/IMDb/TSV/TitleBasics", has_ids=True)
RATINGS = FileSpec("title.ratings.tsv.gz", "Raw/IMDb/TSV/TitleRatings")
PRINCIPALS = FileSpec("title.principals.tsv.gz", "Raw/IMDb/TSV/TitlePrincipals")
CREW = FileSpec("title.crew.tsv.gz", "Raw/IMDb/TSV/TitleCrew")
EPISODE = FileSpec("title.episode.tsv.gz", "Raw/IMDb/TSV/TitleEpisode")
NAMES = FileSpec("name.basics.tsv.gz", "Raw/IMDb/TSV/NameBasics")

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
