"""IMDb's datasets from IMDb: the six files that a lake reads, each only where it changed."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import requests

from datalake import __version__
from datalake.core.errors import DownloadError
from datalake.core.loopback import is_loopback
from datalake.core.progress import Progress, silent
from datalake.sources.download import DEFAULT_RETRY_POLICY, Download, DownloadRetryPolicy
from datalake.sources.download_receipt import file_date
from datalake.sources.gzip_files import check_gzip
from datalake.sources.imdb_datasets.raw import FILES

ATTRIBUTION = (
    "Information courtesy of IMDb (https://www.imdb.com). Used with permission."
    " For personal and non-commercial use; it must not be republished."
)


class Downloaded(NamedTuple):
    """A file that is up to date now; `new` is false where it was before."""

    path: Path
    new: bool
    made: str


def download_datasets(
    folder: Path,
    url: str,
    progress: Progress = silent,
    retry_policy: DownloadRetryPolicy = DEFAULT_RETRY_POLICY,
) -> Iterator[Downloaded]:
    """Bring the six files in `folder` up to date, one after the other.

    A file that fails doesn't keep the others; at the end they are a `DownloadError`, a line each.
    Where no server answers it comes at once.
    """
    errors = []
    with _locked(folder), _session(url) as session:
        for spec in FILES:
            path = folder / spec.name
            download = Download(session, f"{url}/{spec.name}", path, check_gzip, progress)
            try:
                new = download.run(retry_policy)
            except DownloadError as error:
                errors.append(str(error))
                if not error.reached:
                    break
            else:
                yield Downloaded(path, new, file_date(path))
    if errors:
        raise DownloadError("\n".join(errors))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time: two would write into one part."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".download.lock").open("wb")
    except OSError as error:
        raise DownloadError(f"--out {folder}: can't write: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DownloadError(f"--out {folder}: another download is at work there") from None
        yield


def _session(url: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = not is_loopback(url)  # the environment's proxies
    session.headers["User-Agent"] = f"datalake/{__version__}"
    return session
