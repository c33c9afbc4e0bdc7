"""Call a function on many items at once, in threads, and yield the results as they come."""

import time
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from threading import Event
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_QUEUE = 64  # calls submitted at once: keeps the threads busy while the caller is
_POLL_SECONDS = 0.25  # a signal that another thread received doesn't end this one's wait


def map_parallel(
    function: Callable[[Item], Result | None],
    items: Iterable[Item],
    threads: int,
    stop: Event,
    seconds: float | None = None,
) -> Generator[Result, None, None]:
    """Yield `function(item)` of each item, in the order of completion; None is left out.

    Once `stop` is set, or after `seconds`, no further item is begun; those at work are finished
    and yielded. An exception in `function` sets `stop` and is raised here.
    """
    remaining = iter(items)
    deadline = None if seconds is None else time.monotonic() + seconds
    running: set[Future[Result | None]] = set()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="tmdb")
    try:
        while True:
            if deadline is not None and time.monotonic() >= deadline:
                stop.set()
            if not stop.is_set():
                free = max(_QUEUE, threads) - len(running)
                task = _unless_stopped(stop, function)
                running |= {pool.submit(task, item) for item in islice(remaining, free)}
            if not running:
                return
            done, running = wait(running, _POLL_SECONDS, FIRST_COMPLETED)
            yield from (result for future in done if (result := future.result()) is not None)
    except BaseException:
        stop.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _unless_stopped(
    stop: Event, function: Callable[[Item], Result | None]
) -> Callable[[Item], Result | None]:
    def task(item: Item) -> Result | None:
        if stop.is_set():
            return None
        try:
            return function(item)
        except BaseException:
            stop.set()  # here, before this thread takes the next item
            raise

    return task
