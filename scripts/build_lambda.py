"""Build the Lambda's layer.zip and function.zip, without Docker.

python scripts/build_lambda.py [--arch x86_64|arm64] [--out build/lambda]

The same input makes the same bytes: versions and hashes are pinned, entries are sorted and bear
one time and one mode, and nothing is compressed, for compressors differ between machines.
"""

import argparse
import hashlib
import re
import sys
import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path

import grimp
from build_wheels import LAMBDA_LOCK, LAMBDA_PLATFORMS, LAMBDA_PYTHON, ROOT, download

HANDLER = ROOT / "jobs" / "enrich_lambda.py"
ENTRY = "datalake.enrichment.lambda_handler"
MAX_BYTES = 10_000_000  # of the layer, unzipped
# Of botocore's 400 services those stay that the function asks, or credentials come from.
_SERVICES = re.compile(r"botocore/data/(?!(s3|secretsmanager|sts|sso|sso-oidc|signin)/)[^/]+/")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first that a zip archive knows
_FILE = 0o100644 << 16


def main() -> None:
    """Build both archives and print their sizes and hashes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--arch", choices=LAMBDA_PLATFORMS, default="x86_64")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "lambda")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    layer = layer_files(options.arch)
    if (size := sum(map(len, layer.values()))) > MAX_BYTES:
        sys.exit(f"the layer has {size:,} bytes unzipped; {MAX_BYTES:,} are allowed")
    for name, files in (("layer.zip", layer), ("function.zip", function_files())):
        print(_write_archive(options.out / name, files))


def layer_files(arch: str) -> dict[str, bytes]:
    """The wheels' files under python/, as Lambda expects them; pip checks their hashes."""
    files: dict[str, bytes] = {}
    for wheel in download(LAMBDA_LOCK, LAMBDA_PYTHON, [LAMBDA_PLATFORMS[arch]]).values():
        files |= _unpack(wheel)
    return files


def function_files() -> dict[str, bytes]:
    """The handler at the top, and the modules of the library that it imports."""
    graph = grimp.build_graph("datalake", cache_dir=None)
    modules, queue = set[str](), [ENTRY]
    while queue:  # importing a module imports the packages around it, too
        name = queue.pop()
        if name not in modules:
            modules.add(name)
            queue += [*graph.find_upstream_modules(name), *_parents(name)]
    paths = [_source(name) for name in modules]
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}
    return files | {HANDLER.name: HANDLER.read_bytes()}


def _parents(module: str) -> list[str]:
    names = module.split(".")
    return [".".join(names[:depth]) for depth in range(1, len(names))]


def _source(module: str) -> Path:
    path = ROOT / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def write_zip(path: Path, files: Mapping[str, bytes]) -> None:
    """One archive whose bytes depend on names and contents alone."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3  # Unix, wherever it is built
            entry.external_attr = _FILE
            archive.writestr(entry, files[name])


def _unpack(wheel: bytes) -> Iterable[tuple[str, bytes]]:
    with zipfile.ZipFile(BytesIO(wheel)) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        names = [name for name in names if not _SERVICES.match(name)]
        return [(f"python/{name}", archive.read(name)) for name in names]


def _write_archive(path: Path, files: Mapping[str, bytes]) -> str:
    write_zip(path, files)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    unzipped = sum(map(len, files.values()))
    return (
        f"{path}: {path.stat().st_size:,} bytes, {unzipped:,} unzipped,"
        f" {len(files)} files, SHA-256 {digest}"
    )


if __name__ == "__main__":
    main()
