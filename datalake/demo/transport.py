"""The HTTP side of the local TMDB server: keep-alive, JSON responses, and broken connections."""

import json
import logging
import socket
import struct
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reply:
    """A response to send, or how to break it: `reset`, `cut`, `hang` (None: not at all)."""

    status: int
    body: dict[str, Any]
    retry_after: int | None = None
    broken: str | None = None


Request = socket.socket | tuple[bytes, socket.socket]
Replier = Callable[[str, dict[str, str], str], Reply]
"""From path, query and Authorization header to the reply."""


class Server(ThreadingHTTPServer):
    """Listens on 127.0.0.1; one thread a connection."""

    request_queue_size = 128

    def __init__(self, port: int, replier: Replier) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.replier = replier
        self.connections: set[socket.socket] = set()

    def handle_error(self, request: Request, client_address: tuple[str, int]) -> None:
        """A client that left is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        """Stop listening, and cut every open connection."""
        self.server_close()
        for connection in list(self.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # Headers and body leave in one packet.
    wbufsize = 64 * 1024

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def do_GET(self) -> None:
        start = time.perf_counter()
        url = urlsplit(self.path)
        authorization = self.headers.get("Authorization", "")
        reply = self.server.replier(url.path, dict(parse_qsl(url.query)), authorization)
        self._send(reply)
        spent = 1000 * (time.perf_counter() - start)
        # The path alone: a query may hold the key.
        _log.info("GET %s %s %.0f ms", url.path, reply.broken or reply.status, spent)

    def _send(self, reply: Reply) -> None:
        if reply.broken == "reset":
            self._reset()
        elif reply.broken == "hang":
            self.close_connection = True
        else:
            self._send_json(reply)

    def _send_json(self, reply: Reply) -> None:
        body = json.dumps(reply.body, ensure_ascii=False).encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json;charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if reply.retry_after is not None:
            self.send_header("Retry-After", str(reply.retry_after))
        self.end_headers()
        if reply.broken == "cut":
            body, self.close_connection = body[: len(body) // 2], True
        self.wfile.write(body)

    def _reset(self) -> None:
        # Linger of 0 seconds: closing sends RST instead of an orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.connection.detach())
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Silence: the base class would print request lines, and the key in them."""
