"""The scripts that compare both sources: movies.csv rebuilt of the datasets, and two lakes."""

import importlib.util

import duckdb
import pytest
from support.dataset_files import write_datasets
from support.paths import ROOT

from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.columns import header
from datalake.sources.imdb_datasets.raw import BASICS, NAMES, PRINCIPALS, RATINGS


def module(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def test_movies_csv_is_rebuilt_by_its_recipe(tmp_path):
    rebuild = module("rebuild_csv").rebuild
    source = write_datasets(tmp_path / "imdb", {
        BASICS: [
            'tt0000001\tmovie\t"The Flight\tA "Fuga"\t0\t1999\t\\N\t90\tCrime,War',
            "tt0000002\tmovie\t\\N\t\\N\t0\t\\N\t\\N\t\\N\t\\N",
            "tt0000003\tmovie\tFew votes\tA\t0\t1999\t\\N\t90\tWar",
            "tt0000004\tmovie\tToo new\tA\t0\t2023\t\\N\t90\tWar",
            "tt0000005\ttvMovie\tNo film\tA\t0\t1999\t\\N\t90\tWar",
            "tt0000006\tmovie\tNot chosen\tA\t0\t1999\t\\N\t90\tWar",
            "tt0000007\tmovie\tNot rated\tA\t0\t1999\t\\N\t90\tWar",
            "tt0000008\tmovie\tNobody acts\tA\t0\t2022\t\\N\t90\tWar",
        ],
        RATINGS: [f"tt000000{n}\t7.1\t{4 if n == 3 else 5}" for n in (1, 2, 3, 4, 5, 6, 8)],
        PRINCIPALS: [
            'tt0000001\t1\tnm0000001\tactress\t\\N\t["Inês \\"Ina\\"","Mãe"]',
            "tt0000001\t2\tnm0000002\tactor\t\\N\t\\N",  # who has no row
            "tt0000001\t3\tnm0000001\tdirector\t\\N\t\\N",
            *(f"tt000000{n}\t1\tnm0000001\tactor\t\\N\t\\N" for n in range(2, 8)),
            "tt0000008\t1\tnm0000001\tself\t\\N\t\\N",
        ],
        NAMES: ["nm0000001\tAna Souza\t1970\t\\N\tactress,producer\ttt0000001,tt0000002"],
    })  # fmt: skip
    titles = tmp_path / "titles.csv"
    chosen = (f"tt000000{n}|Any" for n in range(1, 9) if n != 6)
    titles.write_text("\n".join(["id|tituloPincipal", *chosen, ""]))
    assert rebuild(source, titles, tmp_path / "out") == (3, 2, 1, 1)
    ana = r"Ana Souza|1970|\N|actress,producer|tt0000001,tt0000002"
    assert (tmp_path / "out" / "movies.csv").read_text(encoding="utf-8").splitlines() == [
        "|".join(header(Kind.MOVIE)),
        r"tt0000001|The Flight|A Fuga|1999|90|Crime,War|7.1|5|actor|\N|\N|\N|\N|\N|\N",
        rf"tt0000001|The Flight|A Fuga|1999|90|Crime,War|7.1|5|actress|Inês InaMãe|{ana}",
        rf"tt0000002|\N|\N|\N|\N|\N|7.1|5|actor|\N|{ana}",
    ]


STAR = """
    SELECT hash(title_id) AS title_key, kind, primary_title, original_title, start_year,
        start_year // 10 * 10 AS decade, true AS in_scope FROM titles
"""
FACTS = """
    SELECT hash(title_id) AS title_key, start_year AS start_year_key, imdb_rating, imdb_votes,
        runtime_minutes FROM titles
"""
GENRES = "SELECT DISTINCT unnest(genres) AS genre, hash(unnest(genres)) AS genre_key FROM titles"
BRIDGE = "SELECT hash(title_id) AS title_key, hash(unnest(genres)) AS genre_key FROM titles"
CSV_TITLES = """
    FROM (VALUES
        ('t1', 'movie', 'Flight', 'Fuga', 1999, 90, ['Crime', 'War'], 7.1, 5),
        ('t2', 'movie', 'Borders', NULL, NULL, 80, ['War'], 6.0, 9),
        ('t3', 'movie', 'Gone', 'Gone', 2001, 80, ['War'], 6.0, 9),
        ('s1', 'series', 'Other', 'Other', 2001, 80, ['Crime'], 6.0, 9))
"""
OTHER_TITLES = """
    FROM (VALUES
        ('t1', 'movie', 'Flight', 'Fuga', 1999, 90, ['Crime', 'Drama'], 7.2, 6),
        ('t2', 'movie', 'Borders', NULL, 2000, 80, ['War'], 6.0, 9),
        ('t9', 'movie', 'More', 'More', 2001, 80, ['War'], 6.0, 9))
"""
TITLE_COLUMNS = """
    v(title_id, kind, primary_title, original_title, start_year, runtime_minutes, genres,
        imdb_rating, imdb_votes)
"""
CSV_CREDITS = """
    SELECT * FROM (VALUES
        ('t1', 'Ana', 1970, NULL, 'actress', 'Inês InaMãe'),
        ('t1', 'Rui', NULL, NULL, 'actor', NULL), ('t1', 'Rui', NULL, NULL, 'actor', NULL),
        ('t3', 'Rui', 1960, NULL, 'actor', NULL), ('s1', 'Eva', NULL, NULL, 'actress', NULL))
        v(title_id, name, birth_year, death_year, job, character)
"""
OTHER_CREDITS = r"""
    SELECT * FROM (VALUES
        ('t1', 'p1', 'actress', 1, ['Inês "Ina"', 'Mãe']), ('t1', 'p2', 'actor', 2, NULL),
        ('t1', 'p2', 'director', 3, NULL), ('t1', 'p3', 'actor', NULL, NULL),
        ('t9', 'p1', 'actress', 1, NULL))
        v(title_id, person_id, job, ordering, characters)
"""
OTHER_PERSONS = """
    SELECT * FROM (VALUES
        ('p1', 'Ana', 1970, NULL), ('p2', 'Rui', 1960, NULL), ('p3', 'Eva', NULL, NULL))
        v(person_id, name, birth_year, death_year)
"""


@pytest.fixture
def files(tmp_path):
    """Each lake's tables as files of Parquet, by lake and name."""
    lakes = {
        "csv": (CSV_TITLES, {"Trusted.credits": CSV_CREDITS}),
        "datasets": (
            OTHER_TITLES,
            {"Trusted.credits": OTHER_CREDITS, "Trusted.persons": OTHER_PERSONS},
        ),
    }
    written = {}
    for lake, (titles, others) in lakes.items():
        tables = {
            "Trusted.titles": "FROM titles",
            **{"Refined.dim_title": STAR, "Refined.fact_title": FACTS},
            **{"Refined.dim_genre": GENRES, "Refined.bridge_title_genre": BRIDGE},
        }
        with duckdb.connect() as database:
            database.execute(f"CREATE TABLE titles AS {titles} {TITLE_COLUMNS}")
            for name, query in (tables | others).items():
                path = tmp_path / f"{lake}.{name}.parquet"
                database.sql(query).write_parquet(str(path))
                written[lake, name] = [str(path)]
    return written


def test_two_lakes_are_compared_column_by_column(files, monkeypatch, capsys):
    compare = module("compare_sources")
    monkeypatch.setattr(compare, "table_files", lambda *table: files.get(table, []))
    monkeypatch.setattr("sys.argv", ["compare_sources.py", "csv", "datasets"])
    compare.main()
    assert capsys.readouterr().out.splitlines() == [
        "titles: 3 rows, 1 of them not in the datasets' lake",
        *("  primary_title: 0 differ", "  original_title: 0 differ", "  start_year: 1 differ"),
        *("  runtime_minutes: 0 differ", "  genres: 1 differ", "  imdb_rating: 1 differ"),
        "  imdb_votes: 1 differ",
        "dim_title: 3 rows, 1 of them not in the datasets' lake",
        *("  primary_title: 0 differ", "  original_title: 0 differ", "  start_year: 1 differ"),
        *("  decade: 1 differ", "  in_scope: 0 differ"),
        "fact_title: 3 rows, 1 of them not in the datasets' lake",
        *("  start_year_key: 1 differ", "  imdb_rating: 1 differ", "  imdb_votes: 1 differ"),
        "  runtime_minutes: 0 differ",
        # The CSVs have Rui twice in t1, without the year of his birth, and in t3.
        "credits by title_id, name, job: 2 in the CSVs' lake alone, 0 in the other alone",
        "credits by title_id, name, birth_year, death_year, job:"
        " 3 in the CSVs' lake alone, 1 in the other alone",
        "credits by title_id, name, birth_year, death_year, job, replace(character, ' ', ''):"
        " 3 in the CSVs' lake alone, 1 in the other alone",
        "credits: 4 and 2 rows",
        "bridge_title_genre: 2 genres of films in the lake of csv alone",
        "bridge_title_genre: 1 genres of films in the lake of datasets alone",
    ]
