"""Distributions and ranks are those of `scipy.stats`, in the tails, too."""

import numpy as np
import pytest
from scipy import stats

from datalake.statistics import distributions as ours
from datalake.statistics import growth
from datalake.statistics.trend import least_squares_per_decade

SHARES = np.array([1e-300, 1e-12, 0.025, 0.05, 0.5, 0.75, 0.95, 0.975, 1 - 1e-12])
Z = np.array([-40.0, -8.0, -1.96, 0.0, 0.3, 1.96, 8.0, 40.0])
COUNTS = np.array([-1, 0, 1, 7, 699])[:, None]
MEANS = np.array([1e-11, 0.5, 7.0, 400.0, 1e4])


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        (ours.normal_quantile(SHARES), stats.norm.ppf(SHARES)),
        (ours.normal_tail(Z), stats.norm.sf(Z)),
        (ours.log_normal_share(Z), stats.norm.logcdf(Z)),
        (ours.log_normal_density(Z), stats.norm.logpdf(Z)),
        *((ours.student_quantile(0.975, n), stats.t.ppf(0.975, n)) for n in (1, 2.5, 8, 1e5)),
        *((ours.student_tail(Z, n), stats.t.sf(Z, n)) for n in (1, 2.5, 8, 1e5)),
        *((ours.f_quantile(0.95, 2, n), stats.f.ppf(0.95, 2, n)) for n in (1, 2.5, 8, 1e5)),
        *((ours.f_tail(f, 9, 40), stats.f.sf(f, 9, 40)) for f in (0, 0.5, 2, 90)),
        *(
            (ours.gamma_quantile(share, MEANS + 0.5), stats.gamma.ppf(share, MEANS + 0.5))
            for share in (0.025, 0.975)
        ),
        (ours.poisson_tail(COUNTS, MEANS), stats.poisson.sf(COUNTS, MEANS)),
        (ours.poisson_chance(COUNTS[1:], MEANS), stats.poisson.pmf(COUNTS[1:], MEANS)),
        (ours.mid_ranks([3.0, 1.0, 3.0, -2.0, 3.0]), [4.0, 2.0, 4.0, 1.0, 4.0]),
        (ours.mid_ranks([]), []),
    ],
)
def test_it_is_scipy_s(figures, expected):
    assert figures == pytest.approx(expected, rel=1e-12, abs=1e-300)


def test_the_expected_square_of_a_cut_normal_number_is_its_integral():
    integral = stats.norm.expect(lambda z: min(z * z, growth._SQUARE_CUTOFF**2))
    assert pytest.approx(integral, rel=1e-7) == growth._EXPECTED_SQUARE


@pytest.mark.parametrize("noise", [1.0, 0.001])
def test_the_ordinary_line_is_scipy_s(noise):
    years = [1980, 1981, 1983, *range(1990, 2001)]
    lengths = [90 + 0.3 * (year - 1980) + noise * np.sin(year) for year in years]
    found, line = least_squares_per_decade(years, lengths), stats.linregress(years, lengths)
    half = stats.t.ppf(0.975, len(years) - 2) * line.stderr
    expected = [10 * line.slope, 10 * (line.slope - half), 10 * (line.slope + half), line.pvalue]
    assert [found.value, found.low, found.high, found.p] == pytest.approx(expected, rel=1e-6)


def test_a_line_without_slope_is_certain_of_it():
    level = least_squares_per_decade(list(range(12)), [3.0] * 12)
    assert (level.value, level.low, level.high, level.p) == (0, 0, 0, 1)
