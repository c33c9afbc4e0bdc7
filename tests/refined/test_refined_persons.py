"""Who is who: one person is one row, and nobody is taken for another."""

import hashlib

import duckdb
import pytest
from chispa import assert_column_equality
from pyspark.sql import functions as F

from datalake.refined.keys import key, year_key
from datalake.refined.persons import (
    named_by_tmdb,
    one_to_one,
    tmdb_persons,
    with_names,
    with_person,
    with_person_id,
)

CREDITS = "title_id string, name string, birth_year int"
PEOPLE = "title_id string, name string, tmdb_person_id long"


def resolved(credits, people):
    """The credits with their persons."""
    return with_person(credits, named_by_tmdb(credits, people))


def without_ids(spark, credits):
    """Credits of a source that has no person ids."""
    rows = spark.createDataFrame(credits, CREDITS)
    return rows.withColumn("person_id", F.lit(None).cast("string"))


def person(spark, credits, people):
    """The TMDB person of each credit, by title, name and birth year."""
    tmdb = spark.createDataFrame(people, PEOPLE)
    rows = resolved(without_ids(spark, credits), tmdb).collect()
    assert len(rows) == len(credits)
    return {(row.title_id, row.name, row.birth_year): row.tmdb_person_id for row in rows}


def keyed(spark, *credits):
    """The person keys of credits that TMDB doesn't know, in their order."""
    rows = without_ids(spark, [(f"t{n}", *c) for n, c in enumerate(credits)])
    rows = resolved(rows, spark.createDataFrame([], PEOPLE)).collect()
    return [row.person_key for row in sorted(rows, key=lambda row: row.title_id)]


# What IMDb's file has, what TMDB has, and whom each credit is taken for.
IDENTITIES = {
    "the same name in the title": (
        [("t1", "Ana", 1970), ("t1", "Rui", None)],
        [("t1", "ana", 11), ("t1", "Eva", 12)],
        [11, None],
    ),
    "the same name in another title": ([("t1", "Ana", None)], [("t2", "Ana", 11)], [None]),
    "a birth year carries over to other titles": (
        [("t1", "Ana", 1970), ("t2", "Ana", 1970)],
        [("t1", "Ana", 11)],
        [11, 11],
    ),
    "a name alone does not": (
        [("t1", "Ana", None), ("t2", "Ana", None)],
        [("t1", "Ana", 11)],
        [11, None],
    ),
    "nor does another birth year": (
        [("t1", "Ana", 1970), ("t2", "Ana", 1980)],
        [("t1", "Ana", 11)],
        [11, None],
    ),
    "two of a name in one title: nobody knows which": (
        [("t1", "Ana", 1970)],
        [("t1", "Ana", 11), ("t1", "Ana", 12)],
        [None],
    ),
    "two of a name and year in two titles: each their own, and nobody's elsewhere": (
        [("t1", "Ana", 1970), ("t2", "Ana", 1970), ("t3", "Ana", 1970)],
        [("t1", "Ana", 11), ("t2", "Ana", 12)],
        [11, 12, None],
    ),
    "the title's own credits go before what others say": (
        [("t1", "Ana", 1970), ("t2", "Ana", 1970), ("t3", "Ana", 1970)],
        [("t1", "Ana", 11), ("t2", "Ana", 11), ("t3", "ANA", 11)],
        [11, 11, 11],
    ),
    "two of a name in the file: nobody knows which of them TMDB means": (
        [("t1", "Ana", 1970), ("t1", "Ana", 1980), ("t2", "Ana", None), ("t2", "Ana", 1970)],
        [("t1", "Ana", 11), ("t2", "Ana", 11)],
        [None, None, None, None],
    ),
    "several roles on TMDB are one person": (
        [("t1", "Ana", 1970)],
        [("t1", "Ana", 11), ("t1", "Ana", 11)],
        [11],
    ),
    "without a name there is nobody": ([("t1", None, 1970)], [("t1", None, 11)], [None]),
}


@pytest.mark.parametrize(("credits", "people", "expected"), IDENTITIES.values(), ids=IDENTITIES)
def test_a_credit_is_of(spark, credits, people, expected):
    assert person(spark, credits, people) == dict(zip(credits, expected, strict=True))


def test_a_person_without_tmdb_id_is_a_name_and_a_birth_year(spark):
    ana, again, other_year, no_year, no_year_again, rui, nobody = keyed(
        spark,
        ("Ana", 1970),
        ("Ana", 1970),
        ("Ana", 1980),
        ("Ana", None),
        ("Ana", None),
        ("Rui", 1970),
        (None, 1970),
    )
    assert ana == again
    assert no_year == no_year_again
    assert len({ana, other_year, no_year, rui}) == 4
    assert nobody == 0


def test_both_sources_give_a_tmdb_person_one_key(spark):
    people = spark.createDataFrame([("t1", "Ana", 11), ("t1", "11", 12)], PEOPLE)
    nobody_of_imdb = spark.createDataFrame([], "person_id string, tmdb_person_id long")
    (ana, eleven) = tmdb_persons(people, nobody_of_imdb).orderBy("tmdb_person_id").collect()
    credits = without_ids(spark, [("t1", "Ana", 1970), ("t9", "11", None)])
    rows = resolved(credits, people).orderBy("title_id").collect()
    assert [row.person_key for row in rows] == [ana.person_key, rows[1].person_key]
    assert rows[1].person_key not in (ana.person_key, eleven.person_key)  # named «11», no id


# Who of IMDb is credited where (title, person id, name), whom TMDB names there, and who is who.
SAME_PERSONS = {
    "the same name in the title": (
        [("t1", "nm1", "Ana"), ("t1", "nm2", "Rui")],
        [("t1", "ana", 11), ("t1", "Eva", 12)],
        {"nm1": 11},
    ),
    "in all titles": (
        [("t1", "nm1", "Ana"), ("t2", "nm1", "Ana"), ("t3", "nm1", "Ana")],
        [("t1", "Ana", 11), ("t2", "Ana", 11)],
        {"nm1": 11},
    ),
    "two persons of TMDB for one of IMDb: nobody knows which": (
        [("t1", "nm1", "Ana"), ("t2", "nm1", "Ana")],
        [("t1", "Ana", 11), ("t2", "Ana", 12)],
        {},
    ),
    "two of IMDb for one of TMDB: likewise": (
        [("t1", "nm1", "Ana"), ("t2", "nm2", "Ana")],
        [("t1", "Ana", 11), ("t2", "Ana", 11)],
        {},
    ),
    "two of a name in one title: likewise": (
        [("t1", "nm1", "Ana"), ("t1", "nm2", "Ana")],
        [("t1", "Ana", 11)],
        {},
    ),
    "several roles of one person": (
        [("t1", "nm1", "Ana"), ("t1", "nm1", "Ana")],
        [("t1", "Ana", 11), ("t1", "Ana", 11)],
        {"nm1": 11},
    ),
    "without a name there is nobody": ([("t1", "nm1", None)], [("t1", None, 11)], {}),
}


@pytest.mark.parametrize(("credits", "people", "same"), SAME_PERSONS.values(), ids=SAME_PERSONS)
def test_an_imdb_id_and_a_tmdb_id_are_one_person(spark, credits, people, same):
    tmdb = spark.createDataFrame(people, PEOPLE)
    rows = spark.createDataFrame(
        [(title, person, None, None) for title, person, _ in credits],
        "title_id string, person_id string, name string, birth_year int",
    )
    persons = spark.createDataFrame(
        list({(person, name, 1970) for _, person, name in credits}),
        "person_id string, name string, birth_year int",
    )
    pairs = one_to_one(named_by_tmdb(with_names(rows, persons, tmdb), tmdb))
    assert {row.person_id: row.tmdb_person_id for row in pairs.collect()} == same
    keys = {row.person_id: row.person_key for row in with_person_id(rows).collect()}
    of_tmdb = tmdb_persons(tmdb, pairs).collect()
    assert {row.person_key for row in of_tmdb if row.tmdb_person_id in same.values()} == {
        keys[person] for person in same
    }


def test_a_key_is_the_same_in_any_engine(spark):
    names = [("Ana", 1970), ("Ana", None), ("João\x1f", 2), ("", None), ('"\\', -1), (None, 1970)]
    rows = spark.createDataFrame(names, "name string, birth_year int")
    rows = {
        (r.name, r.birth_year): r.key
        for r in rows.select("*", key("name", "birth_year").alias("key")).collect()
    }
    key_in_duckdb = (
        "select case when $1 is null then 0 else ('0x' || substr(md5("
        "  coalesce($1, '') || chr(31) || coalesce($2::varchar, '')), 1, 15))::bigint end"
    )
    in_duckdb = {}
    with duckdb.connect() as connection:
        for name, year in names:
            ((in_duckdb[name, year],),) = connection.execute(key_in_duckdb, [name, year]).fetchall()
    assert rows == in_duckdb
    digest = hashlib.md5(b"Ana\x1f1970").hexdigest()
    assert rows["Ana", 1970] == int(digest[:15], 16) < 2**60


def test_an_unknown_year_is_the_unknown_member(spark):
    rows = spark.createDataFrame([(1999, 1999), (None, 0)], "year int, expected int")
    assert_column_equality(rows.withColumn("key", year_key(rows.year)), "key", "expected")
