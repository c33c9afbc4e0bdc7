"""One run at a time: a small file in the lake says who is at work, and until when.

The owner renews it while it works. A run that is killed leaves its lease behind: others on the same
machine see that at once, those elsewhere when the lease expires. Each machine uses its own clock.
Clocks that differ may cost a run, but no data: compare-and-swap guards what is published.
"""

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Lock, Thread
from uuid import uuid4

from datalake.core.damage import checked_time, from_fields, report_damage
from datalake.core.errors import LakeError
from datalake.core.storage import Storage

TERM = timedelta(minutes=2)


@dataclass(frozen=True)
class Owner:
    """Who holds a lease: a process at work on something, until a time."""

    id: str
    work: str
    host: str
    process: int
    until: str
    namespace: str = ""

    @property
    def is_over(self) -> bool:
        """Whether the lease has run out, or its owner has died on this machine."""
        if checked_time(self.until) < datetime.now(UTC):
            return True
        return self._is_visible and not _is_alive(self.process)

    @property
    def _is_visible(self) -> bool:
        """Whether its process would be seen from here: same machine, boot and container."""
        here = (socket.gethostname(), _namespace())
        return self.namespace != "" and here == (self.host, self.namespace)


class Lease:
    """The lease of one part of a lake, such as its tables."""

    def __init__(self, storage: Storage, name: str, work: str, term: timedelta = TERM) -> None:
        self._storage, self._term = storage, term
        self._key = f"Publishing/{name}.lease.json"
        self._owner = Owner(uuid4().hex, work, socket.gethostname(), os.getpid(), "", _namespace())
        self._lock = Lock()

    def take(self) -> None:
        """Acquire it; `LakeError` says who else holds it."""
        content = self._read()
        owner = self._parse(content)
        if owner and not owner.is_over:
            raise LakeError(self._taken_message(owner))
        if not self._write(content, self._term):
            raise LakeError(f"{self._storage.url('')}: another run has just begun; run again later")

    def renew(self) -> None:
        """Hold it for another term; `LakeError` where another run has it by now."""
        if not self._extend(self._term):
            raise LakeError(
                f"{self._storage.url('')}: this run was silent for more than"
                f" {self._term.total_seconds():.0f} s and another has begun; run again"
            )

    def release(self) -> None:
        """Release it; one that another run has taken since is left to that run."""
        self._extend(timedelta(days=-1))  # a day, as clocks differ

    def _extend(self, term: timedelta) -> bool:
        with self._lock:
            content = self._read()
            owner = self._parse(content)
            return owner is not None and owner.id == self._owner.id and self._write(content, term)

    def _read(self) -> bytes | None:
        if self._key not in self._storage.list("Publishing"):
            return None
        with self._storage.open(self._key) as file:
            return file.read()

    def _parse(self, text: bytes | None) -> Owner | None:
        with report_damage(self._storage, self._key, "delete it once no other run is at work"):
            owner = from_fields(Owner, json.loads(text)) if text else None
            if owner:
                checked_time(owner.until)
            return owner

    def _write(self, old: bytes | None, term: timedelta) -> bool:
        until = (datetime.now(UTC) + term).isoformat()
        new = json.dumps(asdict(self._owner) | {"until": until}).encode()
        return self._storage.compare_and_swap(self._key, old, new)

    def _taken_message(self, owner: Owner) -> str:
        until = checked_time(owner.until)
        # Truncated, for a damaged file may hold anything.
        return (
            f"{self._storage.url('')}: another run is at work ({owner.work:.100}, process"
            f" {owner.process!s:.20} on {owner.host:.100}); wait for it, or if it has died run"
            f" again after {until:%H:%M:%S} UTC"
        )


@contextmanager
def leased(storage: Storage, name: str, work: str, term: timedelta = TERM) -> Iterator[Lease]:
    """Hold the lease as long as the block runs; `LakeError` where another run has it."""
    lease, done = Lease(storage, name, work, term), Event()
    lease.take()
    renewer = Thread(target=_renew_until, args=(lease, done, term / 5), daemon=True)
    renewer.start()
    try:
        yield lease
    finally:
        done.set()
        renewer.join()
        # An error here would hide one of the block; the lease expires anyway.
        with suppress(LakeError):
            lease.release()


def _renew_until(lease: Lease, done: Event, pause: timedelta) -> None:
    """Renew every `pause` until `done`; a lost lease is reported when the work is published."""
    while not done.wait(pause.total_seconds()):
        try:
            lease.renew()
        except LakeError:
            continue


def _namespace() -> str:
    """Identifies this boot and PID namespace on Linux; elsewhere only the platform."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:  # not Linux: its host name and process number have to do
        return sys.platform


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
