"""The same tables by DuckDB alone: python duckdb_baseline.py SOURCE OUT; prints rows by table.

It reads both files with quoting off, drops exact duplicates, types every column, rejects rows
that break a rule, and writes zstd Parquet with the same keys. It lacks what makes a lake:
the reasons of a rejection, a vote among conflicting rows, checks of keys, commits, history, TMDB.
"""

import json
import sys
from pathlib import Path

import duckdb

_MACROS = r"""
    CREATE MACRO cell(text) AS nullif(nullif(text, '\N'), '');
    CREATE MACRO fits(text, value, lowest, highest) AS
        text IS NULL OR coalesce(value BETWEEN lowest AND highest, false);
    CREATE MACRO hashed(text) AS
        CASE WHEN text IS NULL THEN 0 ELSE ('0x' || md5(text)[:15])::BIGINT END;
    CREATE MACRO decade_of(year) AS year - year % 10;
"""
_LINES = """
    CREATE TEMP TABLE lines AS
    SELECT DISTINCT 'movie' AS kind, * FROM read_csv(
        '{source}/movies.csv', delim='|', header=true, quote='', escape='', all_varchar=true)
    UNION ALL BY NAME
    SELECT DISTINCT 'series' AS kind, * FROM read_csv(
        '{source}/series.csv', delim='|', header=true, quote='', escape='', all_varchar=true)
"""
_ROWS = r"""
    CREATE TEMP TABLE rows AS
    WITH texts AS (SELECT kind, cell(COLUMNS(* EXCLUDE kind)) FROM lines), typed AS (
        SELECT *, id AS title_id, tituloPincipal AS primary_title,
            tituloOriginal AS original_title,
            try_cast(anoLancamento AS INT) AS start_year,
            try_cast(anoTermino AS INT) AS end_year,
            try_cast(tempoMinutos AS INT) AS runtime_minutes,
            genero AS genre_text,
            try_cast(notaMedia AS DOUBLE) AS imdb_rating,
            try_cast(numeroVotos AS INT) AS imdb_votes,
            nomeArtista AS name,
            try_cast(anoNascimento AS INT) AS birth_year,
            try_cast(anoFalecimento AS INT) AS death_year,
            generoArtista AS job, personagem AS character,
            string_split(profissao, ',') AS professions,
            string_split(titulosMaisConhecidos, ',') AS known_for
        FROM texts)
    SELECT kind, title_id, primary_title, original_title, start_year, end_year,
        runtime_minutes, genre_text, imdb_rating, imdb_votes, name, birth_year, death_year,
        job, character, professions, known_for,
        hashed(title_id) AS title_key,
        CASE WHEN name IS NULL THEN 0 ELSE hashed(
            concat_ws(chr(31), name, coalesce(birth_year::VARCHAR, ''))) END AS person_key
    FROM typed
    WHERE regexp_full_match(title_id, 'tt\d{7,}') AND primary_title IS NOT NULL
        AND fits(anoLancamento, start_year, 1870, 2031)
        AND fits(anoTermino, end_year, 1870, 2031)
        AND fits(tempoMinutos, runtime_minutes, 1, 100000)
        AND fits(notaMedia, imdb_rating, 1, 10)
        AND fits(numeroVotos, imdb_votes, 0, 2000000000)
        AND fits(anoNascimento, birth_year, 1, 2031)
        AND fits(anoFalecimento, death_year, 1, 2031)
        AND coalesce(regexp_full_match(titulosMaisConhecidos, 'tt\d{7,}(,tt\d{7,})*'), true)
"""
_HEADS = """
    CREATE TEMP TABLE heads AS
    SELECT DISTINCT kind, title_id, primary_title, original_title, start_year, end_year,
        runtime_minutes, genre_text, imdb_rating, imdb_votes, title_key
    FROM rows
"""
_TABLES = {
    "Trusted.titles": """
        SELECT * EXCLUDE (genre_text, title_key), string_split(genre_text, ',') AS genres
        FROM heads""",
    "Trusted.credits": """
        SELECT title_id, name, birth_year, death_year, job, character, professions, known_for
        FROM rows""",
    "Refined.dim_title": """
        SELECT title_key, title_id, kind, primary_title, original_title, start_year, end_year,
            decade_of(start_year) AS decade, coalesce(list_has_any(
                string_split(genre_text, ','), ['Crime', 'War']), false) AS in_scope
        FROM heads
        UNION ALL BY NAME
        SELECT 0 AS title_key, '(unknown)' AS primary_title, false AS in_scope""",
    "Refined.dim_person": """
        SELECT person_key, name, birth_year,
            CASE WHEN min(death_year) = max(death_year) THEN min(death_year) END AS death_year
        FROM rows WHERE name IS NOT NULL GROUP BY person_key, name, birth_year
        UNION ALL BY NAME SELECT 0 AS person_key, '(unknown)' AS name""",
    "Refined.dim_genre": """
        SELECT DISTINCT hashed(genre) AS genre_key, genre, genre IN ('Crime', 'War') AS in_scope
        FROM (SELECT unnest(string_split(genre_text, ',')) AS genre FROM heads)
        UNION ALL BY NAME SELECT 0 AS genre_key, '(unknown)' AS genre, false AS in_scope""",
    "Refined.dim_year": """
        WITH used AS (SELECT unnest([start_year, end_year]) AS year FROM heads)
        SELECT year AS year_key, year, decade_of(year) AS decade, ceil(year / 100)::INT AS century
        FROM (SELECT unnest(range(min(year), max(year) + 1))::INT AS year FROM used)
        UNION ALL BY NAME SELECT 0 AS year_key""",
    "Refined.bridge_title_genre": """
        SELECT title_key, hashed(genre) AS genre_key, weight
        FROM (SELECT title_key, unnest(genres) AS genre, 1 / len(genres) AS weight FROM (
            SELECT title_key, coalesce(list_distinct(string_split(genre_text, ',')), [NULL])
                AS genres FROM heads))""",
    "Refined.fact_title": """
        SELECT current_date AS load_date, title_key, coalesce(start_year, 0) AS start_year_key,
            coalesce(end_year, 0) AS end_year_key, imdb_rating, imdb_votes, runtime_minutes,
            CASE WHEN kind = 'series' AND end_year >= start_year
                THEN end_year - start_year + 1 END AS years_on_air
        FROM heads""",
    "Refined.fact_credit": """
        SELECT title_key, person_key, CASE WHEN job IN ('actor', 'actress') THEN 'actor'
            ELSE coalesce(lower(job), 'unknown') END AS role, true AS on_imdb, false AS on_tmdb
        FROM rows GROUP BY ALL""",
}


def main(source: Path, out: Path) -> dict[str, int]:
    """Write each table to `out` as Parquet; return the number of rows by table."""
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as db:
        db.execute("SET memory_limit = '4GB'; SET preserve_insertion_order = false")
        db.execute(_MACROS)
        for statement in (_LINES, _ROWS, _HEADS):
            db.execute(statement.format(source=source) if statement is _LINES else statement)
        return {name: _write(db, query, out / name) for name, query in _TABLES.items()}


def _write(db: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    written = db.execute(f"COPY ({query}) TO '{path}.parquet' (COMPRESSION zstd)").fetchone()
    return int(written[0]) if written else 0


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
