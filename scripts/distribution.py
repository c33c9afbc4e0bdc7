"""Build what is published into dist/, and check it as a stranger would: `make release`.

The sdist, and the wheel built from it; their metadata; the bare wheel in an empty environment;
then, with the extra `local`, the README's commands and its Python on a tiny made-up sample; last a
bill of materials of that environment.
"""

import shutil
import sys
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

from checks import run, step
from readme_commands import run_readme
from release import copy_sources

from datalake import __version__
from datalake.core.errors import DatalakeError
from datalake.core.install import DISTRIBUTION

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
TOOLS = ROOT / ".audit" / "bin"
# What runs where Spark is not: ingestion and enrichment.
BARE = "from datalake import TmdbClient, load_settings; import datalake.enrichment.run"


def main() -> None:
    """Build and check; any failure ends it in one line."""
    try:
        release()
    except DatalakeError as error:
        sys.exit(f"release: {error}")


def release() -> None:
    """Leave in dist/ the sdist, the wheel and the bill of materials, once all of it has passed."""
    shutil.rmtree(DIST, ignore_errors=True)
    with TemporaryDirectory(prefix="datalake-release-") as name:
        folder = Path(name)
        built = build(folder)
        step("metadata", lambda: run([TOOLS / "twine", "check", "--strict", *built]))
        python = environment(folder / "env")
        (wheel,) = (path for path in built if path.suffix == ".whl")
        step("wheel", lambda: install_bare(python, wheel))
        step("extra local", lambda: install(python, f"{wheel}[local]"))
        run_readme(python.parent, folder / "home", ROOT / "README.md")
        bill = folder / f"{wheel.stem.split('-py3')[0]}.cdx.json"
        step("bill of materials", lambda: write_bill(python, bill))
        DIST.mkdir()
        for path in (*built, bill):
            shutil.move(path, DIST)
            print(f"dist/{path.name}")


def build(folder: Path) -> list[Path]:
    """The sdist, and the wheel built from it; from a copy, so that nothing left over gets in."""
    source = folder / "source"
    copy_sources(source, "setup.py", "pyproject.toml", "README.md", "LICENSE")
    step("build", lambda: run([TOOLS / "python", "-m", "build", "--outdir", folder, source]))
    built = sorted(folder.glob("*.tar.gz")) + sorted(folder.glob("*.whl"))
    stem = f"{DISTRIBUTION.replace('-', '_')}-{__version__}"
    if [path.name for path in built] != [f"{stem}.tar.gz", f"{stem}-py3-none-any.whl"]:
        raise DatalakeError(f"unexpected names: {', '.join(path.name for path in built)}")
    return built


def environment(folder: Path) -> Path:
    """The Python of a new, empty environment."""
    venv.create(folder, with_pip=True)
    return folder / "bin" / "python"


def install_bare(python: Path, wheel: Path) -> None:
    """Install the wheel without extras; it imports, tells its version and its help."""
    install(python, str(wheel))
    run([python, "-c", BARE])
    command = python.parent / "datalake"
    version = run([command, "--version"])
    if __version__ not in version:
        raise DatalakeError(f"datalake --version says {version.strip()}, not {__version__}")
    run([command, "--help"])


def install(python: Path, requirement: str) -> None:
    """Install the requirement, from the indexes that pip is set up for."""
    run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement])


def write_bill(python: Path, bill: Path) -> None:
    """What an installation with the extra `local` consists of, as CycloneDX."""
    program = TOOLS / "cyclonedx-py"
    run([program, "environment", "--output-reproducible", "--output-file", bill, python])


if __name__ == "__main__":
    main()
