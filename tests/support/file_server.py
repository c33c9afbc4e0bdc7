"""A web server of this machine that serves files as IMDb's does, and fails as it is told."""

import time
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class FileServer:
    """`files`: path → (bytes, time of change). `script`: what happens to the next requests.

    An entry is a status to answer, ("cut", n) or ("stall", n): stop after n bytes of the body, a
    function to call first, or None: as it should be. `seen` has each request's headers.
    """

    def __init__(self, files, script=(), etags=True):
        self.files, self.script, self.etags = dict(files), list(script), etags
        self.seen, self.headers, self.ignores_if_range = [], {}, False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *error):
        self._server.shutdown()
        self._server.server_close()

    @property
    def ranges(self):
        return [headers.get("Range") for _, headers in self.seen]

    @property
    def paths(self):
        return [path for path, _ in self.seen]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        owner, path = self.server.owner, self.path.lstrip("/")
        owner.seen.append((path, dict(self.headers)))
        act = owner.script.pop(0) if owner.script else None
        if callable(act):
            act = act()
        if isinstance(act, int):
            self._answer(act, owner.headers, b"")
        elif path in owner.files:
            self._serve(*owner.files[path], act)
        else:
            self._answer(404, {}, b"")

    def _serve(self, data, changed, act):
        versions = {"Last-Modified": format_datetime(changed, usegmt=True)}
        if self.server.owner.etags:
            versions["ETag"] = f'"{hash(data):x}"'
        if self._is_known(versions):
            self._answer(304, versions, b"")
            return
        start = self._start(versions)
        if start is None:
            self._answer(200, versions, data, act)
        elif start >= len(data):
            self._answer(416, {"Content-Range": f"bytes */{len(data)}"}, b"")
        else:
            part = f"bytes {start}-{len(data) - 1}/{len(data)}"
            self._answer(206, versions | {"Content-Range": part}, data[start:], act)

    def _is_known(self, versions):
        if "If-None-Match" in self.headers:
            return self.headers["If-None-Match"] == versions.get("ETag")
        since = self.headers["If-Modified-Since"]
        return bool(since) and parsedate_to_datetime(since) >= parsedate_to_datetime(
            versions["Last-Modified"]
        )

    def _start(self, versions):
        condition = self.headers["If-Range"]
        is_met = self.server.owner.ignores_if_range or condition in (None, *versions.values())
        if "Range" not in self.headers or not is_met:
            return None
        return int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))

    def _answer(self, status, headers, body, act=None):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if act is None:
            self.wfile.write(body)
            return
        what, length = act
        self.wfile.write(body[:length])
        self.wfile.flush()
        if what == "stall":
            time.sleep(1.5)
        self.close_connection = True

    def log_message(self, *_):
        pass
