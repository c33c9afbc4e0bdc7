"""Multiple testing: p-values corrected so that a family of tests errs in 5 % of samples."""

from collections.abc import Sequence

import numpy as np


def holm(p_values: Sequence[float]) -> list[float]:
    """Each p-value corrected for all of them, in the order given (Holm 1979).

    It assumes nothing on how the tests depend on each other.
    """
    order = np.argsort(p_values, kind="stable")
    corrected = np.empty(len(order))
    remaining = len(order) - np.arange(len(order))
    sorted_p = np.array(p_values, dtype=float)[order]
    corrected[order] = np.minimum(np.maximum.accumulate(remaining * sorted_p), 1)
    return [float(p) for p in corrected]
