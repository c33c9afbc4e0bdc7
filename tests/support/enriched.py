"""Small lakes to enrich, what a local TMDB knows of them, and what is in Raw afterwards."""

import gzip
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from support.source_files import put_source_file

from datalake.core.lake import Lake
from datalake.demo.replay import Bodies
from datalake.enrichment import parallel
from datalake.enrichment import run as enriching
from datalake.enrichment.run import EnrichOptions
from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.raw import FILES
from datalake.sources.tmdb.auth import Bearer
from datalake.sources.tmdb.client import TitleResponse, TmdbClient
from datalake.sources.tmdb.outcome import Outcome
from datalake.sources.tmdb.rate_limiter import RateLimiter, StoppedError
from datalake.sources.tmdb.raw import tmdb_folder
from datalake.sources.tmdb.retry import RetryPolicy, UnavailableError
from datalake.sources.tmdb.transport import RequestStats

SECRET = "s3cr3t"
GENRES = ("Crime", "War")
DAY = date(2026, 1, 10)
NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
QUICK = RetryPolicy(
    attempts=6, total_seconds=20, connect_seconds=1, read_seconds=0.3, backoff_seconds=0.01
)
FILMS = [f"tt{number:07d}" for number in range(1, 41)]
SERIES = [f"tt{number:08d}" for number in range(10_000_001, 10_000_011)]


def at(when):
    return EnrichOptions(threads=4, now=lambda: when)


def a_second_passes_with_each_request(monkeypatch, server):
    """The clock of a run's budget; a busy machine doesn't move it."""
    clock = SimpleNamespace(monotonic=lambda: float(sum(server.requests.values())))
    for module in (enriching, parallel):
        monkeypatch.setattr(module, "time", clock)


def days(number):
    return timedelta(days=number)


def make_lake(root, films=FILMS, series=SERIES):
    lake = Lake(str(root))
    for kind, ids in ((Kind.MOVIE, films), (Kind.SERIES, series)):
        rows = "".join(f"{imdb_id}|{genre}\n" for imdb_id in ids for genre in ("War", "War"))
        data = f"id|genero\n{rows}tt0999999|Drama\n".encode()
        put_source_file(lake, FILES[kind], DAY, data)
    return lake


def make_bodies(films=FILMS, series=SERIES):
    kept = Bodies()
    for media_type, ids in (("movie", films), ("tv", series)):
        for imdb_id in ids:
            tmdb_id = int(imdb_id[2:])
            external = {"imdb_id": imdb_id}
            body = {"id": tmdb_id, "title": f"Título {tmdb_id}\u2028", "genres": []}
            body |= {"external_ids": external}
            record = {"imdb_id": imdb_id, "media_type": media_type, "tmdb_id": tmdb_id}
            kept.add(json.dumps(record | {"body": body}).encode())
    return kept


def make_client(server, rate=10_000):
    return TmdbClient(Bearer(SECRET), server.url, RateLimiter(rate), QUICK)


def raw(lake, kind):
    """Every line of Raw on that kind."""
    records = []
    for key in lake.storage.list(tmdb_folder(kind)):
        with lake.storage.open(key) as stream, gzip.GzipFile(fileobj=stream) as lines:
            records += [json.loads(line) for line in lines]
    return records


def raw_ids(lake):
    return sorted(record["imdb_id"] for kind in Kind for record in raw(lake, kind))


def files(lake):
    return {key: lake.storage.open(key).read() for key in lake.storage.list("Raw/TMDB")}


class Fickle:
    """A client whose titles can be made to fail; everything else is found."""

    base_url = "http://tmdb.test/3"

    def __init__(self, failing=(), reached=True, identifies=False):
        self.failing, self.reached, self.identifies = failing, reached, identifies
        self.rate_limiter = RateLimiter(1000)
        self.stats = RequestStats()
        self.asked = Counter()
        self.known = {}

    def fetch_title(self, kind, imdb_id, tmdb_id=None, on_identified=None):
        self.asked[imdb_id] += 1
        self.known[imdb_id] = tmdb_id
        if self.identifies:
            on_identified(int(imdb_id[2:]))
            if self.rate_limiter.stop.is_set():
                raise StoppedError("stopped between two requests")
        if imdb_id in self.failing:
            raise UnavailableError("no", "HTTP 500" if self.reached else "timeout", self.reached)
        return TitleResponse(Outcome.FOUND, int(imdb_id[2:]), {"id": int(imdb_id[2:])})

    def changed_ids(self, kind, start, end):
        return set()
