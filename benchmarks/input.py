"""The two files to measure: those of a folder, else full-size ones, else a made-up sample."""

import subprocess
import sys
from pathlib import Path

MAKER = Path(__file__).resolve().parents[2] / "shared" / "tools" / "make_full_csv.py"
SAMPLE_TITLES = 300_000
_SAMPLE = (
    "import sys; from pathlib import Path; from datalake.demo.sample import write_sample;"
    " write_sample(Path(sys.argv[1]), int(sys.argv[2]))"
)


def source_files(chosen: Path | None, folder: Path) -> tuple[Path, str]:
    """The folder with both files, and a line that says what they are."""
    if chosen:
        return chosen, f"the files of {chosen}"
    # Another process makes them: the measuring one must stay small, see `measure_process`.
    if MAKER.is_file():
        subprocess.run([sys.executable, MAKER, folder], check=True, stdout=subprocess.DEVNULL)
        return folder, f"full size, made by {MAKER.name}"
    subprocess.run([sys.executable, "-c", _SAMPLE, folder, str(SAMPLE_TITLES)], check=True)
    return folder, f"a made-up sample of {SAMPLE_TITLES:,} titles, as there is no {MAKER.name}"
