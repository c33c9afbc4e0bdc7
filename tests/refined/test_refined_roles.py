"""The roles that IMDb's datasets give: who created a series is a writer whose job says so."""

import pytest

from datalake.refined.facts import fact_credit

IMDB = "title_id string, person_key long, job string, job_text string, ordering int"
TMDB = "title_id string, person_key long, role string, cast_order int, episodes int"
ROLES = [
    ("actress", None, "actor"),
    ("director", None, "director"),
    ("writer", None, "writer"),
    ("writer", "creator", "creator"),
    ("writer", "Created by", "creator"),
    ("writer", "co-creator", "creator"),
    ("writer", 'based on "Star Trek" created by', "writer"),
    ("producer", "creator", "producer"),
    ("archive_footage", None, "archive_footage"),
]


@pytest.fixture(scope="module")
def roles(spark):
    credits = [("t1", n, job, text, n) for n, (job, text, _) in enumerate(ROLES)]
    credits.append(("t1", 3, "writer", "creator", 12))
    on_tmdb = [("t1", 3, "creator", None, None), ("t1", 0, "actor", 0, 7)]
    rows = fact_credit(spark.createDataFrame(credits, IMDB), spark.createDataFrame(on_tmdb, TMDB))
    return {(row.person_key, row.role): row for row in rows.collect()}


def test_each_credit_has_the_role_that_its_job_says(roles):
    assert set(roles) == {(n, role) for n, (*_, role) in enumerate(ROLES)}


def test_a_credit_that_both_have_is_one_row_with_both_orders(roles):
    creator, actress = roles[3, "creator"], roles[0, "actor"]
    assert (creator.on_imdb, creator.on_tmdb, creator.imdb_order) == (True, True, 3)
    assert (actress.cast_order, actress.imdb_order, actress.episodes) == (0, 0, 7)
