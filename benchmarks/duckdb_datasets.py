"""The same tables of IMDb's datasets by DuckDB alone: python duckdb_datasets.py SOURCE OUT.

It reads the six files with quoting off, keeps films and series, joins, types every column, drops
exact duplicates, a title's second row of crew, and ids without a row, and writes zstd Parquet with
the same keys; it prints the rows by table. It lacks what makes a lake: rules and quarantine, the
accounts of each file's rows, checks of keys, commits, history, TMDB.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb

_SETUP = r"""
    SET threads = 2; SET preserve_insertion_order = false;
    CREATE MACRO hashed(text) AS
        CASE WHEN text IS NULL THEN 0 ELSE ('0x' || md5(text)[:15])::BIGINT END;
    CREATE MACRO decade_of(year) AS year - year % 10;
    CREATE MACRO tsv(file) AS TABLE SELECT * FROM read_csv(
        getvariable('source') || '/' || file || '.tsv.gz', delim = '\t', header = true,
        quote = '', escape = '', nullstr = '\N', all_varchar = true);
    CREATE TEMP TABLE basics AS SELECT * FROM tsv('title.basics');
    CREATE TEMP TABLE ratings AS SELECT DISTINCT tconst, averageRating::DOUBLE AS imdb_rating,
        try_cast(numVotes::BIGINT AS INT) AS imdb_votes FROM tsv('title.ratings');
"""
_TRUSTED = {
    "titles": """
        SELECT DISTINCT tconst AS title_id,
            CASE WHEN titleType = 'movie' THEN 'movie' ELSE 'series' END AS kind,
            titleType AS title_type, primaryTitle AS primary_title,
            originalTitle AS original_title, try_cast(startYear AS INT) AS start_year,
            try_cast(endYear AS INT) AS end_year,
            try_cast(runtimeMinutes AS INT) AS runtime_minutes,
            string_split(genres, ',') AS genres, isAdult = '1' AS is_adult,
            imdb_rating, imdb_votes
        FROM basics LEFT JOIN ratings USING (tconst)
        WHERE titleType IN ('movie', 'tvSeries', 'tvMiniSeries')""",
    "names": """
        SELECT DISTINCT nconst AS person_id, primaryName AS name,
            try_cast(birthYear AS INT) AS birth_year, try_cast(deathYear AS INT) AS death_year,
            string_split(primaryProfession, ',') AS professions,
            string_split(knownForTitles, ',') AS known_for
        FROM tsv('name.basics')""",
    "principals": """
        SELECT DISTINCT tconst AS title_id, nconst AS person_id, ordering::INT AS ordering,
            category AS job, job AS job_text, characters
        FROM tsv('title.principals')
        SEMI JOIN titles ON tconst = title_id
        SEMI JOIN names ON nconst = person_id""",
    "crew": """
        WITH lists AS (
            SELECT tconst, unnest([
                {'job': 'director', 'people': string_split(directors, ',')},
                {'job': 'writer', 'people': string_split(writers, ',')}], recursive := true)
            FROM (SELECT DISTINCT ON (tconst) * FROM tsv('title.crew')
                SEMI JOIN titles ON tconst = title_id
                ORDER BY tconst, coalesce(directors, '\\N'), coalesce(writers, '\\N')))
        SELECT DISTINCT title_id, person_id, job
        FROM (SELECT tconst AS title_id, job, unnest(people) AS person_id FROM lists)
        SEMI JOIN names USING (person_id)
        ANTI JOIN principals USING (title_id, person_id, job)""",
    "credits": """
        SELECT * REPLACE (from_json(characters, '["VARCHAR"]') AS characters) FROM principals
        UNION ALL BY NAME FROM crew""",
    "episodes": """
        SELECT DISTINCT e.tconst AS episode_id, parentTconst AS series_id,
            try_cast(seasonNumber AS INT) AS season_number,
            try_cast(episodeNumber AS INT) AS episode_number,
            try_cast(startYear AS INT) AS start_year, imdb_rating, imdb_votes
        FROM tsv('title.episode') e
        JOIN (SELECT title_id FROM titles WHERE kind = 'series') s ON parentTconst = s.title_id
        JOIN basics USING (tconst) LEFT JOIN ratings USING (tconst)""",
    "persons": """
        SELECT * FROM names
        SEMI JOIN (SELECT person_id FROM credits) USING (person_id)""",
}
_NOT_WRITTEN = ("names", "principals", "crew")
_SEASONS = """
    CREATE TEMP TABLE seasons AS
    SELECT series_id AS title_id, season_number, count(*)::INT AS episodes,
        min(start_year) AS air_year
    FROM episodes GROUP BY ALL
"""
_REFINED = {
    "dim_title": """
        SELECT hashed(title_id) AS title_key, title_id, kind, title_type, is_adult,
            primary_title, original_title, start_year, end_year, decade_of(start_year) AS decade,
            coalesce(list_has_any(genres, ['Crime', 'War']), false) AS in_scope
        FROM titles
        UNION ALL BY NAME
        SELECT 0 AS title_key, '(unknown)' AS primary_title, false AS in_scope""",
    "dim_person": """
        SELECT hashed(person_id) AS person_key, person_id, name, birth_year, death_year
        FROM persons
        UNION ALL BY NAME SELECT 0 AS person_key, '(unknown)' AS name""",
    "dim_genre": """
        SELECT DISTINCT hashed(genre) AS genre_key, genre, genre IN ('Crime', 'War') AS in_scope
        FROM (SELECT unnest(genres) AS genre FROM titles)
        UNION ALL BY NAME SELECT 0 AS genre_key, '(unknown)' AS genre, false AS in_scope""",
    "dim_year": """
        WITH used AS (
            SELECT unnest([start_year, end_year]) AS year FROM titles
            UNION ALL SELECT air_year FROM seasons WHERE season_number IS NOT NULL)
        SELECT year AS year_key, year, decade_of(year) AS decade, ceil(year / 100)::INT AS century
        FROM (SELECT unnest(range(min(year), max(year) + 1))::INT AS year FROM used)
        UNION ALL BY NAME SELECT 0 AS year_key""",
    "bridge_title_genre": """
        SELECT title_key, hashed(genre) AS genre_key, weight
        FROM (SELECT title_key, unnest(genres) AS genre, 1 / len(genres) AS weight FROM (
            SELECT hashed(title_id) AS title_key, coalesce(list_distinct(genres), [NULL]) AS genres
            FROM titles))""",
    "fact_title": """
        SELECT hashed(title_id) AS title_key, coalesce(start_year, 0) AS start_year_key,
            coalesce(end_year, 0) AS end_year_key, imdb_rating, imdb_votes, runtime_minutes,
            s.seasons, s.episodes, CASE WHEN kind = 'series' AND end_year >= start_year
                THEN end_year - start_year + 1 END AS years_on_air
        FROM titles LEFT JOIN (
            SELECT title_id, nullif(count(season_number), 0)::INT AS seasons,
                sum(episodes)::INT AS episodes
            FROM seasons WHERE season_number IS NULL OR season_number > 0 GROUP BY ALL) s
        USING (title_id)""",
    "fact_credit": """
        SELECT hashed(title_id) AS title_key, hashed(person_id) AS person_key,
            CASE WHEN job IN ('actor', 'actress') THEN 'actor'
                WHEN job = 'writer' AND lower(job_text) IN
                    ('creator', 'co-creator', 'created by', 'co-created by') THEN 'creator'
                ELSE lower(job) END AS role,
            min(ordering) AS imdb_order, true AS on_imdb, false AS on_tmdb
        FROM credits GROUP BY ALL""",
    "fact_season": """
        SELECT hashed(title_id) AS title_key, season_number, coalesce(air_year, 0) AS air_year_key,
            episodes, season_number = 0 AS is_special, 'imdb' AS source
        FROM seasons WHERE season_number IS NOT NULL""",
}


def build(source: Path) -> duckdb.DuckDBPyConnection:
    """A database with Trusted's tables, and `seasons`, of the files in the folder."""
    database = duckdb.connect()
    database.execute("SET VARIABLE source = ?", [str(source)])
    database.execute(_SETUP)
    for name, query in _TRUSTED.items():
        database.execute(f"CREATE TEMP TABLE {name} AS {query}")
    database.execute(_SEASONS)
    return database


def queries() -> Iterator[tuple[str, str]]:
    """Layer and name of each table that the lake has, too, and the query for its rows."""
    for name in _TRUSTED:
        if name not in _NOT_WRITTEN:
            yield f"Trusted.{name}", f"SELECT * FROM {name}"
    yield from ((f"Refined.{name}", query) for name, query in _REFINED.items())


def main(source: Path, out: Path) -> dict[str, int]:
    """Write each table to `out` as Parquet; return the number of rows by table."""
    out.mkdir(parents=True, exist_ok=True)
    with build(source) as database:
        return {name: _write(database, query, out / name) for name, query in queries()}


def _write(database: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    copy = f"COPY ({query}) TO '{path}.parquet' (COMPRESSION zstd)"
    written = database.execute(copy).fetchone()
    return int(written[0]) if written else 0


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
