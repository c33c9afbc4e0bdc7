"""Where source files are read from: a folder of this machine, one on S3, or IMDb's own address."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from datalake.core.aws import Aws
from datalake.core.errors import InputError
from datalake.core.progress import Progress, silent
from datalake.core.storage import open_storage
from datalake.sources.download_receipt import ENDING
from datalake.sources.imdb_datasets.download import download_datasets
from datalake.sources.registry import all_files, file_names


@contextmanager
def local_folder(source: Path, aws: Aws, progress: Progress = silent) -> Iterator[Path]:
    """The folder, or a copy of the source files at an address, as long as the block runs.

    `s3://bucket/prefix` holds any source's files, `https://…` IMDb's datasets, which are
    downloaded. `InputError` where S3 has no source file there.
    """
    address = re.fullmatch(r"(s3|https?):/+(.+?)/*", str(source))  # a path loses second slashes
    if not address:
        yield source
        return
    scheme, place = address.groups()
    with TemporaryDirectory(prefix="datalake-source-") as name:
        folder = Path(name)
        if scheme == "s3":
            _copy(f"s3://{place}", folder, aws)
        else:
            for _ in download_datasets(folder, f"{scheme}://{place}", progress):
                pass
        yield folder


def _copy(url: str, folder: Path, aws: Aws) -> None:
    """Copy the source files there, and what is kept of their download."""
    storage = open_storage(url, aws)
    there = set(storage.list(""))
    files = [spec.name for spec in all_files() if spec.name in there]
    if not files:
        raise InputError(f"--source {url}: no {file_names()} is there")
    for name in (*files, *(f"{name}{ENDING}" for name in files if f"{name}{ENDING}" in there)):
        with storage.open(name) as remote, (folder / name).open("wb") as local:
            shutil.copyfileobj(remote, local, 1 << 20)
