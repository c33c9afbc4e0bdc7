"""Skill on observations that were not learned from, and p-values of many looks."""

from types import SimpleNamespace

import numpy as np
import pytest

from datalake.questions.sensitivity import vary_all
from datalake.statistics.many import holm
from datalake.statistics.prediction import predict


def drawn(seed, n, loading):
    """An outcome, what it depends on, and a second thing much like that."""
    random = np.random.default_rng(seed)
    first = random.normal(size=n)
    second = 0.8 * first + 0.6 * random.normal(size=n)
    return loading * first + random.normal(size=n), first, second


def test_each_is_foretold_from_the_other_folds_alone():
    outcome, first, _ = drawn(1, 60, 0.5)
    prediction = predict(outcome, first)
    others = np.arange(60) % 10 != 3
    line = np.polynomial.Polynomial.fit(first[others], outcome[others], 1)
    assert prediction.errors[3] == pytest.approx((outcome[3] - line(first[3])) ** 2)
    assert prediction.baseline_errors[3] == pytest.approx(
        (outcome[3] - outcome[others].mean()) ** 2
    )


def test_the_planted_skill_is_found_and_nothing_is_gained_by_a_second():
    held, nothing = 0, 0
    for seed in range(20):
        outcome, first, second = drawn(seed, 900, 0.5)
        one, both = predict(outcome, first), predict(outcome, first, second)
        estimate = one.estimate()
        held += estimate.low <= 0.2 <= estimate.high
        nothing += both.gain_over(one).low <= 0
    assert held >= 17
    assert nothing == 20


def test_where_nothing_is_to_foretell_skill_is_not_above_zero():
    random = np.random.default_rng(3)
    estimates = [predict(*random.normal(size=(2, 80))).estimate() for _ in range(20)]
    assert sum(estimate.low > 0 for estimate in estimates) == 0
    assert np.mean([estimate.value for estimate in estimates]) < 0


@pytest.mark.parametrize("outcome", [np.arange(49.0), np.ones(80)])
def test_without_enough_to_tell_there_is_none(outcome):
    assert predict(outcome, np.arange(float(len(outcome)))) is None


@pytest.mark.parametrize(
    ("p_values", "corrected"),
    [
        ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),
        ([0.5, 0.001], [0.5, 0.002]),
        ([0.9, 0.8], [1.0, 1.0]),
        ([], []),
    ],
)
def test_holm_multiplies_the_least_by_all_and_never_reverses_an_order(p_values, corrected):
    assert holm(p_values) == pytest.approx(corrected)


def test_two_answers_that_mirror_each_other_are_one_look():
    def answer(subject, value, p):
        return {"subject": subject, "variant": "as_answered", "value": value, "p": p}

    rows = [answer("Crime", 0.2, 0.02), answer("War", -0.2, 0.02), answer("all", 0.5, 0.01)]
    variant = answer("Crime", 0.3, 0.001) | {"variant": "no_outliers"}
    without_value = answer("director", None, 0.5)
    family = [*rows, without_value, variant]
    question = SimpleNamespace(id="q1", vary=lambda population: family)
    corrected = [row["holm"] for row in vary_all([question], None)]
    # 0.01 of three looks, then 0.02 of the two that are left, then 0.5.
    assert corrected == pytest.approx([0.04, 0.04, 0.03, 0.5, None], nan_ok=True)


def test_the_interval_of_a_gain_is_as_wide_as_chance_and_no_wider():
    gains = []
    for seed in range(300):
        outcome, first, second = drawn(seed, 200, 0.0)
        gains.append(predict(outcome, first, second).gain_over(predict(outcome, first)))
    mean = np.mean([gain.value for gain in gains])
    held = np.mean([gain.low <= mean <= gain.high for gain in gains])
    assert 0.93 <= held <= 0.99
