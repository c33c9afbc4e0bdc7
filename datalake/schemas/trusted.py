"""Trusted: what the sources say, cleaned and typed; IMDb and TMDB each in tables of their own."""

from datalake.schemas.table import Table, columns

TITLES = Table(
    "Trusted",
    "titles",
    "One row per title of the source files.",
    key=("title_id",),
    columns=columns(
        ("title_id", "string", "IMDb id, tt and seven digits or more"),
        ("kind", "string", "movie or series: by the file it came from, or by title_type"),
        ("title_type", "string", "IMDb's own type: movie, tvSeries, …; null from the CSVs"),
        ("primary_title", "string", "Title as best known"),
        ("original_title", "string", "Title in its original language"),
        ("start_year", "int", "Year of release; of a series, of its first season"),
        ("end_year", "int", "Year a series ended; null for films, and while it runs"),
        ("runtime_minutes", "int", "Length in minutes; of a series, of an episode or the whole"),
        ("genres", "array<string>", "IMDb's genre names, English, alphabetical, 1 to 3"),
        ("is_adult", "boolean", "IMDb's mark of adult titles; null from the CSVs"),
        ("imdb_rating", "double", "Mean IMDb rating, 1 to 10; null without votes"),
        ("imdb_votes", "int", "Number of IMDb votes"),
        ("snapshot", "string", "The ingested file: name@day#start of its SHA-256"),
    ),
)

CREDITS = Table(
    "Trusted",
    "credits",
    "One row per title × person × job × character, as in the files less exact duplicates.",
    key=(),
    columns=columns(
        ("title_id", "string", "IMDb id of the title"),
        ("person_id", "string", "IMDb id of the person, nm and seven digits; null from the CSVs"),
        ("ordering", "int", "Place among the title's principals; null from crew and the CSVs"),
        ("name", "string", "The artist's name, where the source has no person id; else in persons"),
        ("birth_year", "int", "Year of birth, where known and the source has no person id"),
        ("death_year", "int", "Year of death, where known and the source has no person id"),
        ("job", "string", "IMDb's category: actor, actress, director, writer, self, …"),
        ("job_text", "string", "What exactly the person did, such as: screenplay by"),
        ("character", "string", "Characters played, run together by the CSVs"),
        ("characters", "array<string>", "Characters played, one by one; null from the CSVs"),
        ("professions", "array<string>", "The artist's professions; with a person id in persons"),
        ("known_for", "array<string>", "Titles the artist is known for; likewise"),
    ),
)

EPISODES = Table(
    "Trusted",
    "episodes",
    "One row per episode of the lake's series; empty from the CSVs.",
    key=("episode_id",),
    columns=columns(
        ("episode_id", "string", "IMDb id of the episode"),
        ("series_id", "string", "IMDb id of its series"),
        ("season_number", "int", "Season number; null where IMDb has none"),
        ("episode_number", "int", "Number within the season; null where IMDb has none"),
        ("start_year", "int", "Year it was first shown"),
        ("imdb_rating", "double", "Mean IMDb rating, 1 to 10; null without votes"),
        ("imdb_votes", "int", "Number of IMDb votes"),
    ),
)

PERSONS = Table(
    "Trusted",
    "persons",
    "One row per person of credits who has an IMDb id; empty from the CSVs.",
    key=("person_id",),
    columns=columns(
        ("person_id", "string", "IMDb id, nm and seven digits or more"),
        ("name", "string", "The person's name"),
        ("birth_year", "int", "Year of birth, where known"),
        ("death_year", "int", "Year of death, where known"),
        ("professions", "array<string>", "The person's professions, 1 to 3"),
        ("known_for", "array<string>", "IMDb ids of the titles the person is best known for"),
    ),
)

TMDB_TITLES = Table(
    "Trusted",
    "tmdb_titles",
    "One row per title found on TMDB, from its newest response.",
    key=("title_id",),
    columns=columns(
        ("title_id", "string", "IMDb id that was asked for"),
        ("kind", "string", "movie or series"),
        ("tmdb_id", "long", "TMDB id, unique within its kind"),
        ("title", "string", "Title on TMDB"),
        ("original_language", "string", "ISO 639-1 code"),
        ("release_date", "date", "First release; of a series, first air date"),
        ("last_air_date", "date", "Last air date of a series"),
        ("runtime_minutes", "int", "Length in minutes; of a series, of a typical episode"),
        ("budget", "long", "Budget in US dollars; films only"),
        ("revenue", "long", "Revenue in US dollars; films only"),
        ("popularity", "double", "TMDB popularity on the day it was fetched"),
        ("tmdb_rating", "double", "Mean TMDB rating, 0.5 to 10; null without votes"),
        ("tmdb_votes", "int", "Number of TMDB votes"),
        ("status", "string", "Released, Ended, Canceled, …"),
        ("genres", "array<string>", "TMDB's genre names"),
        ("collection_id", "long", "TMDB id of the film's collection (franchise); null without"),
        ("seasons", "int", "Seasons, specials left out; series only"),
        ("episodes", "int", "Episodes, specials left out; series only"),
        ("fetched_at", "timestamp", "When TMDB responded, UTC"),
    ),
)

TMDB_CREDITS = Table(
    "Trusted",
    "tmdb_credits",
    "One row per title × person × role on TMDB.",
    key=("title_id", "tmdb_person_id", "role"),
    columns=columns(
        ("title_id", "string", "IMDb id of the title"),
        ("tmdb_person_id", "long", "TMDB person id"),
        ("name", "string", "The person's name on TMDB"),
        ("role", "string", "actor, creator, or the crew job in lower case: director, writer, …"),
        ("character", "string", "Characters played, joined by /; actors only"),
        ("cast_order", "int", "Place in the billing, 0 is first; actors only"),
        ("episodes", "int", "Episodes in that role; series only"),
    ),
)

TMDB_SEASONS = Table(
    "Trusted",
    "tmdb_seasons",
    "One row per series × season on TMDB; season 0 holds the specials.",
    key=("title_id", "season_number"),
    columns=columns(
        ("title_id", "string", "IMDb id of the series"),
        ("season_number", "int", "Season number; 0 is Specials"),
        ("name", "string", "The season's name"),
        ("air_date", "date", "First air date of the season"),
        ("episodes", "int", "Episodes in the season"),
    ),
)

QUARANTINE = Table(
    "Trusted",
    "quarantine",
    "One row per rejected row of a source, or TMDB response that lost a field.",
    key=(),
    columns=columns(
        ("source", "string", "Raw file the row came from"),
        ("snapshot", "string", "The ingested file, or the day of the TMDB response"),
        ("line", "string", "The line's text; bytes that aren't UTF-8 shown as U+FFFD"),
        (
            "reasons",
            "array<string>",
            "Why it was rejected: column and rule; a lost field's value too",
        ),
    ),
)

RECONCILIATION = Table(
    "Trusted",
    "reconciliation",
    "One row per source file: raw rows = trusted rows + filtered rows + exact duplicates"
    " + quarantined rows + dangling rows.",
    key=("source",),
    columns=columns(
        ("source", "string", "Name of the source file"),
        ("snapshot", "string", "The ingested file: name@day#start of its SHA-256"),
        ("day", "date", "Day the file was ingested"),
        ("raw_rows", "long", "Rows in Raw, the header left out"),
        ("trusted_rows", "long", "Rows that reached Trusted"),
        ("filtered_rows", "long", "Rows of titles, episodes and persons that the lake leaves out"),
        ("exact_duplicates", "long", "Rows dropped as copies of a row already there"),
        ("quarantined_rows", "long", "Rows in quarantine"),
        ("dangling_rows", "long", "Rows that name a title or person without a row of its own"),
        ("dangling_ids", "long", "Ids in title.crew's lists of persons without a row of their own"),
        ("titles", "long", "Titles those rows told of"),
        ("made_up", "boolean", "The file is of a made-up sample: nothing in it is real"),
    ),
)

TMDB_COVERAGE = Table(
    "Trusted",
    "tmdb_coverage",
    "One row per kind of title: answers = superseded + quarantined + the three outcomes.",
    key=("kind",),
    columns=columns(
        ("kind", "string", "movie or series"),
        ("in_scope", "long", "Titles of the genres the lake was built for"),
        ("answers", "long", "TMDB responses in Raw"),
        ("superseded", "long", "Responses with a newer one on the same title"),
        ("quarantined", "long", "Responses that could not be used"),
        ("found", "long", "Titles found"),
        ("not_found", "long", "Titles TMDB does not have"),
        ("other_kind", "long", "Titles TMDB has under the other kind only"),
        ("newest_answer", "timestamp", "When TMDB last responded, UTC"),
    ),
)

TRUSTED = (
    TITLES,
    CREDITS,
    EPISODES,
    PERSONS,
    TMDB_TITLES,
    TMDB_CREDITS,
    TMDB_SEASONS,
    TMDB_COVERAGE,
    QUARANTINE,
    RECONCILIATION,
)
