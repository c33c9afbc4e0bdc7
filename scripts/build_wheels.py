"""Build the zips of wheels that Glue's jobs install, in AWS's documented format `*.gluewheels.zip`.

A zip holds `wheels/requirements.txt` and beside it every wheel that Glue itself lacks; with
`--no-index` pip installs from it alone, so a job needs no network.

python scripts/build_wheels.py --lock    choose the versions anew, by setup.py's limits
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from aws_errors import DeployError

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "infra" / "glue"
# Glue's Python by its version. AL2023 has glibc 2.34, which all three platforms suit.
PYTHONS = {"5.1": "3.11", "6.0": "3.13"}
PLATFORMS = ("manylinux_2_34_x86_64", "manylinux_2_28_x86_64", "manylinux2014_x86_64")
# Each holds the ones before it: what the jobs trusted and refined, answers, report need.
GROUPS = {"base": "", "answers": "[answers]", "report": "[report]"}
LAMBDA_PYTHON = "3.13"
LAMBDA_LOCK = ROOT / "jobs" / "requirements-lambda.txt"
LAMBDA_PLATFORMS = {"x86_64": "manylinux2014_x86_64", "arm64": "manylinux2014_aarch64"}


class Wheel(NamedTuple):
    """One wheel that pip chose."""

    name: str
    version: str
    sha256: str

    @property
    def pin(self) -> str:
        """As a line of a requirements file."""
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}"


def main() -> None:
    """Lock the versions anew, or build every zip and tell its size."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lock", action="store_true", help="write the lock files anew")
    if parser.parse_args().lock:
        lock()
        return
    for glue_version in PYTHONS:
        for group in GROUPS:
            files = bundle(glue_version, group)
            print(f"{glue_version} {group}: {len(files)} wheels, {sum(map(len, files.values())):,}")


def zip_name(group: str) -> str:
    """The file name; Glue takes a zip of this suffix for a zip of wheels."""
    return f"{group}.gluewheels.zip"


def zip_contents(glue_version: str, group: str, library: Path) -> dict[str, bytes]:
    """The files of the zip: the project's wheel `library`, and all that it needs there."""
    wheels = bundle(glue_version, group) | {library.name: library.read_bytes()}
    name, version, *_ = library.name.split("-")
    pins = [f"{name}=={version}", *sorted(locked_pins(glue_version, group))]
    files = {f"wheels/{file}": content for file, content in wheels.items()}
    return files | {"wheels/requirements.txt": ("\n".join(pins) + "\n").encode()}


def bundle(glue_version: str, group: str) -> dict[str, bytes]:
    """The wheels of a group by file name; pip compares their hashes with the lock."""
    lock_file = LOCKS / glue_version / f"{group}.txt"
    return download(lock_file, PYTHONS[glue_version], PLATFORMS)


def locked_pins(glue_version: str, group: str) -> set[str]:
    """The pins, without hashes, that a job installs."""
    return {line.split()[0] for line in _locked_lines(LOCKS / glue_version / f"{group}.txt")}


def _locked_lines(lock_file: Path) -> Iterator[str]:
    for line in lock_file.read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            yield from _locked_lines(lock_file.parent / line[3:])
        elif "==" in line:
            yield line


def download(lock_file: Path, python: str, platforms: Sequence[str]) -> dict[str, bytes]:
    """The locked wheels by file name, for a Python and platforms; `DeployError` where pip fails."""
    target = _target(python, platforms)

    def fetch(folder: Path) -> None:
        arguments = ["download", "--quiet", "--dest", str(folder), "--no-deps", "--require-hashes"]
        _pip([*arguments, *target, "--requirement", str(lock_file)])

    folder = cached_folder(fetch, *target, *_locked_lines(lock_file))
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.whl"))}


def cached_folder(make: Callable[[Path], None], *inputs: str) -> Path:
    """The folder that `make` fills, made once for the same inputs and kept in .cache/."""
    digest = hashlib.sha256("\n".join(inputs).encode()).hexdigest()[:16]
    folder = ROOT / ".cache" / "wheels" / digest
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent) as temporary:
            filled = Path(temporary) / "made"
            filled.mkdir()
            make(filled)
            with suppress(OSError):  # another process was quicker
                filled.rename(folder)
    return folder


def _target(python: str, platforms: Sequence[str]) -> list[str]:
    options = [word for platform in platforms for word in ("--platform", platform)]
    return ["--only-binary=:all:", "--implementation", "cp", "--python-version", python, *options]


def _pip(arguments: Sequence[str]) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        last = (result.stderr.strip().splitlines() or ["pip says nothing"])[-1]
        raise DeployError(f"wheels: {last}")


def lock() -> None:
    """Choose the newest versions that setup.py and Glue's own modules allow, and write them."""
    for glue_version, python in PYTHONS.items():
        folder = LOCKS / glue_version
        modules = folder / "modules.txt"
        written = {_normalized(line.split("==")[0]) for line in _locked_lines(modules)}
        previous = None
        for group, extra in GROUPS.items():
            wheels = resolve([f"{ROOT}{extra}"], python, PLATFORMS, ["--constraint", str(modules)])
            new = [wheel for wheel in wheels if wheel.name not in written]
            lines = [*([f"-r {previous}.txt"] if previous else []), *(wheel.pin for wheel in new)]
            written |= {wheel.name for wheel in new}
            heading = f"# Wheels for Glue {glue_version}, Python {python}; made by `make lock`."
            (folder / f"{group}.txt").write_text("\n".join([heading, *lines]) + "\n", "utf-8")
            previous = group
    lock_lambda()


def lock_lambda() -> None:
    """The same for the Lambda's layer, for both processors; boto3 is no other than ours."""
    requirements = ["boto3>=1.35.69", "requests>=2.32,<3"]
    hashes: dict[tuple[str, str], list[str]] = {}
    for platform in LAMBDA_PLATFORMS.values():
        for wheel in resolve(requirements, LAMBDA_PYTHON, [platform]):
            wheel_hashes = hashes.setdefault((wheel.name, wheel.version), [])
            if wheel.sha256 not in wheel_hashes:
                wheel_hashes.append(wheel.sha256)
    heading = (
        f"# What the Lambda's layer holds, for Python {LAMBDA_PYTHON} on x86_64 and arm64; made by"
        " `make lock`.\n"
    )
    pins = [
        f"{name}=={version} "
        + " ".join(f"--hash=sha256:{sha256}" for sha256 in wheel_hashes)
        + "\n"
        for (name, version), wheel_hashes in sorted(hashes.items())
    ]
    LAMBDA_LOCK.write_text(heading + "".join(pins), encoding="utf-8")


def resolve(
    requirements: Sequence[str],
    python: str,
    platforms: Sequence[str],
    extra_arguments: Sequence[str] = (),
) -> list[Wheel]:
    """The wheels that pip would install for the requirements, without the project; by name."""
    with TemporaryDirectory(prefix="datalake-lock-") as folder:
        report = Path(folder) / "report.json"
        arguments = [
            "install",
            "--quiet",
            "--dry-run",
            "--ignore-installed",
            "--report",
            str(report),
        ]
        target = ["--target", folder, *_target(python, platforms)]
        _pip([*arguments, *target, *extra_arguments, *requirements])
        items = json.loads(report.read_text(encoding="utf-8"))["install"]
    wheels = [_wheel(item) for item in items if "archive_info" in item["download_info"]]
    return sorted(wheels, key=lambda wheel: wheel.name)


def _wheel(item: Mapping[str, Any]) -> Wheel:
    metadata, archive = item["metadata"], item["download_info"]["archive_info"]
    return Wheel(_normalized(metadata["name"]), metadata["version"], archive["hashes"]["sha256"])


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main()
