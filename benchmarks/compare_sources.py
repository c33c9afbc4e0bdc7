"""Two lakes of the same films, one of the CSVs and one of the datasets, compared table by table:

python compare_sources.py CSV_LAKE DATASETS_LAKE

The CSVs' films decide which rows of the datasets' lake are compared. Of each table and each column
that both sources fill it prints the rows, and how many differ; rows with their columns run together
are compared as bags.
"""

import sys
from collections.abc import Iterator

import duckdb

from datalake import table_files

_TITLE_COLUMNS = (
    *("primary_title", "original_title", "start_year", "runtime_minutes", "genres"),
    *("imdb_rating", "imdb_votes"),
)
_STAR_COLUMNS = ("primary_title", "original_title", "start_year", "decade", "in_scope")
_FACT_COLUMNS = ("start_year_key", "imdb_rating", "imdb_votes", "runtime_minutes")
_CREDITS = {
    "csv": "SELECT title_id, name, birth_year, death_year, job, character FROM csv_credits",
    # The CSVs run characters together and lose their quotes and backslashes.
    "datasets": r"""
        SELECT title_id, p.name, p.birth_year, p.death_year, job,
            nullif(regexp_replace(
                array_to_string(characters, ' '), '["\\]', '', 'g'), '') AS character
        FROM datasets_credits c JOIN datasets_persons p USING (person_id)
        WHERE job IN ('actor', 'actress') AND ordering IS NOT NULL
            AND title_id IN (SELECT title_id FROM csv_titles WHERE kind = 'movie')
    """,
}


def main() -> None:
    """Print a line per table and column."""
    lakes = dict(zip(("csv", "datasets"), sys.argv[1:3], strict=True))
    database = duckdb.connect()
    for source, lake in lakes.items():
        for layer, table in (
            *(("Trusted", name) for name in ("titles", "credits", "persons")),
            *(("Refined", name) for name in ("dim_title", "dim_genre", "bridge_title_genre")),
            ("Refined", "fact_title"),
        ):
            files = table_files(lake, f"{layer}.{table}")
            rows = database.read_parquet(files) if files else None
            if rows is not None:
                rows.create_view(f"{source}_{table}")
    for line in (*_titles(database), *_credits(database), *_genres(database)):
        print(line, flush=True)


def _titles(database: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for table, key, columns in (
        ("titles", "title_id", _TITLE_COLUMNS),
        ("dim_title", "title_key", _STAR_COLUMNS),
        ("fact_title", "title_key", _FACT_COLUMNS),
    ):
        films = "title_key IN (SELECT title_key FROM csv_dim_title WHERE kind = 'movie')"
        where = "kind = 'movie'" if key == "title_id" else films
        pairs = f"(SELECT * FROM csv_{table} WHERE {where}) c LEFT JOIN datasets_{table} d"
        differ = ", ".join(
            f"count(*) FILTER (d.{key} IS NOT NULL AND c.{name} IS DISTINCT FROM d.{name})"
            for name in columns
        )
        counts = f"count(*), count(*) FILTER (d.{key} IS NULL), {differ}"
        rows, missing, *different = (
            database.execute(f"SELECT {counts} FROM {pairs} USING ({key})").fetchone() or ()
        )
        yield f"{table}: {rows:,} rows, {missing:,} of them not in the datasets' lake"
        for name, count in zip(columns, different, strict=True):
            yield f"  {name}: {count:,} differ"


def _credits(database: duckdb.DuckDBPyConnection) -> Iterator[str]:
    films = "title_id IN (SELECT title_id FROM csv_titles WHERE kind = 'movie')"
    database.execute(f"CREATE TEMP TABLE of_csv AS {_CREDITS['csv']} WHERE {films}")
    database.execute(f"CREATE TEMP TABLE of_datasets AS {_CREDITS['datasets']}")
    for columns in (
        "title_id, name, job",
        "title_id, name, birth_year, death_year, job",
        "title_id, name, birth_year, death_year, job, replace(character, ' ', '')",
    ):
        csv_alone, datasets_alone = (
            database.execute(
                f"SELECT count(*) FROM (SELECT {columns} FROM {left} EXCEPT ALL"
                f" SELECT {columns} FROM {right})"
            ).fetchall()[0][0]
            for left, right in (("of_csv", "of_datasets"), ("of_datasets", "of_csv"))
        )
        counts = f"{csv_alone:,} in the CSVs' lake alone, {datasets_alone:,} in the other alone"
        yield f"credits by {columns}: {counts}"
    total = [
        database.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
        for name in ("of_csv", "of_datasets")
    ]
    yield f"credits: {total[0]:,} and {total[1]:,} rows"


def _genres(database: duckdb.DuckDBPyConnection) -> Iterator[str]:
    film_genres = """
        SELECT title_key, genre FROM {0}_bridge_title_genre JOIN {0}_dim_genre USING (genre_key)
        WHERE title_key IN (SELECT title_key FROM csv_dim_title WHERE kind = 'movie')
    """
    for source, other in (("csv", "datasets"), ("datasets", "csv")):
        alone = f"({film_genres.format(source)} EXCEPT {film_genres.format(other)})"
        count = database.execute(f"SELECT count(*) FROM {alone}").fetchall()[0][0]
        yield f"bridge_title_genre: {count:,} genres of films in the lake of {source} alone"


if __name__ == "__main__":
    main()
