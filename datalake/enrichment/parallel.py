"""Many questions at once, a bounded number on the way, answers as they come."""

import time
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from threading import Event
from typing import TypeVar

Q = TypeVar("Q")
A = TypeVar("A")
_QUEUE = 64  # enough to keep the threads at work while the caller is busy
_LOOK_UP = 0.25  # seconds: a signal that another thread received doesn't end this one's wait


def map_parallel(
    ask: Callable[[Q], A | None],
    questions: Iterable[Q],
    threads: int,
    stop: Event,
    seconds: float | None = None,
) -> Generator[A, None, None]:
    """The answers, in the order they come; None from `ask` means it was stopped.

    Once `stop` is set, by the end of `seconds` at the latest, no question is begun and those on
    the way are finished. An error of `ask` sets `stop` and is raised here.
    """
    waiting = iter(questions)
    ends = None if seconds is None else time.monotonic() + seconds
    running: set[Future[A | None]] = set()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="tmdb")
    try:
        while True:
            if ends is not None and time.monotonic() >= ends:
                stop.set()
            if not stop.is_set():
                free = max(_QUEUE, threads) - len(running)
                running |= {pool.submit(_unless(stop, ask), q) for q in islice(waiting, free)}
            if not running:
                return
            done, running = wait(running, _LOOK_UP, FIRST_COMPLETED)
            yield from (answer for future in done if (answer := future.result()) is not None)
    except BaseException:
        stop.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _unless(stop: Event, ask: Callable[[Q], A | None]) -> Callable[[Q], A | None]:
    def ask_unless_stopped(question: Q) -> A | None:
        if stop.is_set():
            return None
        try:
            return ask(question)
        except BaseException:
            stop.set()  # here, before this thread takes the next question
            raise

    return ask_unless_stopped
