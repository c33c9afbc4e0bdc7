"""Estimators that SciPy lacks, against figures that other libraries computed of the same numbers.

The libraries are not installed here: statsmodels and its pandas alone take over 140 MB. The inputs
are formulas, not drawn, so that whoever has the libraries gets the same figures by the calls that
stand beside them: statsmodels 0.15.0, lifelines 0.30.3, scikit-learn 1.9.1.
"""

import numpy as np
import pytest

from datalake.statistics.growth import growth_of_levels
from datalake.statistics.many import holm
from datalake.statistics.prediction import predict
from datalake.statistics.survival import concordance, share_lasting


def test_the_growth_of_levels_is_statsmodels_robust_line():
    i = np.arange(240)
    level, age = 2 * np.sin(i), np.log(1 + i % 50)
    change = 0.4 - 0.3 * level + 0.1 * np.cos(7 * i) + np.where(i % 40 == 3, 1.5, 0.0) - 0.2 * age
    growth = growth_of_levels(change, level, age)
    # By RLM(change, [1, level, age], M=HuberT(t=3)).fit(scale_est="mad", tol=1e-12): params, scale
    constant, of_level, of_age = 0.42616508982733947, -0.29823066065259995, -0.20594656887122834
    scale = 0.1028001240914487
    expected = constant + of_level * level + of_age * age
    assert np.log(growth.expected) == pytest.approx(expected, abs=1e-7)
    assert growth.z == pytest.approx((change - expected) / scale, abs=1e-5)
    design = np.column_stack([np.ones(240), level, age])
    by_least_squares = np.linalg.lstsq(design, change, rcond=None)[0]
    assert by_least_squares[0] > constant + 0.01  # the outliers move it


def test_holm_s_correction_is_statsmodels():
    p_values = [0.01, 0.013, 0.2, 0.001, 0.04, 0.04, 0.9]
    # By multipletests(p_values, method="holm")[1]
    assert holm(p_values) == pytest.approx([0.06, 0.065, 0.4, 0.007, 0.16, 0.16, 0.9])


def lasting():
    """Years, whether they are over, and a rating, with ties in each."""
    i = np.arange(60)
    time = 1.0 + (7 * i) % 11
    return time, (5 * i) % 7 > 1, np.round(np.sin(i) + time / 8, 1)


def test_concordance_is_lifelines():
    time, over, rating = lasting()
    # By concordance_index(time, rating, over)
    assert (1 + concordance(time, over, rating).value) / 2 == pytest.approx(0.7116613418530351)


@pytest.mark.parametrize(
    # By KaplanMeierFitter().fit(time, over).predict(years)
    ("years", "share"),
    [(2, 0.8487654320987656), (5, 0.6671772022649219), (8, 0.39404415045221625)],
)
def test_the_share_that_lasts_is_lifelines(years, share):
    time, over, _ = lasting()
    assert share_lasting(time, over, years) == pytest.approx(share)


def test_skill_and_gain_out_of_sample_are_scikit_learns():
    i = np.arange(120)
    first, second = np.sin(i), np.cos(3 * i)
    outcome = 0.5 * first + 0.3 * second + np.cos(i**2)
    one, both = predict(outcome, first), predict(outcome, first, second)
    # By 1 - Σ(outcome - cross_val_predict(LinearRegression(), …, cv=PredefinedSplit(i % 10)))²
    #   / Σ(outcome - cross_val_predict(DummyRegressor(), …))²
    assert one.skill == pytest.approx(0.16207712100813)
    assert both.skill == pytest.approx(0.25432242016304685)
    assert both.gain_over(one).value == pytest.approx(0.25432242016304685 - 0.16207712100813)
