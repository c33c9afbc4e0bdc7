"""Rankings of people on a wild star, each number confirmed by plain Python."""

import math
from collections import defaultdict
from statistics import fmean, pstdev

import pytest
from scipy import stats
from support.answers import headlines


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


def test_scores_are_those_of_plain_python(answers, rated_credits, title_ratings):
    answer = headlines(answers["q2_people"], kind="all")
    assert {r["role"] for r in answer} == {"creator", "director", "lead_actor"}
    for role in ("creator", "director", "lead_actor"):
        groups = {
            person: [title_ratings[key] for *_, key in titles]
            for (of, person), titles in rated_credits.items()
            if of == role and len(titles) >= 3
        }
        mean, within, between = anova(list(groups.values()))
        assert stats.f_oneway(*groups.values()).pvalue < 0.05
        weight = within / between
        listed = {r["person_key"]: r for r in answer if r["role"] == role}
        assert set(listed) == set(groups)
        for person, row in listed.items():
            n = len(groups[person])
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


def test_people_carry_their_titles_and_who_is_left_out(answers, rated_credits, duck):
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
        few = sum(len(t) < 3 for (role, _), t in rated_credits.items() if role == row["role"])
        assert row["titles"] == len(titles)
        assert row["imdb_mean"] == pytest.approx(sum(imdb) / len(imdb))
        assert row["tmdb_mean"] == pytest.approx(sum(tmdb) / len(tmdb))
        assert (row["imdb_votes"], row["tmdb_votes"]) == (sum(imdb_votes), sum(tmdb_votes))
        assert row["best_known"] == by_fame[:3]
        assert row["high_on_both"] == len(high & set(keys))
        left_out = {"people_under_3_titles": few, "titles_without_both_ratings": unrated}
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
