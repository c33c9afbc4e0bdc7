"""The cost of a job on Glue, by its workers and its duration."""

from typing import NamedTuple

# USD for a DPU and hour of Glue 5.1, by region; of Glue 6.0 AWS announced 30 % less. A region
# that is not listed counts as the most expensive one.
DPU_HOUR = {"us-east-1": 0.44, "us-east-2": 0.44, "us-west-2": 0.44, "eu-west-1": 0.44} | {
    "sa-east-1": 0.69
}
_LEAST_SECONDS = 60.0
_DPU = {"Standard": 1.0, "G.025X": 0.25} | {
    f"{family}.{size}X": float(size) for family in "GR" for size in (1, 2, 4, 8, 12, 16)
}


class Workers(NamedTuple):
    """A job's Glue workers and the price in USD of a DPU-hour; `worker_type` is None off Glue."""

    worker_type: str | None = None
    workers: int | None = None
    dpu_hour_price: float = DPU_HOUR["us-east-1"]


def price_in(region: str | None) -> float:
    """USD per DPU-hour in the region; the highest known price for an unknown region."""
    return DPU_HOUR.get(region or "us-east-1", max(DPU_HOUR.values()))


def cost_usd(seconds: float, workers: Workers) -> float | None:
    """What the job's workers cost at most, in USD; None off Glue, or for an unknown worker type."""
    worker_type, count, price = workers
    if not worker_type or not count or worker_type not in _DPU:
        return None
    return count * _DPU[worker_type] * max(seconds, _LEAST_SECONDS) / 3600 * price


def describe_cost(name: str, seconds: float, workers: Workers) -> str:
    """One line: what the job's workers cost in that time at most, in USD.

    An upper bound: with auto-scaling not all workers run all the time. Without workers the job
    ran off Glue.
    """
    worker_type, count, price = workers
    if not worker_type or not count:
        return f"cost: none on Glue ({name}: local, {seconds:.0f} s)"
    usd = cost_usd(seconds, workers)
    if usd is None:
        return f"cost: unknown ({name}: {count} × {worker_type}, {seconds:.0f} s)"
    return (
        f"cost: at most USD {usd:.4f} ({name}: {count} × {worker_type}, {seconds:.0f} s,"
        f" USD {price:g} a DPU-hour)"
    )
