"""What a release consists of, and what it is called: the same content has the same name."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from aws_errors import DeployError
from build_lambda import HANDLER, function_files, layer_files, write_zip
from build_wheels import GROUPS, ROOT, cached_folder, zip_contents, zip_name

LAKE = ROOT / "infra" / "lake.yaml"
ARCHITECTURE = "arm64"  # as the function in infra/lake.yaml
_EPOCH = "315532800"  # 1980, the first year that a zip archive knows: equal wheels, whenever built


@dataclass(frozen=True)
class Release:
    """Files by their names in the release's folder."""

    files: dict[str, bytes]

    @cached_property
    def folder(self) -> str:
        """`code/` and a hash of all names and contents."""
        digest = hashlib.sha256()
        for name in sorted(self.files):
            content = hashlib.sha256(self.files[name]).hexdigest()
            digest.update(f"{name} {content}\n".encode())
        return f"code/{digest.hexdigest()[:16]}"

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(map(len, self.files.values()))


def build(glue_version: str = "5.1") -> Release:
    """The jobs' wheels and scripts, the Lambda's archives, the run's state machine, the template.

    CloudFormation takes a template of over 51,200 bytes from S3 only.
    """
    with TemporaryDirectory(prefix="datalake-release-") as temporary:
        folder = Path(temporary)
        wheel = build_wheel()
        archives = {"layer.zip": layer_files(ARCHITECTURE), "function.zip": function_files()}
        archives |= {zip_name(group): zip_contents(glue_version, group, wheel) for group in GROUPS}
        for name, files in archives.items():
            write_zip(folder / name, files)
        content = {name: (folder / name).read_bytes() for name in archives}
    content |= {f"jobs/{path.name}": path.read_bytes() for path in _jobs()}
    content["state_machine.asl.json"] = state_machine().encode()
    content[LAKE.name] = LAKE.read_bytes()
    return Release(content)


def state_machine() -> str:
    """The run's definition as JSON; its ${names} are filled in by CloudFormation."""
    text = (ROOT / "infra" / "state_machine.asl.yaml").read_text(encoding="utf-8")
    return json.dumps(yaml.safe_load(text), indent=1)


def _jobs() -> list[Path]:
    return sorted(path for path in (ROOT / "jobs").glob("*.py") if path != HANDLER)


def copy_sources(target: Path, *names: str) -> None:
    """Copy the package, and the files of these names beside it, into the new folder `target`."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "datalake", target / "datalake", ignore=ignored)
    for name in names:
        shutil.copy(ROOT / name, target)


def build_wheel() -> Path:
    """The project's wheel, built anew where a file of the package has changed.

    From a copy: a build folder left in the project would leak old modules into it.
    """
    files = ["setup.py", "pyproject.toml"]
    package = sorted(path for path in (ROOT / "datalake").rglob("*.*") if path.suffix != ".pyc")
    sources = [ROOT / name for name in files] + [path for path in package if path.is_file()]
    inputs = [f"{path} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in sources]

    def build_into(folder: Path) -> None:
        with TemporaryDirectory(prefix="datalake-source-") as temporary:
            source = Path(temporary) / "source"
            copy_sources(source, *files)
            pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
            variables = {"SOURCE_DATE_EPOCH": _EPOCH, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
            result = subprocess.run(
                [*pip, "--wheel-dir", folder, source],
                env=os.environ | variables,
                capture_output=True,
                text=True,
                check=False,
            )
        if result.returncode:
            last = (result.stderr.strip().splitlines() or ["pip says nothing"])[-1]
            raise DeployError(f"the wheel can't be built: {last}")

    return next(cached_folder(build_into, sys.version, *inputs).glob("*.whl"))
