"""The estimators against SciPy, against the jackknife, and on inputs that are easy to see."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from datalake.statistics.correlation import pearson, spearman
from datalake.statistics.estimate import FEWEST, Estimate
from datalake.statistics.robust import codes, logs, ranks_within, weighted_median, within_fences
from datalake.statistics.segments import find_shape
from datalake.statistics.shrinkage import Shrunk, chances_of_first, shrink
from datalake.statistics.trend import slope_per_decade

few_values = st.integers(-3, 3).map(float)
any_values = st.floats(-1e6, 1e6, width=32)


@st.composite
def columns(draw, count=3):
    """Columns of the same titles, with many ties or none."""
    n = draw(st.integers(FEWEST, 40))
    kinds = st.one_of(*(st.lists(v, min_size=n, max_size=n) for v in (few_values, any_values)))
    return [np.array(draw(kinds)) for _ in range(count)]


def varies(values):
    return len(set(values)) > 1


@given(columns())
def test_rank_correlations_are_those_of_scipy(sample):
    result = spearman(*sample)
    for other in (1, 2):
        correlation = result.between(0, other)
        if not (varies(sample[0]) and varies(sample[other])):
            assert correlation is None
            continue
        expected = stats.spearmanr(sample[0], sample[other]).statistic
        assert correlation.value == pytest.approx(expected, abs=1e-9)
        estimate = correlation.estimate()
        assert -1 <= estimate.low <= estimate.value <= estimate.high <= 1


@given(columns(count=4))
def test_partial_correlations_are_those_of_residuals(sample):
    assume(all(map(varies, sample)))
    ranks = [stats.rankdata(column) for column in sample]
    lines = np.column_stack([np.ones(len(ranks[0])), *ranks[2:]])
    assume(np.linalg.cond(np.corrcoef(ranks)) < 1e6)
    x, y = (r - lines @ np.linalg.lstsq(lines, r, rcond=None)[0] for r in ranks[:2])
    result = spearman(*sample).between(0, 1, (2, 3))
    assert result.value == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-6)


@pytest.mark.parametrize("correlations", [spearman, pearson])
@pytest.mark.parametrize("controls", [(), (2,), (2, 3)])
@pytest.mark.parametrize("digits", [0, 9])
def test_influences_are_those_of_leaving_one_out(correlations, controls, digits):
    random = np.random.default_rng(3)
    n = 400
    fame = random.normal(size=n)
    sample = [np.round(fame + random.normal(size=n), digits) for _ in range(4)]
    whole = correlations(*sample).between(0, 1, controls)
    without = [
        correlations(*(np.delete(c, i) for c in sample)).between(0, 1, controls).value
        for i in range(n)
    ]
    jackknife = (n - 1) * (whole.value - np.array(without))
    # The sum of squares is what the interval is made of.
    assert np.sqrt(np.square(whole.influence).sum()) == pytest.approx(
        np.sqrt(np.square(jackknife - jackknife.mean()).sum()), rel=0.02
    )
    assert np.corrcoef(whole.influence, jackknife)[0, 1] > 0.999


def test_a_control_that_never_varies_controls_nothing():
    random = np.random.default_rng(1)
    x, y = random.normal(size=(2, 50))
    result = spearman(x, y, np.ones(50))
    assert result.between(0, 1, (2,)).value == result.between(0, 1).value


def test_a_control_that_is_the_same_as_the_measure_leaves_nothing_to_tell():
    random = np.random.default_rng(1)
    x, y = random.normal(size=(2, 50))
    assert spearman(x, y, y).between(0, 1, (2,)) is None


@pytest.mark.parametrize("n", [0, 1, FEWEST - 1])
def test_too_few_titles_give_no_correlation(n):
    values = np.arange(n, dtype=float)
    assert spearman(values, values).between(0, 1) is None


def test_a_perfect_correlation_is_one_and_so_are_its_ends():
    values = np.arange(20, dtype=float)
    result = spearman(values, values, -values)
    assert result.between(0, 1).estimate() == Estimate(1, 1, 1, 0)
    assert result.between(0, 2).estimate() == Estimate(-1, -1, -1, 0)


def test_a_lead_is_of_the_sign_not_of_strength():
    random = np.random.default_rng(1)
    outcome = random.normal(size=2_000)
    closer, looser = (outcome + noise * random.normal(size=2_000) for noise in (0.5, 1.5))
    result = spearman(outcome, closer, looser, -closer)
    lead = result.between(0, 1).lead_over(result.between(0, 2))
    opposite = result.between(0, 3).lead_over(result.between(0, 2))
    assert lead.low > 0 > opposite.high
    assert lead.p < 1e-9


def test_the_interval_of_a_lead_is_that_of_the_bootstrap():
    random = np.random.default_rng(2)
    outcome = random.normal(size=500)
    first, second = (np.round(outcome + random.normal(size=500), 1) for _ in range(2))
    result = spearman(outcome, first, second)
    lead = result.between(0, 1).lead_over(result.between(0, 2))

    def rhos(chosen):
        pairs = ((outcome[chosen], rating[chosen]) for rating in (first, second))
        return [abs(stats.spearmanr(*pair).statistic) for pair in pairs]

    drawn = np.array([rhos(random.integers(500, size=500)) for _ in range(500)])
    low, high = np.quantile(drawn[:, 0] - drawn[:, 1], [0.025, 0.975])
    assert lead.high - lead.low == pytest.approx(high - low, rel=0.1)
    assert (lead.low, lead.high) == pytest.approx((low, high), abs=0.02)


def test_a_planted_slope_is_found_past_odd_years():
    years = np.arange(1950.0, 2020.0)
    medians = 90 + 0.3 * (years - 1950)
    medians[5], medians[40] = 43_200.0, 1.0
    slope = slope_per_decade(years, medians)
    assert (slope.value, slope.low, slope.high) == pytest.approx((3, 3, 3))


def test_slopes_are_those_of_scipy_where_years_are_independent():
    random = np.random.default_rng(6)
    years = np.arange(1950.0, 2020.0)
    medians = 0.2 * years + random.normal(size=70)
    medians[1::2] = np.sort(medians[1::2])[::-1]  # neighbours differ: no widening
    slope = slope_per_decade(years, medians)
    expected = stats.theilslopes(medians, years, alpha=0.95)
    result = (slope.value / 10, slope.low / 10, slope.high / 10)
    assert result == pytest.approx((expected[0], expected[2], expected[3]), abs=2e-3)


def test_years_that_resemble_each_other_widen_the_interval():
    years = np.arange(100.0)
    random = np.random.default_rng(1)
    noise = random.normal(size=100)
    slow = np.convolve(random.normal(size=104), np.ones(5), "valid")
    independent, alike = (slope_per_decade(years, years + 3 * e) for e in (noise, slow))
    assert alike.high - alike.low > 2 * (independent.high - independent.low)


def test_a_bend_s_interval_holds_every_year_in_the_f_region_of_place_and_change():
    random, years = np.random.default_rng(2), np.arange(1960.0, 2020)
    values = 60 + 0.6 * np.minimum(years - 1960, 30) + 3 * random.normal(size=60)
    shape = find_shape(years, values)
    squares = {}
    for place in years[10:-10]:
        design = np.column_stack([np.ones(60), years, np.maximum(years - place, 0)])
        squares[place] = np.linalg.lstsq(design, values, rcond=None)[1][0]
    least = min(squares.values())
    region = [p for p, s in squares.items() if (s / least - 1) * 56 / 2 <= stats.f.ppf(0.95, 2, 56)]
    (bend,) = shape.bends
    assert (bend.low, bend.high) == (min(region), max(region)) == (1981, 1997)


def test_under_ten_years_there_is_no_slope():
    assert slope_per_decade(np.arange(9.0), np.full(9, 90.0)) == Estimate()


def test_years_that_never_change_have_slope_zero():
    slope = slope_per_decade(np.arange(30.0), np.full(30, 90.0))
    assert (slope.value, slope.low, slope.high) == (0, 0, 0)


def test_under_ten_people_there_is_no_order():
    shrunk = shrink(np.repeat(np.arange(9), 3), np.arange(27.0), 9)
    assert shrunk.weight is None
    assert set(shrunk.score) == {13.0}
    assert np.isnan(shrunk.error).all()
    assert np.isnan(chances_of_first(shrunk)).all()


def test_nobody_has_no_scores():
    shrunk = shrink(np.zeros(0, dtype=np.int64), np.zeros(0), 0)
    assert (len(shrunk.score), len(chances_of_first(shrunk))) == (0, 0)


def test_chances_are_those_of_drawing():
    random = np.random.default_rng(4)
    score, error = random.normal(7, 0.4, size=30), random.uniform(0.1, 0.5, size=30)
    drawn = random.normal(score, error, size=(200_000, 30)).argmax(axis=1)
    expected = np.bincount(drawn, minlength=30) / 200_000
    result = chances_of_first(Shrunk(score, error, 7.0, 1.0))
    assert result == pytest.approx(expected, abs=0.005)
    assert result.sum() == pytest.approx(1)


def test_equal_weights_make_the_ordinary_median():
    for values in ([3.0], [1.0, 2.0], [5.0, 1.0, 3.0], [4.0, 4.0, 1.0, 9.0]):
        result = weighted_median(np.array(values), np.ones(len(values)))
        assert result == np.median(values)


@given(st.lists(st.tuples(any_values, st.integers(1, 4)), min_size=1, max_size=20))
def test_a_weighted_median_is_that_of_repeated_values(pairs):
    values, weights = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    repeated = np.repeat(values, weights.astype(int))
    assert weighted_median(values, weights) == pytest.approx(np.median(repeated))


def test_what_lies_three_ranges_out_is_beyond_the_fences():
    values = np.array([*range(1, 22), 60.0, -40.0, 50.0, np.nan])
    # Quartiles of the 24 known ones: 5.75 and 17.25; fences at -28.75 and 51.75.
    assert within_fences(values).tolist() == [True] * 21 + [False, False, True, False]


@pytest.mark.parametrize(("groups", "each"), [(10, 3), (40, 3), (300, 7)])
def test_people_differ_where_the_f_test_says_so(groups, each):
    agreed = 0
    for seed in range(50):
        random = np.random.default_rng(seed)
        group = np.repeat(np.arange(groups), each)
        values = random.normal(size=groups)[group] * 0.5 + random.normal(size=len(group))
        p = stats.f_oneway(*values.reshape(groups, each)).pvalue
        agreed += (shrink(group, values, groups).weight is not None) == (p < 0.05)
    assert agreed >= 49


def test_logarithms_of_what_has_none_are_unknown():
    assert np.isnan(logs(np.array([0.0, -1.0]))).all()


def test_ranks_within_a_year_do_not_hang_on_its_level():
    year = np.array([1990, 1990, 1990, 2020, 2020, 2020])
    dollars = np.array([1, 2, 3, 1, 2, 3])
    inflated = dollars * np.where(year == 2020, 2.4, 1)
    assert ranks_within(year, dollars).tolist() == ranks_within(year, inflated).tolist()


def test_codes_are_equal_where_all_columns_are():
    result = codes(np.array(["a", "b", "a", "a"]), np.array([1.0, 1.0, 2.0, 1.0]))
    assert result[0] == result[3]
    assert len(set(result.tolist())) == 3
