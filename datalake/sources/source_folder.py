"""Where source files are read from: a folder of this machine, or one on S3."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from datalake.core.aws import Aws
from datalake.core.errors import InputError
from datalake.core.storage import open_storage
from datalake.sources.registry import all_files, file_names

_S3 = "s3:/"  # a path has lost the second slash


@contextmanager
def local_folder(source: Path, aws: Aws) -> Iterator[Path]:
    """The folder, or for one on S3 a copy of its source files, as long as the block runs.

    `InputError` where S3 has no source file there.
    """
    if not str(source).startswith(_S3):
        yield source
        return
    url = "s3://" + str(source).removeprefix(_S3).strip("/")
    storage = open_storage(url, aws)
    names = {spec.name for spec in all_files()} & set(storage.list(""))
    if not names:
        raise InputError(f"--source {url}: no {file_names()} is there")
    with TemporaryDirectory(prefix="datalake-source-") as folder:
        for name in names:
            with storage.open(name) as remote, (Path(folder) / name).open("wb") as local:
                shutil.copyfileobj(remote, local, 1 << 20)
        yield Path(folder)
