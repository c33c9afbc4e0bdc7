"""How long things last where some are not over yet: Kaplan and Meier's curve, concordance."""

import numpy as np
from numpy.typing import NDArray

from datalake.statistics.correlation import Correlation
from datalake.statistics.estimate import FEWEST, Mask, Values

Counts = NDArray[np.float64]


def share_lasting(time: Values, over: Mask, beyond: float) -> float:
    """The share that lasts longer than that (Kaplan and Meier); NaN where nobody is known so long.

    `over` tells whose time is over; the others last at least their `time`.
    """
    share = 1.0
    for moment in np.unique(time[over & (time <= beyond)]):
        share *= 1 - (over & (time == moment)).sum() / (time >= moment).sum()
    return share if len(time) and (time.max() > beyond or not share) else float("nan")


def concordance(
    time: Values, over: Mask, score: Values, stratum: NDArray[np.int64] | None = None
) -> Correlation | None:
    """Somers' D: of two, how much more often the one of the higher score lasts longer.

    Harrell's concordance is (1 + D) / 2. A pair counts where it is known who lasts longer: the
    shorter time is over. With `stratum` only pairs of one stratum count. Null under ten, and where
    no pair counts or all scores are equal.
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
    """Each one's pairs: concordant less discordant ones, and how many count."""
    _, at = np.unique(time, return_inverse=True)
    _, rank = np.unique(score, return_inverse=True)
    shape = (at.max() + 1, rank.max() + 1)
    ended, running = (_table(at[mask], rank[mask], shape) for mask in (over, ~over))
    later = (ended + running)[::-1].cumsum(axis=0)[::-1] - ended  # running at the same time, too
    earlier = ended.cumsum(axis=0)
    # Who is over meets all that last longer; everyone meets all that were over before.
    before = np.where(over, *(_above_less_below(t)[at, rank] for t in (earlier - ended, earlier)))
    surplus = np.where(over, _above_less_below(later)[at, rank], 0) - before
    met = np.where(over, *(table.sum(axis=1)[at] for table in (earlier - ended, earlier)))
    pairs = np.where(over, later.sum(axis=1)[at], 0) + met
    return surplus, pairs


def _table(at: NDArray[np.intp], rank: NDArray[np.intp], shape: tuple[int, int]) -> Counts:
    counts = np.zeros(shape)
    np.add.at(counts, (at, rank), 1)
    return counts


def _above_less_below(counts: Counts) -> Counts:
    """For each rank: how many have a higher one, less how many have a lower one."""
    running = counts.cumsum(axis=1)
    surplus: Counts = running[:, -1:] - 2 * running + counts
    return surplus
