"""A local TMDB in a process of its own, which counts its requests.

python tmdb_lab.py JSON    the keywords of `Lab`; the first line printed is its URL

Then one line in, one line out: `count` returns what was requested since the last `count`,
`changed MEDIA_TYPE TMDB_ID DAY` lists a title as changed on that day.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

from datalake.demo.endpoints import error
from datalake.demo.faults import Faults
from datalake.demo.replay import Bodies, MediaType, load_bodies
from datalake.demo.server import TmdbServer
from datalake.demo.transport import Reply

TOKEN = "lab"
_BURST_EVERY, _BURST = 15.0, 0.5  # seconds
_CREDITS = [{"id": n, "name": f"A name of usual length {n}", "order": n} for n in range(100)]


class Everything(Bodies):
    """Has every title that is asked for: a response of some 8 kB, made on the spot."""

    def tmdb_id(self, media_type: MediaType, imdb_id: str) -> int | None:
        """The number in the id."""
        return int(imdb_id[2:])

    def get(self, media_type: MediaType, tmdb_id: int) -> dict[str, Any] | None:
        """A body that names no IMDb id: ids of seven and of eight digits may share a number."""
        credits = {"cast": _CREDITS, "crew": []}
        return {"id": tmdb_id, "genres": [], "credits": credits, "aggregate_credits": credits}


class Lab(TmdbServer):
    """The local TMDB with bursts of 429, which counts requests by path."""

    def __init__(self, bodies: Bodies, bursts: bool, **options: Any) -> None:
        super().__init__(bodies, TOKEN, **options)
        self._bursts = bursts
        self._counting = Lock()
        self._paths: Counter[str] = Counter()
        self._times: list[float] = []
        self._open = 0

    def count(self) -> dict[str, Any]:
        """Requests since the last count, by path, by outcome and by time; `open` are in flight."""
        with self._counting:
            counts = {
                "paths": dict(self._paths),
                "outcomes": {str(key): count for key, count in self.outcomes.items()},
                "times": self._times,
                "open": self._open,
            }
            self._paths, self._times = Counter(), []
            self.outcomes.clear()
        return counts

    def _reply(self, path: str, query: dict[str, str], authorization: str) -> Reply:
        now = time.monotonic()
        with self._counting:
            self._paths[path] += 1
            self._times.append(now)
            self._open += 1
        try:
            if self._bursts and now % _BURST_EVERY < _BURST:
                self.outcomes[429] += 1
                return Reply(429, error(25).body)
            return super()._reply(path, query, authorization)
        finally:
            with self._counting:
                self._open -= 1


def main(options: dict[str, Any], orders: Iterable[str]) -> None:
    """Serve until the orders end."""
    replay = options.pop("replay", None)
    options["faults"] = Faults.parse(options.get("faults") or "")
    bodies = load_bodies([Path(replay)]) if replay else Everything()
    with Lab(bodies, options.pop("bursts", False), **options) as server:
        print(server.url, flush=True)
        for order in orders:
            word, *arguments = order.split()
            if word == "changed":
                media_type, tmdb_id, day = arguments
                server.mark_changed(media_type, int(tmdb_id), date.fromisoformat(day))
            print(json.dumps(server.count() if word == "count" else {}), flush=True)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.stdin)
