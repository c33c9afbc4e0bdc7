"""The same tables by plain Spark: python spark_baseline.py SOURCE OUT; prints rows by table.

What a careful script of one evening would be: CSV reader with quoting off, `distinct`, casts, and
Parquet files. It lacks what duckdb_baseline.py lacks, and starts the same Spark as `datalake`.
"""

import json
import os
import sys
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.columns import header
from datalake.sources.imdb_csv.raw import FILE_NAMES
from datalake.spark.java import java_home

_CELLS = {
    "title_id": "id",
    "primary_title": "tituloPincipal",
    "original_title": "tituloOriginal",
    "start_year": "try_cast(anoLancamento AS INT)",
    "end_year": "try_cast(anoTermino AS INT)",
    "runtime_minutes": "try_cast(tempoMinutos AS INT)",
    "genres": "split(genero, ',')",
    "imdb_rating": "try_cast(notaMedia AS DOUBLE)",
    "imdb_votes": "try_cast(numeroVotos AS INT)",
    "name": "nomeArtista",
    "birth_year": "try_cast(anoNascimento AS INT)",
    "death_year": "try_cast(anoFalecimento AS INT)",
    "job": "generoArtista",
    "character": "personagem",
    "professions": "split(profissao, ',')",
    "known_for": "split(titulosMaisConhecidos, ',')",
}
_TITLE = (
    "kind, title_id, primary_title, original_title, start_year, end_year, runtime_minutes,"
    " genres, imdb_rating, imdb_votes"
)


def _hashed(text: str) -> str:
    digits = f"CAST(conv(substring(md5({text}), 1, 15), 16, 10) AS BIGINT)"
    return f"CASE WHEN {text} IS NULL THEN 0 ELSE {digits} END"


_PERSON = _hashed("concat(name, chr(31), coalesce(CAST(birth_year AS STRING), ''))")
_ROLE = "CASE WHEN job IN ('actor', 'actress') THEN 'actor' ELSE coalesce(job, 'unknown') END"
_TABLES = {
    "Trusted.titles": "SELECT * FROM titles",
    "Trusted.credits": (
        "SELECT title_id, name, birth_year, death_year, job, character, professions, known_for"
        " FROM rows"
    ),
    "Refined.dim_title": f"""
        SELECT {_hashed("title_id")} AS title_key, title_id, kind, primary_title, original_title,
            start_year, end_year, start_year - start_year % 10 AS decade,
            coalesce(arrays_overlap(genres, array('Crime', 'War')), false) AS in_scope
        FROM titles
        UNION ALL SELECT 0, null, null, '(unknown)', null, null, null, null, false""",
    "Refined.dim_person": f"""
        SELECT {_PERSON} AS person_key, name, birth_year,
            CASE WHEN min(death_year) = max(death_year) THEN min(death_year) END AS death_year
        FROM rows WHERE name IS NOT NULL GROUP BY name, birth_year
        UNION ALL SELECT 0, '(unknown)', null, null""",
    "Refined.dim_genre": f"""
        SELECT DISTINCT {_hashed("genre")} AS genre_key, genre, genre IN ('Crime', 'War')
        AS in_scope FROM (SELECT explode(genres) AS genre FROM titles)
        UNION ALL SELECT 0, '(unknown)', false""",
    "Refined.dim_year": """
        WITH used AS (SELECT explode(array(start_year, end_year)) AS year FROM titles)
        SELECT year AS year_key, year, year - year % 10 AS decade
        FROM (SELECT explode(sequence(min(year), max(year))) AS year FROM used)
        UNION ALL SELECT 0, null, null""",
    "Refined.bridge_title_genre": f"""
        SELECT {_hashed("title_id")} AS title_key, {_hashed("genre")} AS genre_key, weight
        FROM (SELECT title_id, explode(coalesce(genres, array(CAST(null AS STRING)))) AS genre,
            1 / size(coalesce(genres, array(''))) AS weight FROM titles)""",
    "Refined.fact_title": f"""
        SELECT current_date AS load_date, {_hashed("title_id")} AS title_key,
            coalesce(start_year, 0) AS start_year_key, coalesce(end_year, 0) AS end_year_key,
            imdb_rating, imdb_votes, runtime_minutes,
            CASE WHEN kind = 'series' AND end_year >= start_year
                THEN end_year - start_year + 1 END AS years_on_air
        FROM titles""",
    "Refined.fact_credit": f"""
        SELECT DISTINCT {_hashed("title_id")} AS title_key, {_PERSON} AS person_key,
            {_ROLE} AS role, true AS on_imdb, false AS on_tmdb
        FROM rows""",
}


def main(source: Path, out: Path) -> dict[str, int]:
    """Write each table to `out` as Parquet; return the number of rows by table."""
    os.environ["JAVA_HOME"] = str(java_home(os.environ.get("JAVA_HOME")))
    spark = (
        SparkSession.builder.master("local[*]")
        .config("spark.driver.memory", "4g")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.parquet.compression.codec", "zstd")
        .getOrCreate()
    )
    rows = _typed(spark, source, Kind.MOVIE).unionByName(_typed(spark, source, Kind.SERIES))
    rows.persist().createOrReplaceTempView("rows")
    titles = rows.select(*_TITLE.split(", ")).distinct().persist()
    titles.createOrReplaceTempView("titles")
    written = {name: _write(spark.sql(query), out / name) for name, query in _TABLES.items()}
    spark.stop()
    return written


def _typed(spark: SparkSession, source: Path, kind: Kind) -> DataFrame:
    shape = ", ".join(f"{name} STRING" for name in header(kind))
    options: dict[str, str] = {"sep": "|", "header": "true", "quote": "", "escape": ""}
    reader = spark.read.options(**options, nullValue=r"\N", mode="PERMISSIVE").schema(shape)
    end = "" if kind is Kind.SERIES else "CAST(null AS STRING) AS anoTermino"
    texts = (
        reader.csv(str(source / FILE_NAMES[kind]))
        .distinct()
        .selectExpr("*", *([end] if end else []))
    )
    cells = [f"{cell} AS {name}" for name, cell in _CELLS.items()]
    return texts.selectExpr(f"'{kind.value}' AS kind", *cells)


def _write(rows: DataFrame, path: Path) -> int:
    rows.write.parquet(str(path))
    return rows.sparkSession.read.parquet(str(path)).count()


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
