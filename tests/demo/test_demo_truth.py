"""The truth planted in the made-up sample is what its figures show."""

from collections import defaultdict
from itertools import pairwise
from statistics import fmean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr, theilslopes
from support.demo_files import read_bodies, read_csv

from datalake.core.errors import SettingsError
from datalake.demo.sample import write_sample
from datalake.demo.truth import Truth, quantiles


@pytest.mark.parametrize("wrong", [{"budget_popularity": 1.2}, {"better_rating": "both"}])
def test_an_impossible_truth_is_refused(wrong):
    with pytest.raises(SettingsError, match=next(iter(wrong))):
        Truth(**wrong)


def planted(folder, truth):
    write_sample(folder, titles=6_000, truth=truth)
    known = read_bodies(folder)
    return (
        [record["body"] for record in known if record["media_type"] == "movie"],
        [record["body"] for record in known if record["media_type"] == "tv"],
    )


@pytest.mark.parametrize("rho", [-0.5, 0.0, 0.6])
def test_budget_and_popularity_correlate_as_planted(tmp_path, rho):
    films, _ = planted(tmp_path, Truth(budget_popularity=rho))
    known = [film for film in films if film["budget"]]
    found = spearmanr([f["budget"] for f in known], [f["popularity"] for f in known]).statistic
    assert found == pytest.approx(rho, abs=0.1)


def test_some_directors_have_a_franchise_and_the_best_has_none(tmp_path):
    films, _ = planted(tmp_path, Truth(best_director="Iolanda Sertão"))
    franchises = defaultdict(set)
    for film in films:
        collection = film["belongs_to_collection"]
        franchises[film["credits"]["crew"][0]["name"]].add(collection and collection["id"])
    assert franchises["Iolanda Sertão"] == {None}
    mixed = [ids for ids in franchises.values() if None in ids and len(ids) > 1]
    assert len(franchises) / 10 < len(mixed) < len(franchises) / 2


def trend(points):
    """Theil-Sen slope of the yearly medians, per decade."""
    years = defaultdict(list)
    for year, value in points:
        years[int(year)].append(value)
    return 10 * theilslopes([median(v) for v in years.values()], list(years)).slope


@pytest.mark.parametrize(("minutes", "episodes"), [(4.0, -2.0), (-3.0, 1.0), (0.0, 0.0)])
def test_trends_are_as_planted(tmp_path, minutes, episodes):
    films, shows = planted(
        tmp_path, Truth(minutes_per_decade=minutes, episodes_per_decade=episodes)
    )
    films = [(f["release_date"][:4], f["runtime"]) for f in films if f["release_date"]]
    assert trend([film for film in films if film[1]]) == pytest.approx(minutes, abs=1)
    seasons = [season for show in shows for season in show["seasons"] if season["season_number"]]
    found = trend([(s["air_date"][:4], s["episode_count"]) for s in seasons])
    assert found == pytest.approx(episodes, abs=0.5)


def test_the_best_director_s_films_are_rated_best(tmp_path):
    films, _ = planted(tmp_path, Truth(best_director="Iolanda Sertão"))
    ratings = defaultdict(list)
    for film in films:
        if film["vote_count"]:
            ratings[film["credits"]["crew"][0]["name"]].append(film["vote_average"])
    shrunk = {name: (sum(r) + 5 * 6.2) / (len(r) + 5) for name, r in ratings.items() if len(r) > 2}
    best, second = sorted(shrunk, key=shrunk.get, reverse=True)[:2]
    assert best == "Iolanda Sertão"
    assert shrunk[best] > shrunk[second] + 0.2
    assert 8 <= len(ratings[best]) <= 20


@pytest.mark.parametrize(("better", "difference"), [("imdb", 0.38), ("tmdb", -0.38), ("none", 0.0)])
def test_the_better_rating_is_as_planted(tmp_path, better, difference):
    films, shows = planted(tmp_path, Truth(better_rating=better))
    imdb = {}
    for file in ("movies.csv", "series.csv"):
        imdb |= {row["id"]: float(row["notaMedia"]) for row in read_csv(tmp_path / file)}
    found = []
    for titles, outcome in ((films, "popularity"), (films, "vote_count"), (shows, "seasons")):
        rated = [title for title in titles if title["vote_count"]]
        outcomes = [len(t[outcome]) if outcome == "seasons" else t[outcome] for t in rated]
        by_imdb = spearmanr([imdb[t["external_ids"]["imdb_id"]] for t in rated], outcomes)
        by_tmdb = spearmanr([t["vote_average"] for t in rated], outcomes)
        found.append(by_imdb.statistic - by_tmdb.statistic)
    assert fmean(found) == pytest.approx(difference, abs=0.12)


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=9).map(sorted), st.booleans())
def test_a_figure_keeps_the_order_and_the_ends(points, log):
    figure = quantiles(*points, log=log)
    found = [figure(latent) for latent in (-40.0, -1.0, 0.0, 0.5, 40.0)]
    assert found[0] == pytest.approx(points[0])
    assert found[-1] == pytest.approx(points[-1])
    assert all(low <= high * (1 + 1e-12) for low, high in pairwise(found))
