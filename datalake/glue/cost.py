"""What a job on Glue cost, by its workers and its time."""

from typing import NamedTuple

from datalake.core.options import DPU_HOUR_PRICE

_LEAST_SECONDS = 60.0
_DPU = {"Standard": 1.0, "G.025X": 0.25} | {
    f"{family}.{size}X": float(size) for family in "GR" for size in (1, 2, 4, 8, 12, 16)
}


class Workers(NamedTuple):
    """What Glue runs a job on, and its price in USD for a DPU and hour; no type off Glue."""

    worker_type: str | None = None
    workers: int | None = None
    dpu_hour_price: float = DPU_HOUR_PRICE.default


def describe_cost(name: str, seconds: float, workers: Workers) -> str:
    """One line: what the job's workers cost in that time at most, in USD.

    An upper bound: with auto-scaling not all workers run all the time. Without workers the job
    ran on a machine of one's own.
    """
    worker_type, count, price = workers
    if not worker_type or not count:
        return f"cost: none on Glue ({name}: local, {seconds:.0f} s)"
    if worker_type not in _DPU:
        return f"cost: unknown ({name}: {count} × {worker_type}, {seconds:.0f} s)"
    usd = count * _DPU[worker_type] * max(seconds, _LEAST_SECONDS) / 3600 * price
    return (
        f"cost: at most USD {usd:.4f} ({name}: {count} × {worker_type}, {seconds:.0f} s,"
        f" USD {price:g} a DPU-hour)"
    )
