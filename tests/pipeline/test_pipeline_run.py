"""One whole run from a made-up sample, as a user starts it; each number confirmed by others."""

import json
import os
import re

import numpy as np
import pytest
from support import sample_oracle as oracle
from support.command import call
from support.file_times import file_times
from support.lakes import held, rows_of, settings_at, tables_of
from support.paths import ROOT

from datalake.cli.demo import TOKEN
from datalake.core.lake import Lake
from datalake.demo.replay import load_bodies
from datalake.demo.sample import BODIES_FILE
from datalake.demo.server import TmdbServer
from datalake.demo.truth import Truth
from datalake.enrichment.run import enrich
from datalake.pipeline.answers import build_answers
from datalake.pipeline.refined import build_refined
from datalake.pipeline.trusted import build_trusted
from datalake.questions.people.table import TABLE as PEOPLE
from datalake.questions.popularity_cost.table import TABLE as POPULARITY_COST
from datalake.questions.ratings.table import TABLE as RATINGS
from datalake.questions.registry import QUESTIONS, TABLES
from datalake.questions.trends.table import TABLE as TRENDS
from datalake.schemas.kinds import Kind
from datalake.schemas.refined import DIM_PERSON, DIM_TITLE, FACT_TITLE
from datalake.schemas.trusted import CREDITS, QUARANTINE, RECONCILIATION, TITLES, TMDB_COVERAGE
from datalake.sources.imdb_csv.raw import FILE_NAMES, FILES
from datalake.sources.ingestion import ingest
from datalake.sources.source_file import newest_source_file
from datalake.sources.tmdb.auth import Bearer
from datalake.sources.tmdb.client import TmdbClient
from datalake.sources.tmdb.rate_limiter import RateLimiter

EXACT = {"rel": 1e-9, "abs": 1e-9}


@pytest.fixture(scope="module")
def tables(spark, home, ran):
    assert ran[0] == 0, ran[2]
    return tables_of(settings_at(home / "demo/lake"))


@pytest.fixture(scope="module")
def duck(home, ran):
    with oracle.connect(home / "demo/sample") as connection:
        yield connection


@pytest.fixture(scope="module")
def scope(duck, home):
    return oracle.scope(duck, home / "demo/sample")


def value(duck, sql):
    return duck.execute(sql).fetchone()[0]


def headlines(tables, table, **others):
    """The rows over all genres, with these other values too."""
    wanted = {"genre": "all", **others}
    return [row for row in rows_of(tables, table) if all(row[k] == v for k, v in wanted.items())]


def files_of(tables, table):
    """The table's current files, for another engine to read."""
    files = tables.spark.table(f"lake.{table.layer}.{table.name}.files").collect()
    return [row.file_path.removeprefix("file:") for row in files]


def test_it_ends_with_a_page(home, ran):
    status, output, errors = ran
    assert status == 0
    page = home / "demo/lake/index.html"
    assert output == f"{page.as_uri()}\n"
    assert "<html" in page.read_text()
    assert "Traceback" not in errors
    *_, headline, end = errors.splitlines()
    assert headline.startswith("  Not answered yet: the lake has one load to go by")
    assert re.fullmatch(
        r"run: \d+\.\d s; open the page above, or ask the lake: datalake sql --lake demo/lake", end
    )


def test_a_second_run_starts_no_spark_and_writes_no_file(home, ran):
    lake = Lake(str(home / "demo/lake"))
    before = file_times(lake)
    again = call("run", "--titles", 1500, "--memory", "1g", cwd=home, DATALAKE_SPARK_CONF_DIR="")
    assert again[:2] == ran[:2]
    assert "start Spark" not in again[2]
    for step in ("trusted", "refined", "answers", "report"):
        assert f"\n{step}: up to date, of " in again[2]
    first, second = (errors.splitlines()[-6:-1] for _, _, errors in (ran, again))
    assert second == first, "a sentence each"
    assert len(QUESTIONS) == 5
    assert file_times(lake) == before


def test_the_page_and_sql_ask_for_no_spark(home, ran, tmp_path):
    (tmp_path / "pyspark.py").write_text("raise ModuleNotFoundError(name=__name__)")

    def run(*words):
        paths = f"{tmp_path}{os.pathsep}{ROOT}"
        return call(*words, "--lake", "demo/lake", cwd=home, PYTHONPATH=paths)

    assert "datalake: pyspark is not installed; run: " in run("refined", "--force")[2]
    page = tmp_path / "page.html"
    status, output, errors = run("report", "--force", "--output", page)
    assert (status, output) == (0, f"{page.as_uri()}\n"), errors
    assert page.read_bytes() == (home / "demo/lake/index.html").read_bytes()
    status, output, errors = run("sql", "--vertical", "select count(*) > 0 as found from titles")
    assert (status, output) == (0, "─── row 1 ───\nfound  True\n"), errors


def test_status_tells_what_the_tables_hold(home, tables):
    status, output, _ = call("status", "--json", "--lake", "demo/lake", cwd=home)
    assert status == 0
    counts = {row["table"]: row["rows"] for row in json.loads(output)["tables"]}
    assert counts == {f"{table.layer}.{table.name}": tables.read(table).count() for table in TABLES}


def test_status_cuts_nothing_on_a_narrow_terminal(home):
    output = call("status", "--lake", "demo/lake", cwd=home, COLUMNS="80")[1]
    assert "Refined.bridge_title_genre" in output
    assert len(re.findall(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d", output)) > len(TABLES)
    assert "…" not in output


def test_without_its_place_the_sample_s_lake_is_named(home):
    for words in (["status"], ["sql"], ["report"]):
        status, _, errors = call(*words, cwd=home)
        assert status == 1
        assert errors.endswith("; the made-up sample's is --lake demo/lake\n")


def test_no_table_has_tiny_files_in_number(home, tables):
    rows = json.loads(call("status", "--json", "--lake", "demo/lake", cwd=home)[1])["tables"]
    assert {row["table"]: row["files"] for row in rows if row["files"] > 4} == {}


@pytest.mark.parametrize("kind", list(Kind))
def test_counts_are_those_of_the_csv(tables, duck, kind):
    (row,) = (row for row in rows_of(tables, RECONCILIATION) if row["source"] == FILE_NAMES[kind])
    where = f"where kind = '{kind}'"
    assert row["raw_rows"] == value(duck, f"select count(*) from raw {where}")
    assert row["trusted_rows"] == value(duck, f"select count(*) from credits {where}")
    assert row["exact_duplicates"] == row["raw_rows"] - row["trusted_rows"] > 0
    assert row["quarantined_rows"] == 0 == len(rows_of(tables, QUARANTINE))
    assert row["titles"] == value(duck, f"select count(distinct title_id) from credits {where}")


@pytest.mark.parametrize("genre", ["Crime", "War"])
def test_titles_of_a_genre_are_those_of_the_csv(tables, duck, genre):
    titles = tables.read(TITLES).where(f"array_contains(genres, '{genre}')").count()
    sql = f"select count(distinct title_id) from credits where list_contains(genres, '{genre}')"
    assert titles == value(duck, sql) > 50


def test_trusted_titles_and_credits_are_the_csv_s_rows(tables, duck):
    credit = "title_id, name, birth_year, death_year, job, character, professions, known_for"
    for table, names in ((TITLES, oracle.TITLE), (CREDITS, credit)):
        every = "all" if table is CREDITS else ""
        expected = f"select {'' if every else 'distinct'} {names} from credits"
        published = f"select {names} from read_parquet({files_of(tables, table)})"
        for more, less in ((expected, published), (published, expected)):
            assert duck.execute(f"{more} except all {less}").fetchall() == []


def test_people_are_counted_once(tables, duck):
    assert tables.read(DIM_PERSON).count() == value(duck, oracle.PERSONS) + 1  # the unknown one


def test_coverage_is_what_tmdb_knows(tables, scope):
    for row in rows_of(tables, TMDB_COVERAGE):
        of_kind = [title for title in scope if title["kind"] == row["kind"]]
        assert row["in_scope"] == row["answers"] == len(of_kind)
        assert row["found"] == sum(bool(title["body"]) for title in of_kind)
        assert row["not_found"] == row["in_scope"] - row["found"] > 0


def test_facts_add_up_to_the_sources(tables, scope, duck):
    facts = [row.asDict() for row in tables.read(FACT_TITLE).collect()]
    for name in ("budget", "popularity", "seasons", "episodes"):
        films_only = [t for t in scope if name != "budget" or t["kind"] == "movie"]
        total = np.nansum(oracle.column(films_only, name))
        assert sum(row[name] or 0 for row in facts) == pytest.approx(total)
    votes = "select sum(imdb_votes) from (select distinct title_id, imdb_votes from credits)"
    assert sum(row["imdb_votes"] or 0 for row in facts) == value(duck, votes)
    in_scope = tables.read(DIM_TITLE).where("in_scope").count()
    assert in_scope == len(scope)


@pytest.mark.parametrize(
    ("measure", "name"), [("tmdb_popularity", "popularity"), ("imdb_votes", "imdb_votes")]
)
def test_popularity_and_cost_are_those_of_scipy(tables, scope, measure, name):
    strata = {
        (row["genre"], row["decade"]): row
        for row in rows_of(tables, POPULARITY_COST)
        if row["measure"] == measure
    }
    films = [title for title in scope if title["kind"] == "movie" and title["body"]]
    for stratum, chosen in {
        ("all", None): films,
        ("Crime", None): [film for film in films if "Crime" in film["genres"]],
        ("War", None): [film for film in films if "War" in film["genres"]],
        ("all", 2000): [film for film in films if (film["start_year"] or 0) // 10 == 200],
    }.items():
        n, rho = oracle.spearman(chosen, "budget", name)
        assert (strata[stratum]["n"], strata[stratum]["rho"]) == (n, pytest.approx(rho, **EXACT))


def test_people_have_the_means_of_their_titles(tables, scope):
    means = oracle.means(scope)
    answer = headlines(tables, PEOPLE, kind="all")
    for row in answer:
        figures = [row[name] for name in ("titles", "works", "imdb_mean", "tmdb_mean")]
        assert figures == pytest.approx(means[row["role"], row["person_key"]], **EXACT)
    assert any(row["works"] < row["titles"] for row in answer)
    eligible = {made for made, (_, works, *_) in means.items() if works >= 3}
    listed = {(row["role"], row["person_key"]) for row in answer}
    assert listed <= eligible
    for role in ("creator", "director", "lead_actor"):
        of_role = sum(made[0] == role for made in eligible)
        assert sum(made[0] == role for made in listed) == min(100, of_role) > 0


@pytest.mark.parametrize(
    ("measure", "lengths"),
    [("film_length", oracle.film_lengths), ("episodes_per_season", oracle.season_lengths)],
)
def test_trends_are_those_of_numpy_and_scipy(tables, scope, measure, lengths):
    by_year = lengths(scope)
    rows = {row["year"]: row for row in headlines(tables, TRENDS, measure=measure)}
    trend = rows.pop(None)
    assert {year: (row["n"], row["median"]) for year, row in rows.items() if row["n"]} == {
        year: (len(values), np.median(values)) for year, values in by_year.items()
    }
    assert trend["trend"] == pytest.approx(oracle.slope(by_year), **EXACT)


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("movie", "return"),
        ("movie", "popularity"),
        ("series", "seasons"),
        ("series", "episodes"),
    ],
)
def test_ratings_and_success_are_those_of_scipy(tables, scope, kind, outcome):
    (row,) = headlines(tables, RATINGS, kind=kind, outcome=outcome, decade=None)
    rated = [
        t
        for t in scope
        if t["kind"] == kind
        and t["imdb_rating"] is not None
        and t["tmdb_rating"] > 0
        and t["start_year"] is not None
    ]
    n, imdb = oracle.spearman(rated, "imdb_rating", outcome)
    _, tmdb = oracle.spearman(rated, "tmdb_rating", outcome)
    assert row["n"] == n
    assert (row["rho_imdb"], row["rho_tmdb"]) == pytest.approx((imdb, tmdb), **EXACT)
    assert row["difference"] == pytest.approx(abs(imdb) - abs(tmdb), **EXACT)


def test_the_truths_planted_in_the_sample_are_found(tables):
    truth = Truth()
    (cost,) = headlines(tables, POPULARITY_COST, measure="tmdb_popularity", decade=None)
    assert cost["ci_low"] < truth.budget_popularity < cost["ci_high"]
    trends = {row["measure"]: row for row in headlines(tables, TRENDS, year=None)}
    minutes, episodes = trends["film_length"], trends["episodes_per_season"]
    assert minutes["ci_low"] <= truth.minutes_per_decade <= minutes["ci_high"]
    assert minutes["ci_high"] - minutes["ci_low"] < 8  # of 200 films
    assert episodes["ci_high"] - episodes["ci_low"] < 1  # of 500 seasons
    assert episodes["ci_low"] <= truth.episodes_per_decade <= episodes["ci_high"]
    (best,) = headlines(tables, PEOPLE, kind="all", role="director", rank=1)
    assert best["name"] == truth.best_director
    verdicts = {row["verdict"] for row in headlines(tables, RATINGS, decade=None)}
    assert truth.better_rating in verdicts
    assert "tmdb" not in verdicts


@pytest.mark.nightly
def test_all_of_it_again_changes_no_table(spark, home, tables):
    before, lake = held(tables), Lake(str(home / "demo/lake"))
    raw = {key: lake.storage.open(key).read() for key in lake.storage.list("Raw/TMDB/JSON")}
    day = newest_source_file(lake, FILES[Kind.MOVIE]).day
    assert [outcome.new for outcome in ingest(lake, home / "demo/sample", day)] == [False, False]
    with TmdbServer(load_bodies([home / "demo/sample" / BODIES_FILE]), TOKEN) as server:
        client = TmdbClient(Bearer(TOKEN), server.url, RateLimiter(1_000))
        assert enrich(lake, client, ("Crime", "War")).due == 0
    assert {key: lake.storage.open(key).read() for key in lake.storage.list("Raw/TMDB/JSON")} == raw
    for build in (build_trusted, build_refined, build_answers):
        build(tables, settings_at(home / "demo/lake"))
    after = held(tables)
    assert None not in before.values()
    assert {name for name in before if before[name] != after[name]} == set()
