"""A proxy on loopback before an S3 or Glue: it answers some requests by faults of its own."""

import http.client
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import urlsplit

RESET, CUT = "reset", "cut"  # no answer at all; an answer that ends in its middle


def s3_error(status, code):
    """An answer as S3 gives it."""
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{code}!</Message></Error>"
    return status, "application/xml", body.encode()


def glue_error(status, code):
    """An answer as Glue gives it."""
    body = f'{{"__type": "{code}", "Message": "{code}!"}}'
    return status, "application/x-amz-json-1.1", body.encode()


class Faults:
    """Rules, each with the answer it gives and how many times; all requests that came."""

    def __init__(self):
        self.rules, self.seen, self._lock = [], [], Lock()

    def add(self, answer, method="", path="", target="", times=10**9, after=0):
        """Answer thus the requests whose method, path and Glue action hold these texts."""
        self.rules.append([answer, method, path, target, times, after])

    def answer(self, method, path, target):
        with self._lock:
            self.seen.append(f"{method} {path} {target}".strip())
            for rule in self.rules:
                answer, of_method, of_path, of_target, times, after = rule
                fits = of_method in method and of_path in path and of_target in target
                if fits and after:
                    rule[5] -= 1
                elif fits and times:
                    rule[4] -= 1
                    return answer
        return None

    def count(self, *texts):
        return sum(all(text in one for text in texts) for one in self.seen)


class _Proxy(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _forward(self):
        body = self._body()
        target = self.headers.get("X-Amz-Target", "")
        answer = self.server.faults.answer(self.command, self.path, target)
        if answer == RESET:
            self.close_connection = True
            self.connection.close()
            return
        is_faulty = answer is not None and answer != CUT
        status, headers, data = self._faulty(answer) if is_faulty else self._asked(body)
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data[: len(data) // 2] if answer == CUT else data)
        if answer == CUT:
            self.close_connection = True
            self.connection.close()

    def _body(self):
        if self.headers.get("Expect") == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        if self.headers.get("Transfer-Encoding") == "chunked":
            data = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                data += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return data
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _faulty(self, answer):
        status, kind, data = answer
        return status, [("Content-Type", kind), ("Content-Length", str(len(data)))], data

    def _asked(self, body):
        upstream = http.client.HTTPConnection(*self.server.upstream, timeout=60)
        hop = ("connection", "transfer-encoding", "expect", "content-length")
        headers = {k: v for k, v in self.headers.items() if k.lower() not in hop}
        upstream.request(
            self.command, self.path, body, headers | {"Content-Length": str(len(body))}
        )
        answer = upstream.getresponse()
        data = answer.read()
        end_to_end = [(k, v) for k, v in answer.getheaders() if k.lower() not in hop]
        length = answer.getheader("Content-Length") if self.command == "HEAD" else None
        return answer.status, [*end_to_end, ("Content-Length", length or str(len(data)))], data

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _forward

    def log_message(self, *_):
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Clients hang up when they please."""


@contextmanager
def faulty(endpoint):
    """The proxy's address before that endpoint, and its faults."""
    server = _Server(("127.0.0.1", 0), _Proxy)
    server.upstream = (urlsplit(endpoint).hostname, urlsplit(endpoint).port)
    server.faults = Faults()
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.faults
    finally:
        server.shutdown()
        server.server_close()
