"""What is rising: a planted riser, what ratings foretold, and lakes that can't tell yet."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats
from support.report_pages import translator
from support.two_loads import NOW, RISER, two_loads

from datalake.questions.charts import chart_data
from datalake.questions.loads import day_near_span
from datalake.questions.rising import QUESTION
from datalake.questions.rising.rise import top_share
from datalake.statistics.estimate import Estimate

VOTES = {"span": 30, "measure": "imdb_votes", "kind": "movie", "genre": "all"}


def rows_of(population, **wanted):
    rows = QUESTION.answer(population)
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def with_earlier(population, **figures):
    """The population whose earlier load has these figures."""
    now, then = population.loads
    return replace(population, loads=(now, replace(then, measures={**then.measures, **figures})))


def headline(population, language="en"):
    return QUESTION.chapter.tell(QUESTION.answer(population), translator(language)).headline


@pytest.mark.parametrize("seed", range(3))
def test_the_planted_riser_is_first_by_votes_and_by_popularity(seed):
    population = two_loads(seed)
    for measure in ("imdb_votes", "popularity"):
        first, second, *_ = rows_of(population, **VOTES | {"measure": measure})
        assert (first["title"], first["place"], first["is_rising"]) == (f"Title {RISER}", 1, True)
        assert second["z"] < first["z"]
    first = rows_of(population, **VOTES)[0]
    assert first["excess"] == pytest.approx(25, rel=0.25)
    assert first["ci_low"] < first["excess"] < first["ci_high"]
    assert first["per_day"] == pytest.approx((first["after"] - first["before"]) / 30)


@pytest.mark.slow
def test_where_nobody_rises_the_answer_says_so():
    named = sum("none rises for certain" not in headline(two_loads(s, factor=1)) for s in range(8))
    assert named <= 2


@pytest.mark.parametrize(("by_rating", "direction"), [(0.4, 1), (-0.4, -1)])
def test_what_the_rating_foretold_is_found_among_titles_of_equal_size(by_rating, direction):
    row = rows_of(two_loads(by_rating=by_rating), **VOTES)[0]
    low, high = row["adjusted_low"], row["adjusted_high"]
    assert low < row["adjusted"] < high
    assert int(low > 0) - int(high < 0) == direction


@pytest.mark.slow
def test_what_the_rating_did_not_foretell_is_0_in_most_samples():
    rows = [rows_of(two_loads(seed), **VOTES)[0] for seed in range(20)]
    assert sum(row["adjusted_low"] < 0 < row["adjusted_high"] for row in rows) >= 17


def test_who_counts_and_who_is_left_out_make_all_films():
    population = two_loads()
    votes = population.loads[1]["imdb_votes"].copy()
    year = population.loads[1]["start_year"].copy()
    votes[[0, 1]], votes[2], year[4] = np.nan, 99, np.nan
    year[5] = 1800
    changed = with_earlier(population, imdb_votes=votes, start_year=year)
    row = rows_of(changed, **VOTES)[0]
    assert row["left_out"] == {"no_figure": 2, "few_votes": 1, "new": 1}
    assert row["n"] + 4 == sum(population.titles.kind == "movie")
    assert (row["redated"], row["gone"]) == (1, 3)


def test_a_title_that_was_not_asked_again_is_missing_not_zero():
    population = two_loads()
    now, then = population.loads
    fetched_at = then["fetched_at"].copy()
    fetched_at[::2] = now["fetched_at"][::2]
    row = rows_of(
        with_earlier(population, fetched_at=fetched_at), **VOTES | {"measure": "popularity"}
    )[0]
    films = int(sum(population.titles.kind == "movie"))
    assert row["left_out"] == {"not_fetched_anew": films - row["n"]}
    assert row["title"] != f"Title {RISER}"


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_one_load_says_when_it_can_be_answered_and_draws_nothing(language):
    population = two_loads()
    one = replace(population, loads=population.loads[:1])
    text, translate = headline(one, language), translator(language)
    for day in (NOW, date(2026, 11, 5), date(2026, 11, 16)):
        assert translate.day(day) in text
    assert {row["n"] for row in QUESTION.answer(one)} == {0}
    assert QUESTION.vary(one) == []
    assert set(chart_data(one, [QUESTION.charts])["rising"]["title"]) == set()
    assert QUESTION.chapter.tell([], translate).headline == translate("rising.no_load")


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_two_loads_of_the_same_files_can_t_tell(language):
    population = two_loads()
    now, _ = population.loads
    same = with_earlier(population, imdb_day=now["imdb_day"], fetched_at=now["fetched_at"])
    translate = translator(language)
    days = {"since": translate.day(date(2026, 10, 2)), "until": translate.day(NOW)}
    assert headline(same, language) == translate("rising.same_files", **days)


@pytest.mark.parametrize(
    ("days", "span", "expected"),
    [
        ([1, 25, 33, 60], 30, 33),  # the nearer one
        ([15], 30, 15),  # half as far off at most
        ([14, 46], 30, None),
        ([], 7, None),
    ],
)
def test_the_earlier_load_is_the_one_nearest_to_the_span(days, span, expected):
    loads = {date.fromordinal(NOW.toordinal() - days_ago): days_ago for days_ago in (0, *days)}
    assert loads.get(day_near_span(loads, NOW, span)) == expected


def test_the_chart_names_the_riser_with_its_figures():
    population = two_loads()
    data = chart_data(population, [QUESTION.charts])
    rising, first = data["rising"], rows_of(population, **VOTES)[0]
    place = rising["title"].index(RISER)
    assert data["titles"]["name"][RISER] == first["title"]
    for name in ("excess", "per_day", "expected_per_day", "z", "holm"):
        assert rising[name][place] == pytest.approx(first[name], abs=1e-6)


def rise_of(is_top):
    """A rise whose tenth that rose most is known beforehand."""
    return SimpleNamespace(is_top=is_top, growth="there are peers enough")


@pytest.mark.parametrize("n", [1, 2, 10, 43, 500, 20_000])
@pytest.mark.parametrize("share", [0, 0.01, 0.1, 0.5, 0.93, 1])
def test_a_genre_s_share_of_the_top_has_wilson_s_interval_as_scipy_computes_it(n, share):
    k = round(share * n)
    of_genre = np.arange(n + 7) >= 7
    is_top = np.arange(n + 7) < 7 + k  # the seven of other genres are at the top, too
    estimate = top_share(rise_of(is_top), of_genre)
    ends = stats.binomtest(k, n).proportion_ci(confidence_level=0.95, method="wilson")
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx(
        (k / n, ends.low, ends.high), rel=1e-9, abs=1e-12
    )


def test_a_genre_without_titles_or_a_kind_without_peers_has_no_share_of_the_top():
    nobody, everyone = np.full(50, False), np.full(50, True)
    assert top_share(rise_of(everyone), nobody) == Estimate()
    without_peers = SimpleNamespace(is_top=nobody, growth=None)
    assert top_share(without_peers, everyone) == Estimate()


def test_the_shares_of_the_top_count_who_is_in_the_first_tenth_of_the_kind():
    crime, war, both = (
        rows_of(two_loads(), **VOTES | {"genre": genre})[0] for genre in ("Crime", "War", "all")
    )
    tenth = round(both["n"] / 10)
    # A third of the films are of both genres, so that they count twice.
    assert tenth <= crime["top_share"] * crime["n"] + war["top_share"] * war["n"] <= 2 * tenth
    for row in (crime, war):
        k = round(row["top_share"] * row["n"])
        ends = stats.binomtest(k, row["n"]).proportion_ci(method="wilson")
        assert (row["top_low"], row["top_high"]) == pytest.approx((ends.low, ends.high))
    assert both["top_share"] is None
