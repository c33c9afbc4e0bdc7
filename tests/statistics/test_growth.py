"""Growth beyond size and age: intervals that hold, planted risers, nobody where nobody rises."""

import numpy as np
import pytest
from scipy import stats

from datalake.statistics.growth import FEWEST_PEERS, growth_of_counts, growth_of_levels
from datalake.statistics.many import holm

SEEDS = 20


def made_up(seed, titles=500, spread=0.5):
    """Votes gained of titles whose rates spread about a plane, and how far each is off it."""
    random = np.random.default_rng(seed)
    size = np.log(100) + random.exponential(2, titles)
    age = np.log(random.integers(1, 60, titles))
    expected = np.exp(-5.5 + 0.9 * size - 0.5 * age)
    truth = np.exp(random.normal(0, spread, titles))
    return size, age, expected, truth, random.poisson(expected * truth).astype(float)


def certain(growth):
    return np.array(holm(stats.norm.sf(growth.z).tolist())) < 0.05


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.3, 0.7, 1.0])
def test_intervals_hold_the_true_excess_and_nobody_rises_where_all_are_alike(spread):
    held, false_alarms = [], 0
    for seed in range(SEEDS):
        size, age, _, truth, gained = made_up(seed, spread=spread)
        growth = growth_of_counts(gained, size, age)
        held.append(np.mean((growth.low <= truth) & (truth <= growth.high)))
        false_alarms += certain(growth).any()
    assert 0.92 <= np.mean(held) <= 0.98
    assert false_alarms <= 4  # of 20: five in a hundred are allowed


def test_a_planted_riser_is_first_and_certain():
    for seed in range(5):
        size, age, expected, _, gained = made_up(seed)
        planted = int(np.argsort(expected)[-50])
        gained[planted] = np.ceil(30 * expected[planted] + 30)
        growth = growth_of_counts(gained, size, age)
        assert int(np.argmax(growth.z)) == planted
        assert certain(growth)[planted]
        assert growth.low[planted] < gained[planted] / expected[planted] < growth.high[planted]


def test_many_times_a_tiny_expectation_is_no_news():
    size, age, expected, _, gained = made_up(3)
    smallest = int(np.argmin(expected))
    gained[smallest] = 1
    growth = growth_of_counts(gained, size, age)
    assert growth.excess[smallest] > 10
    assert not certain(growth)[smallest]


def test_the_expected_is_what_the_plane_says():
    size, age, expected, _, gained = made_up(1, titles=20_000)
    ratio = np.log(growth_of_counts(gained, size, age).expected / expected)
    assert abs(np.median(ratio)) < 0.05


def test_a_level_s_riser_is_found_and_its_fall_back_to_the_mean_is_expected():
    for seed in range(SEEDS):
        random = np.random.default_rng(seed)
        level = random.normal(0, 1, 400)
        change = -0.3 * level + random.normal(0, 0.2, 400)
        change[7] += 2
        growth = growth_of_levels(change, level)
        assert int(np.argmax(growth.z)) == 7
        assert growth.excess[7] == pytest.approx(np.exp(2), rel=0.9)
        assert np.isnan(growth.low).all()


@pytest.mark.parametrize("gained", [np.ones(FEWEST_PEERS - 1), np.zeros(FEWEST_PEERS)])
def test_few_titles_or_no_growth_have_no_baseline(gained):
    size = np.linspace(1, 5, len(gained))
    assert growth_of_counts(gained, size) is None
    assert growth_of_levels(gained * 0, size) is None
