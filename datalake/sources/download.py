"""A file from a web server: only where it changed, resumed after a cut, whole or not at all."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import requests
from urllib3.exceptions import HTTPError

from datalake.core.errors import DownloadError, InputError
from datalake.core.progress import Progress
from datalake.sources.download_receipt import Receipt, read_receipt, receipt_path, write_receipt
from datalake.sources.download_request import (
    content_length,
    continues_part,
    is_complete,
    request_headers,
    response_receipt,
)

_CHUNK = 1 << 16
_MIN_GAIN = 1 << 20  # bytes: an attempt that brings so many starts the count of failures anew
_TRANSIENT = (408, 425, 429, 500, 502, 503, 504)
_FIRST_CONTACT_TRIES = 3  # while nothing has answered yet: a wrong address shows soon

Check = Callable[[Path, Callable[[int], None]], None]
"""Raises `InputError` where a file isn't whole; its second argument gets the bytes checked."""


@dataclass(frozen=True)
class DownloadRetryPolicy:
    """How long to try: failures in a row, seconds for a connection and for each next byte."""

    tries: int = 6
    connect_seconds: float = 10
    read_seconds: float = 60
    longest_wait: float = 300
    sleep: Callable[[float], None] = time.sleep

    def delay(self, failures: int) -> float:
        """Seconds before the next try, where the server asks for none: 1, 2, 4 … 30."""
        return float(min(30, 2 ** (failures - 1)))


DEFAULT_RETRY_POLICY = DownloadRetryPolicy()


class _TransientError(Exception):
    """A failure that another try may mend."""

    def __init__(self, reason: str, retry_after: float | None = None, reached: bool = True) -> None:
        super().__init__(reason)
        self.retry_after, self.reached = retry_after, reached


class Download:
    """The download of one URL to one path; `PATH.part` holds what has arrived so far."""

    def __init__(
        self, session: requests.Session, url: str, path: Path, check: Check, progress: Progress
    ) -> None:
        self._session, self._url, self._path = session, url, path
        self._part = path.with_name(f"{path.name}.part")
        self._check, self._progress = check, progress
        self._was_damaged = False

    def run(self, policy: DownloadRetryPolicy) -> bool:
        """Bring the file up to date; return whether it has changed.

        `DownloadError` where that fails; the file stays as it was, and the next run resumes.
        """
        failures, reached = 0, False
        while True:
            size = self._part_size()
            try:
                return self._try_once(policy)
            except _TransientError as error:
                gained = self._part_size() - size
                failures = 1 if gained >= _MIN_GAIN else failures + 1
                reached = reached or error.reached
                tries = policy.tries if reached else min(_FIRST_CONTACT_TRIES, policy.tries)
                wait = policy.delay(failures) if error.retry_after is None else error.retry_after
                if failures >= tries or wait > policy.longest_wait:
                    raise DownloadError(self._failure_message(error), reached) from None
                policy.sleep(wait)
            except OSError as error:
                raise DownloadError(f"{error.filename or self._part}: {error.strerror}") from error

    def _try_once(self, policy: DownloadRetryPolicy) -> bool:
        timeout = (policy.connect_seconds, policy.read_seconds)
        part_receipt = read_receipt(self._part) if self._part.exists() else None
        headers = request_headers(self._url, self._path, self._part, part_receipt)
        try:
            with self._session.get(
                self._url, headers=headers, timeout=timeout, stream=True
            ) as response:
                if response.status_code == requests.codes.not_modified:
                    return False
                self._receive(response, part_receipt)
        except requests.Timeout:
            raise _TransientError("no answer in time", reached=False) from None
        except requests.RequestException as error:
            raise _TransientError(
                f"no connection ({type(error).__name__})", reached=False
            ) from None
        self._finish()
        return True

    def _receive(self, response: requests.Response, part_receipt: Receipt | None) -> None:
        """Append the rest of the file to the part; or write it whole, if the server starts anew."""
        status = response.status_code
        if status in _TRANSIENT:
            raise _TransientError(f"HTTP {status}", _retry_after(response))
        if status == 416 and is_complete(response, self._part_size()):
            return
        can_continue = part_receipt is not None and continues_part(
            response, part_receipt, self._part_size()
        )
        if status == 416 or (status == 206 and not can_continue):
            self._discard_part()
            raise _TransientError("the server's file has changed")
        if status not in (200, 206):
            raise DownloadError(f"{self._url}: HTTP {status} {response.reason}; check the address")
        if status == 200:
            write_receipt(self._part, response_receipt(response, self._url))
        self._write(response, "ab" if status == 206 else "wb")

    def _write(self, response: requests.Response, mode: str) -> None:
        with self._part.open(mode) as file:
            length = content_length(response)
            total = file.tell() + length if length else 0
            try:
                for chunk in response.raw.stream(_CHUNK, decode_content=False):
                    file.write(chunk)
                    self._progress(f"download {self._path.name}", file.tell(), total, "B")
            except HTTPError:
                raise _TransientError("the connection broke") from None
            if total and file.tell() != total:
                raise _TransientError("the connection broke")

    def _finish(self) -> None:
        """Check the part and rename it to the file; the receipt is written last."""
        size = self._part_size()
        try:
            self._check(self._part, partial(self._report_check, size))
        except InputError as error:
            self._discard_part()
            reason = str(error).removeprefix(f"{self._part}: ").removesuffix("; get it again")
            if self._was_damaged:
                raise DownloadError(f"{self._url}: the server's file is bad: {reason}") from None
            self._was_damaged = True
            raise _TransientError(reason) from None
        receipt = read_receipt(self._part) or Receipt(self._url, "", "", size)
        if receipt.modified:
            os.utime(self._part, (receipt.modified.timestamp(),) * 2)
        with self._part.open("rb") as file:
            os.fsync(file.fileno())
        self._part.replace(self._path)
        write_receipt(self._path, replace(receipt, size=size))
        receipt_path(self._part).unlink(missing_ok=True)

    def _report_check(self, size: int, done: int) -> None:
        self._progress(f"check {self._path.name}", done, size, "B")

    def _discard_part(self) -> None:
        self._part.unlink(missing_ok=True)
        receipt_path(self._part).unlink(missing_ok=True)

    def _part_size(self) -> int:
        return self._part.stat().st_size if self._part.exists() else 0

    def _failure_message(self, error: _TransientError) -> str:
        kept = f"; {self._part_size():,} bytes are kept" if self._part_size() else ""
        later = f"; it asks to wait {error.retry_after:.0f} s" if error.retry_after else ""
        return (
            f"{self._url}: {error}{later}{kept}; check the network and the address, then try again"
        )


def _retry_after(response: requests.Response) -> float | None:
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isdigit() else None
