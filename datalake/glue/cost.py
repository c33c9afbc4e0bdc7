"""What a job on Glue cost, by its workers and its time."""

PRICE = 0.44  # USD for a DPU and hour
_LEAST_SECONDS = 60.0
_DPU = {"Standard": 1.0, "G.025X": 0.25} | {
    f"{family}.{size}X": float(size) for family in "GR" for size in (1, 2, 4, 8, 12, 16)
}


def estimate(
    name: str, seconds: float, worker_type: str | None, workers: int | None, price: float
) -> str:
    """One line: what so many workers cost in that time at most, in USD.

    An upper bound: with auto-scaling not all workers run all the time. Without workers the job
    ran on a machine of one's own.
    """
    if not worker_type or not workers:
        return f"cost: none on Glue ({name}: local, {seconds:.0f} s)"
    if worker_type not in _DPU:
        return f"cost: unknown ({name}: {workers} × {worker_type}, {seconds:.0f} s)"
    usd = workers * _DPU[worker_type] * max(seconds, _LEAST_SECONDS) / 3600 * price
    return (
        f"cost: at most USD {usd:.4f} ({name}: {workers} × {worker_type}, {seconds:.0f} s,"
        f" USD {price:g} a DPU-hour)"
    )
