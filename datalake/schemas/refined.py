"""Refined: the star schema. Keys are 60-bit hashes of natural keys; 0 is the unknown member."""

from datalake.schemas.table import Table, columns

DIM_TITLE = Table(
    "Refined",
    "dim_title",
    "One row per title, films and series alike.",
    key=("title_key",),
    columns=columns(
        ("title_key", "long", "Key: hash of title_id; 0 is the unknown title"),
        ("title_id", "string", "IMDb id"),
        ("tmdb_id", "long", "TMDB id; null where TMDB was not asked or has none"),
        ("kind", "string", "movie or series"),
        ("title_type", "string", "IMDb's own type: movie, tvSeries, …; null from the CSVs"),
        ("is_adult", "boolean", "IMDb's mark of adult titles; null from the CSVs"),
        ("primary_title", "string", "Title as best known"),
        ("original_title", "string", "Title in its original language"),
        ("original_language", "string", "ISO 639-1 code, from TMDB"),
        ("status", "string", "Released, Ended, Canceled, …, from TMDB"),
        ("release_date", "date", "First release or first air date, from TMDB"),
        ("collection_id", "long", "TMDB id of the film's collection (franchise); null without"),
        ("start_year", "int", "Year of release; of a series, of its first season"),
        ("end_year", "int", "Year a series ended"),
        ("decade", "int", "First year of the decade of start_year"),
        ("in_scope", "boolean", "Of one of the genres the lake was built for"),
    ),
)

DIM_PERSON = Table(
    "Refined",
    "dim_person",
    "One row per person: by IMDb's id where there is one, else TMDB's, else name and birth year.",
    key=("person_key",),
    columns=columns(
        ("person_key", "long", "Key: hash of IMDb's id, else TMDB's, else name and birth year"),
        ("person_id", "string", "IMDb id of the person; null from the CSVs, and of TMDB's others"),
        ("tmdb_person_id", "long", "TMDB person id, where known"),
        ("name", "string", "The person's name"),
        ("birth_year", "int", "Year of birth; null where unknown or where sources disagree"),
        ("death_year", "int", "Year of death; null where unknown or where sources disagree"),
    ),
)

DIM_GENRE = Table(
    "Refined",
    "dim_genre",
    "One row per IMDb genre.",
    key=("genre_key",),
    columns=columns(
        ("genre_key", "long", "Key: hash of the name; 0 is the unknown genre"),
        ("genre", "string", "English name"),
        ("in_scope", "boolean", "One of the genres the lake was built for"),
    ),
)

DIM_YEAR = Table(
    "Refined",
    "dim_year",
    "One row per calendar year.",
    key=("year_key",),
    columns=columns(
        ("year_key", "int", "The year itself; 0 is the unknown year"),
        ("year", "int", "Calendar year; null for the unknown year"),
        ("decade", "int", "First year of its decade"),
        ("century", "int", "Century, 20 for 1901 to 2000"),
    ),
)

BRIDGE_TITLE_GENRE = Table(
    "Refined",
    "bridge_title_genre",
    "One row per title × genre.",
    key=("title_key", "genre_key"),
    columns=columns(
        ("title_key", "long", "The title"),
        ("genre_key", "long", "The genre"),
        (
            "weight",
            "double",
            "1 / genres of the title: a measure times weight adds up to the whole",
        ),
    ),
)

FACT_TITLE = Table(
    "Refined",
    "fact_title",
    "One row per title and load.",
    key=("title_key", "load_date"),
    partitioned_by=("load_date",),
    columns=columns(
        ("load_date", "date", "Day of the newest source the load was built from"),
        ("title_key", "long", "The title"),
        ("start_year_key", "int", "Year of release"),
        ("end_year_key", "int", "Year a series ended"),
        ("imdb_rating", "double", "Mean IMDb rating, 1 to 10"),
        ("imdb_votes", "int", "Number of IMDb votes"),
        ("tmdb_rating", "double", "Mean TMDB rating, 0.5 to 10"),
        ("tmdb_votes", "int", "Number of TMDB votes"),
        ("popularity", "double", "TMDB popularity"),
        ("budget", "long", "Budget in US dollars; films only"),
        ("revenue", "long", "Revenue in US dollars; films only"),
        ("runtime_minutes", "int", "Length in minutes: IMDb's, else TMDB's"),
        ("seasons", "int", "Seasons, specials left out, TMDB's or else IMDb's; series only"),
        ("episodes", "int", "Episodes, specials left out, TMDB's or else IMDb's; series only"),
        ("years_on_air", "int", "First to last year on air, both counted; series only"),
        ("imdb_day", "date", "Day IMDb's newest file of this load came to Raw"),
        ("fetched_at", "timestamp", "When TMDB responded, UTC; null without a response"),
    ),
)

FACT_CREDIT = Table(
    "Refined",
    "fact_credit",
    "One row per title × person × role.",
    key=("title_key", "person_key", "role"),
    columns=columns(
        ("title_key", "long", "The title"),
        ("person_key", "long", "The person"),
        (
            "role",
            "string",
            "actor, creator (a writer whose job on IMDb is that), director, writer, or another job",
        ),
        ("cast_order", "int", "Place in TMDB's billing, 0 is first"),
        ("imdb_order", "int", "Place among IMDb's principals, 1 is first; null from the CSVs"),
        ("episodes", "int", "Episodes in that role, from TMDB"),
        ("on_imdb", "boolean", "The IMDb file has this credit"),
        ("on_tmdb", "boolean", "TMDB has this credit"),
    ),
)

FACT_SEASON = Table(
    "Refined",
    "fact_season",
    "One row per series × season; season 0 holds the specials.",
    key=("title_key", "season_number"),
    columns=columns(
        ("title_key", "long", "The series"),
        ("season_number", "int", "Season number; 0 is Specials"),
        ("air_year_key", "int", "Year the season began"),
        ("episodes", "int", "Episodes in the season"),
        ("is_special", "boolean", "Season 0"),
        ("source", "string", "tmdb, or imdb where TMDB has no season of the series"),
    ),
)

REFINED = (
    DIM_TITLE,
    DIM_PERSON,
    DIM_GENRE,
    DIM_YEAR,
    BRIDGE_TITLE_GENRE,
    FACT_TITLE,
    FACT_CREDIT,
    FACT_SEASON,
)
