"""An estimate: a number with its 95 % interval, all null where the data can't tell."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datalake.statistics.distributions import normal_quantile, normal_tail

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]

FEWEST = 10
"""Fewer observations give no estimate: its interval would span nearly everything."""


NORMAL_95 = float(normal_quantile(0.975))
"""Half-width of a normal 95 % interval, in standard errors."""


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval, and the p-value of 0; all null where the data can't tell."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None

    @property
    def direction(self) -> int | None:
        """1 or -1 where the interval leaves 0 out on that side, else 0; null without interval."""
        if self.low is None or self.high is None:
            return None
        return int(self.low > 0) - int(self.high < 0)


def normal_estimate(value: float, error: float) -> Estimate:
    """A number with its standard error, normally distributed."""
    half = NORMAL_95 * error
    p = 2 * float(normal_tail(abs(value) / error)) if error else float(value == 0)
    return Estimate(value, value - half, value + half, p)


def number_or_null(value: float) -> float | None:
    """The number; null for NaN."""
    return None if np.isnan(value) else float(value)
