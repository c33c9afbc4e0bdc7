"""Survival of censored observations: the Kaplan-Meier curve, and concordance."""

import numpy as np
from numpy.typing import NDArray

from datalake.statistics.correlation import Correlation
from datalake.statistics.estimate import FEWEST, Mask, Values

Counts = NDArray[np.float64]


def share_lasting(time: Values, over: Mask, beyond: float) -> float:
    """The share that lasts longer than `beyond` (Kaplan-Meier); NaN where nobody is known so long.

    `over` marks the observed ends; the others are censored: they last at least their `time`.
    """
    share = 1.0
    for moment in np.unique(time[over & (time <= beyond)]):
        share *= 1 - (over & (time == moment)).sum() / (time >= moment).sum()
    return share if len(time) and (time.max() > beyond or not share) else float("nan")


def concordance(
    time: Values, over: Mask, score: Values, stratum: NDArray[np.int64] | None = None
) -> Correlation | None:
    """Somers' D of `score` with `time`: concordant less discordant pairs, over all that count.

    Harrell's concordance is (1 + D) / 2. A pair counts where it is known who lasts longer: the
    shorter time is `over`. With `stratum` only pairs within one stratum count. Null under ten
    observations, and where no pair counts or all scores are equal.
    """
    n = len(time)
    if n < FEWEST or len(np.unique(score)) < 2:
        return None
    surplus, pairs = np.zeros(n), np.zeros(n)
    stratum = np.zeros(n, dtype=np.int64) if stratum is None else stratum
    for member in np.unique(stratum):
        chosen = stratum == member
        surplus[chosen], pairs[chosen] = _pairs(time[chosen], over[chosen], score[chosen])
    if not pairs.any():
        return None
    value = float(surplus.sum() / pairs.sum())
    return Correlation(value, 2 * n * (surplus - value * pairs) / pairs.sum())


def _pairs(time: Values, over: Mask, score: Values) -> tuple[Values, Values]:
    """By observation: its concordant less its discordant pairs, and how many of its pairs count."""
    _, time_rank = np.unique(time, return_inverse=True)
    _, rank = np.unique(score, return_inverse=True)
    shape = (time_rank.max() + 1, rank.max() + 1)
    ended, running = (_count_table(time_rank[mask], rank[mask], shape) for mask in (over, ~over))
    # Those censored at the same time last longer, too.
    later = (ended + running)[::-1].cumsum(axis=0)[::-1] - ended
    earlier = ended.cumsum(axis=0)
    # An ended one pairs with all that last longer; everyone pairs with all that ended before.
    before = np.where(
        over, *(_above_less_below(t)[time_rank, rank] for t in (earlier - ended, earlier))
    )
    surplus = np.where(over, _above_less_below(later)[time_rank, rank], 0) - before
    met = np.where(over, *(table.sum(axis=1)[time_rank] for table in (earlier - ended, earlier)))
    pairs = np.where(over, later.sum(axis=1)[time_rank], 0) + met
    return surplus, pairs


def _count_table(
    time_rank: NDArray[np.intp], rank: NDArray[np.intp], shape: tuple[int, int]
) -> Counts:
    counts = np.zeros(shape)
    np.add.at(counts, (time_rank, rank), 1)
    return counts


def _above_less_below(counts: Counts) -> Counts:
    """For each rank: how many have a higher one, less how many have a lower one."""
    running = counts.cumsum(axis=1)
    surplus: Counts = running[:, -1:] - 2 * running + counts
    return surplus
