"""A TMDB that answers by a script, the bodies of one film, and a client for either."""

import gzip
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from datalake.demo.replay import Bodies
from datalake.sources.tmdb.auth import Bearer
from datalake.sources.tmdb.client import TmdbClient
from datalake.sources.tmdb.rate_limiter import RateLimiter
from datalake.sources.tmdb.retry import RetryPolicy

SECRET = "s3cr3t-0123456789abcdef"
QUICK = RetryPolicy(
    attempts=5, total_seconds=20, connect_seconds=1, read_seconds=0.3, backoff_seconds=0.01
)
FILM = {"id": 603, "credits": {}, "external_ids": {"imdb_id": "tt0133093"}}
WHOLE = json.dumps(FILM).encode()
PACKED = gzip.compress(WHOLE)
GONE = (404, {}, {"success": False, "status_code": 34, "status_message": "not found"})
BUSY = {"success": False, "status_code": 25, "status_message": "over the limit"}
BROKEN = (500, {}, {"success": False, "status_code": 11})


class Waits:
    """A sleep that only notes how long."""

    def __init__(self):
        self.seconds = []
        self.now = 0.0

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.seconds.append(seconds)
        self.now += seconds
        return False


@contextmanager
def scripted(*replies):
    """A server that answers (status, headers, body) one after another, the last one for ever."""
    asked, rest = [], list(replies)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked.append(self.path)
            status, headers, body = rest.pop(0) if len(rest) > 1 else rest[0]
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            usual = {"Content-Length": str(len(content)), "Connection": "close"}
            for name, value in (usual | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/3", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def client(url, token=None, waits=None, policy=QUICK, rate=1000):
    time = {"clock": waits.clock, "sleep": waits.sleep} if waits else {}
    return TmdbClient(token or Bearer(SECRET), url, RateLimiter(rate, **time), policy)


def bodies(**titles):
    """From `tt1=("movie", 603)` and the like."""
    kept = Bodies()
    for imdb_id, (media_type, tmdb_id) in titles.items():
        body = {"id": tmdb_id, "genres": [], "external_ids": {"imdb_id": imdb_id}, "credits": {}}
        record = {"imdb_id": imdb_id, "media_type": media_type, "tmdb_id": tmdb_id, "body": body}
        kept.add(json.dumps(record).encode())
    return kept


KEPT = bodies(tt0133093=("movie", 603), tt0903747=("tv", 1396))
