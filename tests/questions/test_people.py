"""Rankings of people on a wild star, each number confirmed by plain Python."""

import math
from collections import defaultdict
from statistics import fmean, pstdev

import numpy as np
import pytest
from scipy import stats
from support.answers import answers_of, headlines
from support.star_rows import add_credit, add_title, duck_query, empty_star
from support.star_rows import row as row_of

from datalake.pipeline.population import fetch_population
from datalake.questions.people.variants import vary
from datalake.questions.population import ROLES
from datalake.schemas.refined import DIM_PERSON

INDEPENDENT, FRANCHISED, ONE_FRANCHISE, TWO = 13, 14, 15, 16
"""Directors of ten films: of no franchise, with eight of one, all ten, nine of one."""


@pytest.fixture(scope="module")
def title_ratings(duck):
    """Title → what it counts as: the lower of its two ratings among titles of its kind."""
    titles = duck.execute(
        """select title_key, kind, imdb_rating, tmdb_rating
        from dim_title join newest_facts using (title_key)
        where in_scope and imdb_rating + tmdb_rating is not null"""
    ).fetchall()
    assert {kind for _, kind, *_ in titles} == {"movie", "series"}
    everyone = [imdb for *_, imdb, _ in titles]
    ratings = {}
    for title, kind, *own in titles:
        alike = [of for _, other, *of in titles if other == kind]
        scores = [
            (value - fmean(values)) / pstdev(values)
            for value, values in zip(own, zip(*alike, strict=True), strict=True)
        ]
        ratings[title] = fmean(everyone) + pstdev(everyone) * min(scores)
    return ratings


@pytest.fixture(scope="module")
def rated_credits(duck):
    """(role, person) → [(imdb, tmdb, imdb votes, tmdb votes, title, key)] as the question reads."""
    credits = defaultdict(list)
    for role, person, *title in duck.execute(
        """with roles as (
            select role, person_key, title_key from fact_credit
            where role in ('creator', 'director')
            union all
            select 'lead_actor', person_key, title_key from (
                select *, row_number() over (
                    partition by title_key
                    order by coalesce(cast_order, 99 + imdb_order), person_key) as billing
                from fact_credit
                where role = 'actor' and coalesce(cast_order, imdb_order) is not null)
            where billing = 1
        )
        select role, person_key, imdb_rating, tmdb_rating, imdb_votes, tmdb_votes, primary_title,
            title_key
        from roles join newest_facts using (title_key) join dim_title using (title_key)
        where in_scope and person_key != 0 and imdb_rating + tmdb_rating is not null"""
    ).fetchall():
        credits[role, person].append(tuple(title))
    return credits


@pytest.fixture(scope="module")
def works(duck, rated_credits, title_ratings):
    """(role, person) → the ratings of their works, the films of one franchise being one."""
    franchises = dict(duck.execute("select title_key, collection_id from dim_title").fetchall())
    works = {}
    for maker, titles in rated_credits.items():
        by_work = defaultdict(list)
        for *_, key in titles:
            by_work[franchises[key] or f"title {key}"].append(title_ratings[key])
        works[maker] = [fmean(ratings) for ratings in by_work.values()]
    assert any(3 <= len(works[maker]) < len(titles) for maker, titles in rated_credits.items())
    return works


def test_scores_are_those_of_plain_python(answers, works):
    answer = headlines(answers["q2_people"], kind="all")
    assert {r["role"] for r in answer} == {"creator", "director", "lead_actor"}
    for role in ("creator", "director", "lead_actor"):
        groups = {
            person: ratings
            for (of, person), ratings in works.items()
            if of == role and len(ratings) >= 3
        }
        mean, within, between = anova(list(groups.values()))
        assert stats.f_oneway(*groups.values()).pvalue < 0.05
        weight = within / between
        listed = {r["person_key"]: r for r in answer if r["role"] == role}
        assert set(listed) == set(groups)
        for person, row in listed.items():
            n = len(groups[person])
            assert (row["works"], row["mean"]) == (n, pytest.approx(fmean(groups[person])))
            score = (sum(groups[person]) + weight * mean) / (n + weight)
            half = 1.959963984540054 * math.sqrt(within / (n + weight))
            assert row["prior_mean"] == pytest.approx(mean)
            assert row["prior_weight"] == pytest.approx(weight)
            assert row["score"] == pytest.approx(score)
            assert (row["ci_low"], row["ci_high"]) == pytest.approx((score - half, score + half))


def anova(groups):
    """Mean, variance within and variance between groups of unequal size (method of moments)."""
    everything = [value for group in groups for value in group]
    total, mean = len(everything), sum(everything) / len(everything)
    means = [sum(group) / len(group) for group in groups]
    within = sum(
        (value - m) ** 2 for group, m in zip(groups, means, strict=True) for value in group
    ) / (total - len(groups))
    of_means = sum(len(group) * (m - mean) ** 2 for group, m in zip(groups, means, strict=True)) / (
        len(groups) - 1
    )
    typical = (total - sum(len(group) ** 2 for group in groups) / total) / (len(groups) - 1)
    return mean, within, (of_means - within) / typical


def test_people_carry_their_titles_and_who_is_left_out(answers, rated_credits, works, duck):
    (unrated,) = duck.execute(
        """select count(*) from dim_title join newest_facts using (title_key)
        where in_scope and imdb_rating + tmdb_rating is null"""
    ).fetchone()
    high = high_on_both(duck)
    assert high
    for row in headlines(answers["q2_people"], kind="all"):
        titles = rated_credits[row["role"], row["person_key"]]
        imdb, tmdb, imdb_votes, tmdb_votes, _, keys = zip(*titles, strict=True)
        by_fame = [
            title for *_, title, _ in sorted(titles, key=lambda t: (t[2], t[4]), reverse=True)
        ]
        few = sum(len(of) < 3 for (role, _), of in works.items() if role == row["role"])
        assert row["titles"] == len(titles)
        assert row["imdb_mean"] == pytest.approx(sum(imdb) / len(imdb))
        assert row["tmdb_mean"] == pytest.approx(sum(tmdb) / len(tmdb))
        assert (row["imdb_votes"], row["tmdb_votes"]) == (sum(imdb_votes), sum(tmdb_votes))
        assert row["best_known"] == by_fame[:3]
        assert row["high_on_both"] == len(high & set(keys))
        left_out = {"people_under_3_works": few, "titles_without_both_ratings": unrated}
        assert row["left_out"] == {reason: count for reason, count in left_out.items() if count}


def high_on_both(duck):
    """Titles that less than a quarter of their kind exceed, on IMDb and on TMDB."""
    titles = duck.execute(
        """select title_key, kind, imdb_rating, tmdb_rating
        from dim_title join newest_facts using (title_key)
        where in_scope and imdb_rating + tmdb_rating is not null"""
    ).fetchall()
    high = set()
    for title, kind, *own in titles:
        alike = [of for _, other, *of in titles if other == kind]
        exceeding = [sum(of[site] > own[site] for of in alike) for site in (0, 1)]
        if max(exceeding) < len(alike) / 4:
            high.add(title)
    return high


def test_people_are_ranked_by_score_then_votes(answers):
    by_role = defaultdict(list)
    for row in sorted(answers["q2_people"], key=lambda r: r["rank"]):
        by_role[row["kind"], row["genre"], row["role"]].append(row)
    for rows in by_role.values():
        assert [r["rank"] for r in rows] == list(range(1, len(rows) + 1))
        order = [(-r["score"], -r["imdb_votes"], r["person_key"]) for r in rows]
        assert order == sorted(order)


@pytest.fixture(scope="module")
def franchised(spark, tmp_path_factory):
    """Twelve directors of five films, and four of ten, all equal but for what is one franchise."""
    random = np.random.default_rng(3)
    star, key = empty_star(), 0
    ratings = np.clip(8 + random.normal(size=10) / 2, 1, 10)
    for person in range(1, 17):
        star["dim_person"].append(row_of(DIM_PERSON, person_key=person, name=f"Person {person}"))
    for person in range(1, 13):
        for _ in range(5):
            key += 1
            rating = float(np.clip(4 + person / 6 + random.normal() / 2, 1, 10))
            add_title(star, key, imdb_rating=rating, tmdb_rating=rating)
            add_credit(star, key, person, "director")
    for person, franchise in {INDEPENDENT: 0, FRANCHISED: 8, ONE_FRANCHISE: 10, TWO: 9}.items():
        for place, rating in enumerate(ratings.tolist()):
            key += 1
            collection = 1 if place < franchise else None
            add_title(star, key, imdb_rating=rating, tmdb_rating=rating, collection_id=collection)
            add_credit(star, key, person, "director")
    return answers_of(spark, star, tmp_path_factory.mktemp("franchised"))


def test_a_franchise_widens_the_interval_of_its_director(franchised):
    listed = {row["person_key"]: row for row in headlines(franchised["q2_people"], kind="all")}
    independent, clustered = listed[INDEPENDENT], listed[FRANCHISED]
    assert (independent["titles"], independent["works"]) == (10, 10)
    assert (clustered["titles"], clustered["works"]) == (10, 3)
    assert clustered["imdb_mean"] == independent["imdb_mean"]
    width, narrow = (row["ci_high"] - row["ci_low"] for row in (clustered, independent))
    weight = clustered["prior_weight"]
    assert width / narrow == pytest.approx(math.sqrt((10 + weight) / (3 + weight)))
    assert width > 1.3 * narrow


def test_who_has_fewer_than_three_works_is_not_listed(franchised):
    rows = headlines(franchised["q2_people"], kind="all")
    assert not {row["person_key"] for row in rows} & {ONE_FRANCHISE, TWO}
    assert len(rows) == 14
    assert {row["left_out"]["people_under_3_works"] for row in rows} == {2}


def test_each_title_on_its_own_is_a_variant_where_there_are_franchises(answers, franchised):
    n = {
        row["variant"]: row["n"]
        for row in franchised["sensitivity"]
        if row["subject"] == "director"
    }
    assert (n["as_answered"], n["each_title"]) == (14, 16)
    assert "each_title" not in {
        row["variant"] for row in franchised["sensitivity"] if row["subject"] == "creator"
    }
    assert "each_title" in {row["variant"] for row in answers["sensitivity"]}


def test_a_variant_that_changes_nothing_is_left_out(tmp_path):
    """Directors in an order, and creators who don't differ, of films with equal votes."""
    star = empty_star()
    for person in range(1, 13):
        star["dim_person"].append(row_of(DIM_PERSON, person_key=person, name=f"Person {person}"))
        for place, level in enumerate((5.1, 5.3, 5.2, 5.0, 5.4)):
            for role, rating in (("director", level + person / 4), ("creator", level)):
                key = 100 * person + 10 * (role == "creator") + place
                measures = {"imdb_rating": rating, "tmdb_rating": rating, "imdb_votes": 5_000}
                add_title(star, key, **measures)
                add_credit(star, key, person, role)
    rows = list(vary(fetch_population(duck_query(star, tmp_path))))
    variants = {role: [row["variant"] for row in rows if row["subject"] == role] for role in ROLES}
    answered = ["as_answered", "adjusted"]
    assert variants["director"] == [*answered, "weighted_by_votes", "plain_mean"]
    assert variants["creator"] == variants["lead_actor"] == answered
    leaders = {row["leader"] for row in rows if row["subject"] == "director"}
    assert {leader.person_key for leader in leaders} == {12}
