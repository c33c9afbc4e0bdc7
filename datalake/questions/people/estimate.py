"""People ranked by their works' mean rating, shrunk towards the list's mean (empirical Bayes).

A title's rating is the lower of IMDb's and TMDB's, so that one can't hide the other. A work is a
title, or all that a person made of one franchise.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from datalake.questions.population import ALL, ROLES, Credits, Keys, Population, Titles
from datalake.questions.question import PersonName
from datalake.statistics.estimate import Mask, Values, number_or_null
from datalake.statistics.robust import codes
from datalake.statistics.shrinkage import Shrunk, chances_of_first, shrink
from datalake.statistics.standard import in_top_quarter, standard_scores

FEWEST_WORKS = 3
LISTED = 100
"""People that each list shows."""

KINDS = (ALL, "movie", "series")


@dataclass(frozen=True)
class Ranking:
    """One element per person with enough works, who are numbered in the order of their keys.

    `group` is each credit's person by that number; `works` counts a person's works, and `mean` is
    their mean value. `order` lists the persons, best first. `few_works` counts people with too few.
    """

    person: Keys
    credits: Credits
    group: Keys
    works: Keys
    mean: Values
    shrunk: Shrunk
    order: Keys
    few_works: int

    @property
    def size(self) -> Keys:
        """Titles of each."""
        return np.bincount(self.group, minlength=len(self.person)).astype(np.int64)

    def sums(self, values: Values) -> Values:
        """Sums over each person's titles of the titles' `values`."""
        weights = values[self.credits.title]
        return np.bincount(self.group, weights, len(self.person)).astype(np.float64)

    @property
    def leader(self) -> int | None:
        """Who is first; null where people don't differ, or there is nobody."""
        is_ordered = len(self.order) and self.shrunk.weight is not None
        return int(self.person[self.order[0]]) if is_ordered else None


def answer(population: Population) -> list[dict[str, Any]]:
    """One row per kind × genre × role × person, at most 100 a list, best first.

    The score is the mean `rating` of the person's works, shrunk to the list's mean. The adjusted
    score is the same for a title's rating less the mean of its peers. Where people differ no more
    than their works do, every score is the list's mean, and there is no interval. Ties go to more
    IMDb votes, then to the lower key.
    """
    rows, titles = [], population.titles
    ratings, high = rating(population), is_high_on_both(population)
    for kind in KINDS:
        for genre in population.genres:
            chosen = titles.of_kind(kind) & titles.of_genre(genre)
            part = population.where(chosen)
            for role in ROLES:
                group_key = {"kind": kind, "genre": genre, "role": role}
                rows += [
                    group_key | row for row in _rows(part, role, ratings[chosen], high[chosen])
                ]
    return rows


def rating(population: Population) -> Values:
    """The lower of a title's ratings on IMDb and on TMDB, NaN without both; else IMDb's alone.

    Each is standardised among the rated titles of its kind; the lower z-score is then put on the
    scale of all IMDb ratings, so that films and series can be compared. In a lake without TMDB's
    ratings IMDb's alone count.
    """
    rated, lower = _lower_by_kind(population, standard_scores)
    imdb = population.titles["imdb_rating"][rated]
    return imdb.mean() + imdb.std() * lower if len(imdb) else lower


def is_high_on_both(population: Population) -> Values:
    """1 for titles in the top quarter of their kind on both sites, else 0; NaN for unrated ones."""
    return _lower_by_kind(population, in_top_quarter)[1]


def _lower_by_kind(population: Population, measure: Callable[[Values], Any]) -> tuple[Mask, Values]:
    """Which titles are rated, and the lower of `measure` of their two ratings.

    `measure` gets the ratings of a kind's titles on one site; unrated titles are NaN.
    """
    titles = population.titles
    site_ratings = [
        titles[name] for name in ("imdb_rating", "tmdb_rating")[: 1 + population.has_tmdb]
    ]
    rated = ~np.isnan(sum(site_ratings, start=np.zeros(len(titles))))
    lower = np.full(len(titles), np.nan)
    for kind in np.unique(titles.kind[rated].astype(str)):
        of_kind = rated & (titles.kind == kind)
        lower[of_kind] = np.min([measure(values[of_kind]) for values in site_ratings], axis=0)
    return rated, lower


def over_peers(titles: Titles, ratings: Values) -> Values:
    """A title's rating less the mean of its peers, plus the mean of all.

    Peers are the rated titles of the same kind, genres in scope, decade and fame.
    """
    rated = ~np.isnan(ratings)
    decade = np.nan_to_num(titles["decade"])
    peers = codes(titles.kind.astype(str), titles.genres.astype(str), decade, titles.fame)
    size = np.bincount(peers[rated])
    means = np.bincount(peers[rated], weights=ratings[rated]) / np.maximum(size, 1)
    level = ratings[rated].mean() if rated.any() else np.nan
    adjusted = np.full(len(titles), np.nan)
    adjusted[rated] = ratings[rated] - means[peers[rated]] + level
    return adjusted


def work_of_title(titles: Titles) -> Keys:
    """The work that each title belongs to: the films of one franchise share a number."""
    franchise = titles["collection_id"]
    alone = -1 - np.arange(len(titles))
    return np.where(np.isnan(franchise), alone, franchise).astype(np.int64)


def rank(
    population: Population,
    role: str,
    values: Values,
    fewest: int = FEWEST_WORKS,
    by_franchise: bool = True,
) -> Ranking:
    """The people of a role, ranked by the shrunken mean of their works' `values`.

    Titles whose value is NaN don't count. The films of a franchise are alike, so one person's are
    one work with their mean value; without `by_franchise` each title is a work.
    """
    titles, credits = population.titles, population.credits
    of_role = credits.where((credits.role == role) & ~np.isnan(values[credits.title]))
    all_people, group = np.unique(of_role.person, return_inverse=True)
    work_of = work_of_title(titles) if by_franchise else np.arange(len(titles))
    work = codes(group, work_of[of_role.title])
    value = np.bincount(work, values[of_role.title]) / np.bincount(work)
    maker = np.zeros(len(value), dtype=np.int64)
    maker[work] = group
    works = np.bincount(maker, minlength=len(all_people))
    eligible = works >= fewest
    index, people = np.cumsum(eligible) - 1, int(eligible.sum())
    counted, group = of_role.where(eligible[group]), index[group[eligible[group]]]
    maker, value, works = index[maker[eligible[maker]]], value[eligible[maker]], works[eligible]
    mean = np.bincount(maker, value, people) / works
    shrunk = shrink(maker, value, people)
    votes = np.bincount(group, titles["imdb_votes"][counted.title], people)
    order = np.lexsort((all_people[eligible], -votes, -shrunk.score.round(9)))
    too_few = len(all_people) - people
    return Ranking(all_people[eligible], counted, group, works, mean, shrunk, order, too_few)


def _rows(part: Population, role: str, ratings: Values, high: Values) -> Iterator[dict[str, Any]]:
    """The rows of one role's list; `ratings` are the titles', `high` is 1 where both are high."""
    titles = part.titles
    ranking = rank(part, role, ratings)
    adjusted = rank(part, role, over_peers(titles, ratings))
    adjusted_rank = np.empty(len(adjusted.order), dtype=int)
    adjusted_rank[adjusted.order] = np.arange(1, len(adjusted.order) + 1)
    chances = chances_of_first(ranking.shrunk)
    sums = {name: ranking.sums(titles[column]) for name, column in _SUMMED.items()}
    sums["high_on_both"] = ranking.sums(high if part.has_tmdb else np.full(len(high), np.nan))
    rated_by = "imdb_and_tmdb" if part.has_tmdb else "imdb"
    left_out = _left_out(ranking, ratings, rated_by)
    for position, person in enumerate(ranking.order[:LISTED].tolist(), start=1):
        key, size = int(ranking.person[person]), int(ranking.size[person])
        yield {
            **{"rank": position, "person_key": key, "name": PersonName(key), "titles": size},
            **{"works": int(ranking.works[person]), "mean": float(ranking.mean[person])},
            "adjusted_rank": int(adjusted_rank[person]),
            **_scores(ranking.shrunk, person, ("score", "ci_low", "ci_high")),
            **_scores(adjusted.shrunk, person, ("adjusted", "adjusted_low", "adjusted_high")),
            **{name: number_or_null(sums[name][person] / size) for name in _MEANS},
            **{name: _whole_or_null(sums[name][person]) for name in (*_VOTES, "high_on_both")},
            "chance_of_first": number_or_null(chances[person]),
            **{"prior_mean": ranking.shrunk.mean, "prior_weight": ranking.shrunk.weight},
            "best_known": _best_known(ranking, titles, person),
            **{"rated_by": rated_by, "left_out": left_out},
        }


_MEANS = ("imdb_mean", "tmdb_mean")
_VOTES = ("imdb_votes", "tmdb_votes")
_SUMMED = {
    **{"imdb_mean": "imdb_rating", "tmdb_mean": "tmdb_rating"},
    **{name: name for name in _VOTES},
}
"""Each sum's column."""


def _scores(shrunk: Shrunk, person: int, names: tuple[str, str, str]) -> dict[str, float | None]:
    figures = (shrunk.score[person], shrunk.low[person], shrunk.high[person])
    return {name: number_or_null(figure) for name, figure in zip(names, figures, strict=True)}


def _whole_or_null(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _best_known(ranking: Ranking, titles: Titles, person: int) -> list[str]:
    """Up to three of the person's titles, those with the most IMDb votes first."""
    own_titles = ranking.credits.title[ranking.group == person].tolist()
    votes = titles["imdb_votes"]
    ranked = sorted(own_titles, key=lambda title: (votes[title], titles.name[title]), reverse=True)
    return [titles.name[title] for title in ranked[:3]]


_UNRATED = {"imdb_and_tmdb": "titles_without_both_ratings", "imdb": "titles_without_imdb_rating"}


def _left_out(ranking: Ranking, ratings: Values, rated_by: str) -> dict[str, int]:
    """How many people and titles the list leaves out, by reason."""
    counts = {
        f"people_under_{FEWEST_WORKS}_works": ranking.few_works,
        f"people_beyond_rank_{LISTED}": max(len(ranking.person) - LISTED, 0),
        _UNRATED[rated_by]: int(np.isnan(ratings).sum()),
    }
    return {reason: count for reason, count in counts.items() if count}
