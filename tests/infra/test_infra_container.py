"""The ingest container, as far as it can be tried without a container engine."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from packaging.requirements import Requirement
from support.paths import ROOT, TOOLS
from support.source_files import write_source

pytestmark = pytest.mark.aws

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PINS = (ROOT / "infra" / "requirements-ingest.txt").read_text(encoding="utf-8")


def instruction(name):
    """What follows each instruction of that name, continued lines joined."""
    joined = DOCKERFILE.replace("\\\n", " ")
    return re.findall(rf"^{name} (.*)$", joined, re.M)


def test_hadolint_finds_nothing():
    tool = TOOLS / "bin" / "hadolint"
    if not tool.exists():
        pytest.skip(f"no {tool}; `make test-aws` puts it there")
    told = subprocess.run([tool, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


def test_the_image_is_slim_pinned_and_not_root():
    (base,) = instruction("FROM")
    assert re.fullmatch(r"python:3\.11\.\d+-slim-\w+", base)
    assert instruction("USER") == ["10001"]
    assert instruction("VOLUME") == ["/data"]
    assert not re.search(r"TOKEN|SECRET|AWS_|ARG", DOCKERFILE)


def test_every_package_is_pinned_as_the_library_allows():
    pins = dict(re.findall(r"^([\w-]+)==(\S+) \\\n    --hash", PINS, re.M))
    assert len(pins) == len(re.findall("==", PINS))
    setup = (ROOT / "setup.py").read_text(encoding="utf-8")
    (needed,) = re.findall(r"install_requires=(\[.*?\])", setup, re.S)
    for requirement in map(Requirement, json.loads(needed)):
        assert requirement.specifier.contains(pins[requirement.name]), requirement


def test_what_is_copied_is_not_ignored():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
    for line in instruction("COPY"):
        for path in line.split()[:-1]:
            assert f"!{path}" in ignored
            assert (ROOT / path).exists()


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """A clean environment with the image's own `pip` lines run in it; the place of its programs."""
    root = tmp_path_factory.mktemp("image")
    build = root / "build"
    for line in instruction("COPY"):
        *sources, target = line.split()
        for source in sources:
            place = root / target.lstrip("/")
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place)
            else:
                place.mkdir(exist_ok=True)
                shutil.copy(ROOT / source, place)
    subprocess.run([sys.executable, "-m", "venv", root / "venv"], check=True)
    programs = root / "venv" / "bin"
    for line in instruction("RUN"):
        command = line.partition("&&")[0].replace("/build", str(build)).split()
        subprocess.run([programs / command[0], "--quiet", *command[1:]], check=True)
    return programs


def test_its_entry_point_ingests_from_a_folder(image, tmp_path):
    data, lake = tmp_path / "data", tmp_path / "lake"
    write_source(data)
    program, *words = json.loads(instruction("ENTRYPOINT")[0])
    assert words == ["ingest", "--source", "/data"]
    done = subprocess.run(
        [image / program, *words[:-1], data, "--lake", lake],
        env={"PATH": os.defpath}, capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(list(lake.rglob("*.manifest.json"))) == 2
