"""How long things last, some of them not over yet: against SciPy, pair by pair, planted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from datalake.statistics.survival import concordance, share_lasting

series = st.tuples(st.integers(1, 9), st.booleans(), st.integers(0, 5))


def columns(rows):
    time, over, score = (np.array(column) for column in zip(*rows, strict=True))
    return time.astype(float), over, score.astype(float)


@given(st.lists(series, min_size=10, max_size=40), st.integers(1, 8))
def test_the_share_lasting_is_scipys(rows, beyond):
    time, over, _ = columns(rows)
    share = share_lasting(time, over, beyond)
    if np.isnan(share):
        assert time.max() <= beyond
        return
    curve = stats.ecdf(stats.CensoredData.right_censored(time, ~over)).sf
    assert share == pytest.approx(curve.evaluate(beyond))


@given(st.lists(series, min_size=10, max_size=30), st.booleans())
def test_concordance_is_that_of_all_pairs(rows, stratified):
    time, over, score = columns(rows)
    stratum = (np.arange(len(rows)) % 2) if stratified else np.zeros(len(rows), dtype=int)
    pairs = [
        np.sign(score[j] - score[i])
        for i in range(len(rows))
        for j in range(len(rows))
        if stratum[i] == stratum[j]
        and over[i]
        and (time[j] > time[i] or (time[j] == time[i] and not over[j]))
    ]
    result = concordance(time, over, score, stratum)
    if not pairs or len(set(score)) < 2:
        assert result is None
    else:
        assert result.value == pytest.approx(np.mean(pairs), abs=1e-12)


def test_its_influences_are_those_of_leaving_one_out():
    time, over, score = drawn(5, 200)
    whole = concordance(time, over, score)
    without = [
        concordance(*(np.delete(column, i) for column in (time, over, score))).value
        for i in range(200)
    ]
    jackknife = 199 * (whole.value - np.array(without))
    assert np.corrcoef(whole.influence, jackknife)[0, 1] > 0.999
    assert np.std(whole.influence) == pytest.approx(np.std(jackknife), rel=0.02)


def drawn(seed, n):
    """Better-rated series last longer; a third still run."""
    random = np.random.default_rng(seed)
    rating = random.normal(size=n)
    years = np.ceil(3 * np.exp(rating / 2) * random.exponential(size=n))
    known = np.ceil(8 * random.exponential(size=n))
    return np.minimum(years, known), years <= known, rating


def test_the_planted_concordance_is_within_its_interval():
    truth = concordance(*drawn(1_000, 20_000)).value
    held = 0
    for seed in range(20):
        estimate = concordance(*drawn(seed, 150)).estimate()
        held += estimate.low <= truth <= estimate.high
    assert truth > 0.25
    assert held >= 17
