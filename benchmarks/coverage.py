"""How often each interval holds the truth, on made-up samples: python coverage.py [--samples N].

One line per estimator and shape of the data: of N samples, the share whose 95 % interval holds what
was planted. Truths without a formula are the estimate on a sample of 100,000 or more.
"""

import argparse
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from datalake.questions.ratings.units import LONG
from datalake.questions.rising.rise import Rise, rating_correlation, top_share
from datalake.statistics.correlation import (
    Correlation,
    change_per_step,
    difference_of_independent,
    spearman,
)
from datalake.statistics.estimate import Estimate, Mask, Values
from datalake.statistics.growth import Growth, growth_of_counts
from datalake.statistics.prediction import Prediction, predict
from datalake.statistics.segments import Shape, find_shape
from datalake.statistics.shrinkage import shrink
from datalake.statistics.survival import concordance
from datalake.statistics.trend import slope_per_decade

Random = np.random.Generator
_LARGE = 100_000


class Case(NamedTuple):
    """An estimator on data of one shape; `sample` gives the shares held in one sample."""

    question: str
    estimate: str
    shape: str
    sample: Callable[[Random], list[bool]]


def main() -> None:
    """Print the table of all cases."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=400, help="a case (default 400)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="cases whose interval is of this, in part")
    options = parser.parse_args()
    print(f"{options.samples} samples a case\n")
    print("| Question | Interval of | Data | Holds |\n|---|---|---|--:|")
    for number, case in enumerate(cases()):
        if options.only not in case.estimate:
            continue
        random = np.random.default_rng([options.seed, number])
        held = [hit for _ in range(options.samples) for hit in case.sample(random)]
        share = f"{100 * np.mean(held):.1f} %"
        print(f"| {case.question} | {case.estimate} | {case.shape} | {share} |", flush=True)


def cases() -> Iterator[Case]:
    """Each estimator of the answers, on data of several shapes, by question."""
    for n in (30, 300):
        yield Case("1, 4", "ρ", f"{n} titles, ρ 0.5", _correlation(n))
        yield Case("1, 4", "ρ at equal fame", f"{n} titles", _partial(n))
        yield Case("4", "difference of two ρ", f"{n} titles, both 0.5", _lead(n))
    yield Case("1", "change of ρ a decade", "5 decades, 60 films each", _by_decade)
    yield Case("1", "a genre's ρ less the others'", "60 and 800 films", _genre)
    for titles in (3, 10):
        yield Case("2", "a person's score", f"100 people, {titles} titles each", _scores(titles))
    for r in (0.0, 0.3, 0.6):
        yield Case("3", "overall trend", f"60 years, autocorrelation {r}", _trend(60, r))
        for n in (60, 110):
            shape = f"{n} years, autocorrelation {r}, one bend"
            yield Case("3", "slopes of the periods", shape, _bent(n, r, _slopes_held))
            yield Case("3", "the bend's year", shape, _bent(n, r, _bend_held))
    for n in (50, 300):
        yield Case("4", "Somers' D of longevity", f"{n} series, some running", _concordance(n))
    for n in (60, 900):
        for slope in (0.0, 0.5):
            shape = f"{n} titles, loading {slope}"
            yield Case("4", "skill out of sample", shape, _skill(n, slope))
            yield Case("4", "gain of a second rating", shape, _gain(n, slope))
    yield Case("5", "times the expected votes", "600 titles, spread 0.7", _growth)
    for n in (50, 300):
        yield Case("4", "Somers' D at equal fame", f"{n} series, four classes", _stratified(n))
        shape = f"{n} series, some running"
        yield Case("4", f"share that lasts over {LONG} years", shape, _lasting(n))
    for n in (50, 300):
        shape = f"{n} of 1,000 titles, rising more"
        yield Case("5", "a genre's share of the top tenth", shape, _top_share(n))
        yield Case("5", "ρ at equal size and year", f"{n} titles, few votes gained", _foretold(n))
    yield from map(_bent_overall, (60, 110))


def _holds(estimate: Estimate, truth: float) -> list[bool]:
    return [] if estimate.low is None else [bool(estimate.low <= truth <= (estimate.high or 0))]


def _normal(random: Random, n: int, loading: float) -> tuple[Values, Values]:
    """Two columns whose Spearman correlation is `loading`."""
    pearson = 2 * np.sin(np.pi * loading / 6)
    first = random.normal(size=n)
    return first, pearson * first + np.sqrt(1 - pearson**2) * random.normal(size=n)


def _rho(columns: tuple[Values, ...], controls: tuple[int, ...] = ()) -> Correlation:
    correlation = spearman(*columns).between(0, 1, controls)
    assert correlation is not None
    return correlation


def _correlation(n: int) -> Callable[[Random], list[bool]]:
    return lambda random: _holds(_rho(_normal(random, n, 0.5)).estimate(), 0.5)


def _with_fame(random: Random, n: int) -> tuple[Values, ...]:
    """Budget, popularity, and the fame that both depend on."""
    fame = random.normal(size=n)
    budget = fame + random.normal(size=n)
    return budget, fame + 0.3 * budget + random.normal(size=n), fame


def _partial(n: int) -> Callable[[Random], list[bool]]:
    truth = _rho(_with_fame(np.random.default_rng(0), _LARGE), (2,)).value
    return lambda random: _holds(_rho(_with_fame(random, n), (2,)).estimate(), truth)


def _lead(n: int) -> Callable[[Random], list[bool]]:
    def sample(random: Random) -> list[bool]:
        success = random.normal(size=n)
        ratings = [success + 1.5 * random.normal(size=n) for _ in range(2)]
        correlations = spearman(success, *ratings)
        first, second = (correlations.between(0, site) for site in (1, 2))
        assert first is not None
        assert second is not None
        return _holds(first.lead_over(second), 0)

    return sample


def _by_decade(random: Random) -> list[bool]:
    z = [0.1 + 0.1 * decade for decade in range(5)]
    rhos = [_rho(_normal(random, 60, np.tanh(of_decade))) for of_decade in z]
    return _holds(change_per_step(range(5), rhos), 0.1)


def _genre(random: Random) -> list[bool]:
    own, others = (_rho(_normal(random, n, rho)) for n, rho in ((60, 0.3), (800, 0.5)))
    return _holds(difference_of_independent(own, others), np.arctanh(0.3) - np.arctanh(0.5))


def _scores(titles: int) -> Callable[[Random], list[bool]]:
    def sample(random: Random) -> list[bool]:
        truth = random.normal(6.5, 0.6, size=100)
        person = np.repeat(np.arange(100), titles)
        shrunk = shrink(person, truth[person] + random.normal(size=len(person)), 100)
        return [] if shrunk.weight is None else list((shrunk.low <= truth) & (truth <= shrunk.high))

    return sample


def _autocorrelated_noise(random: Random, n: int, r: float) -> Values:
    noise = random.normal(size=n)
    for year in range(1, n):
        noise[year] = r * noise[year - 1] + np.sqrt(1 - r * r) * noise[year]
    return noise


def _trend(n: int, r: float) -> Callable[[Random], list[bool]]:
    years = np.arange(2020.0 - n, 2020)
    return lambda random: _holds(
        slope_per_decade(years, 0.3 * years + 3 * _autocorrelated_noise(random, n, r)), 3
    )


def _bent(
    n: int, r: float, held: Callable[[Shape, float], list[bool]]
) -> Callable[[Random], list[bool]]:
    """Of the samples in which one bend was found."""
    years, line, bend = _bent_line(n)

    def sample(random: Random) -> list[bool]:
        shape = find_shape(years, line + 3 * _autocorrelated_noise(random, n, r))
        return held(shape, bend) if shape and len(shape.bends) == 1 else []

    return sample


def _bent_line(n: int) -> tuple[Values, Values, float]:
    """Years, a line that rises by six a decade up to its bend and no more after it, the bend."""
    years = np.arange(2020.0 - n, 2020)
    bend = float(years[n // 2])
    return years, 60 + 0.6 * (np.minimum(years, bend) - years[0]), bend


def _bent_overall(n: int) -> Case:
    years, line, _ = _bent_line(n)
    truth = slope_per_decade(years, line).value
    assert truth is not None

    def sample(random: Random) -> list[bool]:
        medians = line + 3 * random.normal(size=n)
        shape = find_shape(years, medians)
        assert shape is not None
        return _holds(slope_per_decade(years, medians, shape.bend_years), truth)

    return Case("3", "overall trend", f"{n} years, one bend", sample)


def _slopes_held(shape: Shape, bend: float) -> list[bool]:
    pairs = zip(shape.slopes, (6, 0), strict=True)
    return [hit for slope, truth in pairs for hit in _holds(slope, truth)]


def _bend_held(shape: Shape, bend: float) -> list[bool]:
    return _holds(shape.bends[0], bend)


def _series(random: Random, n: int) -> tuple[Values, Mask, Values]:
    """Years on air, whether they are over, and ratings: better-rated series run longer."""
    rating = random.normal(size=n)
    years = np.ceil(3 * np.exp(rating / 2) * random.exponential(size=n))
    censored_at = np.ceil(8 * random.exponential(size=n))
    return np.minimum(years, censored_at), years <= censored_at, rating


def _concordance(n: int) -> Callable[[Random], list[bool]]:
    truth = concordance(*_series(np.random.default_rng(0), _LARGE))
    assert truth is not None

    def sample(random: Random) -> list[bool]:
        correlation = concordance(*_series(random, n))
        return _holds(correlation.estimate(), truth.value) if correlation else []

    return sample


def _by_fame(random: Random, n: int) -> tuple[Values, Mask, Values, NDArray[np.int64]]:
    """Years on air, whether they are over, ratings, and classes of fame that both depend on."""
    fame = random.integers(0, 4, size=n)
    rating = fame / 2 + random.normal(size=n)
    years = np.ceil(2 * np.exp(fame / 4 + rating / 3) * random.exponential(size=n))
    censored_at = np.ceil(8 * random.exponential(size=n))
    return np.minimum(years, censored_at), years <= censored_at, rating, fame


def _stratified(n: int) -> Callable[[Random], list[bool]]:
    truth = concordance(*_by_fame(np.random.default_rng(0), _LARGE))
    assert truth is not None

    def sample(random: Random) -> list[bool]:
        correlation = concordance(*_by_fame(random, n))
        return _holds(correlation.estimate(), truth.value) if correlation else []

    return sample


def _lasting(n: int) -> Callable[[Random], list[bool]]:
    """Kaplan and Meier's, with log-log ends: SciPy's, which the page's equal (the tests say so)."""
    random = np.random.default_rng(0)
    years = 3 * np.exp(random.normal(size=_LARGE) / 2) * random.exponential(size=_LARGE)
    truth = float(np.mean(np.ceil(years) > LONG))

    def sample(random: Random) -> list[bool]:
        time, over, _ = _series(random, n)
        curve = stats.ecdf(stats.CensoredData.right_censored(time, ~over)).sf
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            ends: Any = curve.confidence_interval(method="log-log")
        low, high = (float(end.evaluate(LONG)) for end in (ends.low, ends.high))
        return [] if np.isnan(low) or time.max() <= LONG else [low <= truth <= high]

    return sample


def _predictions(random: Random, n: int, loading: float) -> tuple[Prediction, Prediction]:
    """By one rating, and by two that go together."""
    first = random.normal(size=n)
    second = 0.8 * first + 0.6 * random.normal(size=n)
    outcome = loading * first + random.normal(size=n)
    by_first, by_both = predict(outcome, first), predict(outcome, first, second)
    assert by_first is not None
    assert by_both is not None
    return by_first, by_both


def _skill(n: int, loading: float) -> Callable[[Random], list[bool]]:
    return _of_mean(n, loading, lambda by_first, by_both: by_both.estimate())


def _gain(n: int, loading: float) -> Callable[[Random], list[bool]]:
    return _of_mean(n, loading, lambda by_first, by_both: by_both.gain_over(by_first))


def _of_mean(
    n: int, loading: float, estimate: Callable[[Prediction, Prediction], Estimate]
) -> Callable[[Random], list[bool]]:
    """The truth is the mean over samples of that size, for fewer titles teach less."""
    random = np.random.default_rng(0)
    values = [estimate(*_predictions(random, n, loading)).value for _ in range(1_000)]
    truth = float(np.mean([value for value in values if value is not None]))
    return lambda random: _holds(estimate(*_predictions(random, n, loading)), truth)


def _growth(random: Random) -> list[bool]:
    size, age = random.normal(6, 1.5, size=600), random.uniform(1, 60, size=600)
    truth = np.exp(0.7 * random.normal(size=600))
    expected = np.exp(0.9 * size - 0.02 * age - 4)
    growth = growth_of_counts(random.poisson(expected * truth).astype(float), size, age)
    return [] if growth is None else list((growth.low <= truth) & (truth <= growth.high))


def _rise(growth: Growth | None, rating: Values, before: Values, gained: Values) -> Rise:
    n, unknown = len(rating), np.full(len(rating), np.nan)
    year = np.array(2020 - np.arange(n) % 60, dtype=np.float64)
    days = np.full(n, 30.0)
    return Rise(
        np.arange(n), before, before + gained, days, 2021 - year, rating, year, growth, unknown
    )


def _top_share(n: int) -> Callable[[Random], list[bool]]:
    """A genre whose titles lie half a standard error above the others."""
    truth = _genre_share(np.random.default_rng(0), 100 * n, 100_000).value
    assert truth is not None
    return lambda random: _holds(_genre_share(random, n, 1_000), truth)


def _genre_share(random: Random, n: int, of_kind: int) -> Estimate:
    of_genre, unknown = np.arange(of_kind) < n, np.full(of_kind, np.nan)
    z = random.normal(size=of_kind) + of_genre / 2
    growth = Growth(unknown, unknown, unknown, unknown, z)
    return top_share(_rise(growth, unknown, unknown, unknown), of_genre)


def _foretold(n: int) -> Callable[[Random], list[bool]]:
    """Better-rated titles are bigger and gain more; the median title gains two votes."""
    truth = _foretelling(np.random.default_rng(0), _LARGE).value
    return lambda random: _holds(_foretelling(random, n).estimate(), truth)


def _foretelling(random: Random, n: int) -> Correlation:
    rating = random.normal(size=n)
    before = np.floor(100 * np.exp(rating / 2 + random.exponential(1.5, size=n)))
    rate = before**0.9 / 100 * np.exp(0.3 * rating + 0.5 * random.normal(size=n))
    rise = _rise(None, rating, before, random.poisson(rate).astype(float))
    correlation = rating_correlation(rise, np.full(n, True), (2, 3))
    assert correlation is not None
    return correlation


if __name__ == "__main__":
    main()
