"""What AWS gets is pinned by hash, line by line."""

import pytest
from support.paths import ROOT

PUBLISHED_BY_AWS = set((ROOT / "infra/glue").glob("*/modules.txt"))
LOCKS = sorted(
    {
        *(ROOT / "infra/glue").glob("*/*.txt"),
        ROOT / "infra/requirements-ingest.txt",
        ROOT / "jobs/requirements-lambda.txt",
    }
    - PUBLISHED_BY_AWS
)


def requirements(text):
    """The requirements of a file, each with its continued lines."""
    lines = text.replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith(("#", "-r "))]


def without_hash(text):
    return [line for line in requirements(text) if "==" not in line or "--hash=sha256:" not in line]


def test_a_line_without_hash_is_seen():
    text = "# made\n-r base.txt\na==1 \\\n    --hash=sha256:aa\nb==2\nc --hash=sha256:cc\n"
    assert without_hash(text) == ["b==2", "c --hash=sha256:cc"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_line_of_a_lock_has_its_hash(lock):
    assert requirements(lock.read_text(encoding="utf-8"))
    assert without_hash(lock.read_text(encoding="utf-8")) == []
