"""Quantiles and tails of distributions, and ranks, from `scipy.special` alone.

`scipy.stats` has them all, but takes a second to import: a fifth of what a small lake's page takes.
"""

from typing import Any

import numpy as np
from scipy import special

Numbers = Any
"""A number or an array; what a function makes of it has the same shape."""

_LOG_ROOT_2_PI = np.log(2 * np.pi) / 2


def normal_quantile(share: Numbers) -> Numbers:
    """The standard normal number that this share lies below."""
    return special.ndtri(share)


def normal_tail(z: Numbers) -> Numbers:
    """The share of the standard normal distribution above z."""
    return special.ndtr(np.negative(z))


def log_normal_share(z: Numbers) -> Numbers:
    """The logarithm of the share of the standard normal distribution below z."""
    return special.log_ndtr(z)


def log_normal_density(z: Numbers) -> Numbers:
    """The logarithm of the standard normal density at z."""
    return -np.square(z) / 2 - _LOG_ROOT_2_PI


def student_quantile(share: float, degrees_of_freedom: float) -> float:
    """The number that this share of Student's t distribution lies below."""
    return float(special.stdtrit(degrees_of_freedom, share))


def student_tail(t: Numbers, degrees_of_freedom: float) -> Numbers:
    """The share of Student's t distribution above t."""
    return special.stdtr(degrees_of_freedom, np.negative(t))


def f_quantile(share: float, between: float, within: float) -> float:
    """The number that this share of the F distribution of these degrees of freedom lies below."""
    return float(special.fdtri(between, within, share))


def f_tail(f: float, between: float, within: float) -> float:
    """The share of the F distribution of these degrees of freedom above f."""
    return float(special.fdtrc(between, within, f))


def gamma_quantile(share: float, shape: Numbers) -> Numbers:
    """The number that this share of the gamma distribution of scale 1 lies below."""
    return special.gammaincinv(shape, share)


def poisson_tail(count: Numbers, mean: Numbers) -> Numbers:
    """The chance of more than so many; 1 of more than -1."""
    return np.where(np.less(count, 0), 1.0, special.pdtrc(np.maximum(count, 0), mean))


def poisson_chance(count: Numbers, mean: Numbers) -> Numbers:
    """The chance of just so many."""
    return np.exp(special.xlogy(count, mean) - special.gammaln(np.add(count, 1)) - mean)


def mid_ranks(values: Numbers) -> Numbers:
    """The values' ranks from 1 on; ties share the mean of theirs."""
    _, index, ties = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(ties) - (ties - 1) / 2)[index]
