"""Where values stand among those of their group."""

import numpy as np

from datalake.statistics.estimate import Mask, Values
from datalake.statistics.shrinkage import ROUNDING


def standard_scores(values: Values) -> Values:
    """Standard deviations above the mean; 0 for all where the values don't differ."""
    spread = values.std()
    if spread < ROUNDING:
        return np.zeros(len(values))
    scores: Values = (values - values.mean()) / spread
    return scores


def in_top_quarter(values: Values) -> Mask:
    """Which of the values are exceeded by less than a quarter of them."""
    exceeding = len(values) - np.searchsorted(np.sort(values), values, side="right")
    top: Mask = exceeding < len(values) / 4
    return top
