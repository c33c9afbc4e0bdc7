"""Rank correlations by counts against SciPy on the resampled rows themselves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from datalake.answers.statistics import (
    FEWEST,
    SEED,
    Estimate,
    compare_correlations,
    slope_per_decade,
)

UNKNOWN = Estimate()
few_values = st.integers(-3, 3).map(float)
any_values = st.floats(allow_nan=False, width=32)


@st.composite
def titles(draw):
    """Outcome and two ratings of the same titles, with many ties or none."""
    n = draw(st.integers(FEWEST, 40))
    column = st.one_of(*(st.lists(v, min_size=n, max_size=n) for v in (few_values, any_values)))
    return [np.array(draw(column)) for _ in range(3)]


def varies(values):
    return len(set(values)) > 1


@given(titles())
def test_intervals_are_those_of_scipy_on_the_repeated_rows(columns):
    outcome, first, second = columns
    of_first, of_second, lead = compare_correlations(outcome, first, second, resamples=20)
    if not all(map(varies, columns)):
        assert (of_first, of_second, lead) == (UNKNOWN, UNKNOWN, UNKNOWN)
        return
    random = np.random.default_rng(SEED)
    drawn = [random.integers(len(outcome), size=len(outcome)) for _ in range(20)]
    rhos = np.array([scipy_rhos(outcome[d], first[d], second[d]) for d in drawn])
    strength = np.abs(rhos)
    for estimate, column in (
        (of_first, rhos[:, 0]),
        (of_second, rhos[:, 1]),
        (lead, strength[:, 0] - strength[:, 1]),
    ):
        expected = np.nanquantile(column, [0.025, 0.975])
        assert (estimate.low, estimate.high) == pytest.approx(tuple(expected), abs=1e-9)
    rho_first, rho_second = scipy_rhos(outcome, first, second)
    assert (of_first.value, of_second.value) == pytest.approx((rho_first, rho_second), abs=1e-9)
    assert lead.value == pytest.approx(abs(rho_first) - abs(rho_second), abs=1e-9)


def scipy_rhos(outcome, *ratings):
    return [
        stats.spearmanr(outcome, rating).statistic if varies(outcome) and varies(rating) else np.nan
        for rating in ratings
    ]


def noisy(random, outcome, noise):
    return np.round(outcome + noise * random.normal(size=len(outcome)), 1)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_planted_better_rating_is_found_whatever_the_sign(sign):
    random = np.random.default_rng(1)
    outcome = random.normal(size=2_000)
    better, worse = noisy(random, outcome, 0.5), noisy(random, outcome, 1.5)
    *_, lead = compare_correlations(outcome, sign * better, sign * worse, resamples=200)
    *_, behind = compare_correlations(outcome, sign * worse, sign * better, resamples=200)
    assert lead.low > 0 > behind.high


def test_equally_good_ratings_differ_in_about_one_of_twenty_samples():
    found = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        outcome = random.normal(size=200)
        *_, lead = compare_correlations(
            outcome, noisy(random, outcome, 1), noisy(random, outcome, 1), resamples=200
        )
        found += not lead.low <= 0 <= lead.high
    assert found <= 6  # more than 6 of 40 at 5 %: once in 280 tries


@pytest.mark.parametrize("n", [0, 1, FEWEST - 1])
def test_too_few_titles_give_no_estimate(n):
    values = np.arange(n, dtype=float)
    assert compare_correlations(values, values, values) == (UNKNOWN, UNKNOWN, UNKNOWN)


def test_a_planted_slope_is_found_past_odd_years():
    years = list(range(1950, 2020))
    medians = [90 + 0.3 * (year - 1950) for year in years]
    medians[5], medians[40] = 43_200.0, 1.0
    slope = slope_per_decade(years, medians)
    assert slope.value == pytest.approx(3)
    assert slope.low == pytest.approx(3)
    assert slope.high == pytest.approx(3)


def test_under_ten_years_there_is_no_slope():
    assert slope_per_decade(range(9), [90.0] * 9) == UNKNOWN
