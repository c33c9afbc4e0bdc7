"""The zips of wheels: locked by hash, complete, and fit for Glue's Python and its glibc."""

import re
from email.parser import Parser
from functools import cache
from io import BytesIO
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.tags import compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename
from support.paths import ROOT

pytestmark = pytest.mark.aws

LOCKS = ROOT / "infra" / "glue"
VERSIONS = {"5.1": (3, 11), "6.0": (3, 13)}
GROUPS = ("base", "answers", "report")
every_zip = pytest.mark.parametrize(
    ("glue", "group"), [(glue, group) for glue in VERSIONS for group in GROUPS]
)


@pytest.fixture(scope="module")
def bundle():
    """The wheels of a group by file name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "scripts")
        import build_wheels

        yield cache(build_wheels.bundle)


def pins(path):
    return [line for line in path.read_text(encoding="utf-8").splitlines() if "==" in line]


def of_glue(glue):
    """Glue's own modules by name."""
    listed = (pin.split("==") for pin in pins(LOCKS / glue / "modules.txt"))
    return {canonicalize_name(name): version for name, version in listed}


@every_zip
def test_every_wheel_is_locked_by_its_hash(glue, group):
    for pin in pins(LOCKS / glue / f"{group}.txt"):
        assert re.fullmatch(r"[\w-]+==\S+ --hash=sha256:[0-9a-f]{64}( +#.*)?", pin), pin


@every_zip
def test_every_wheel_fits_the_job_s_python_and_glibc(bundle, glue, group):
    platforms = [f"manylinux_2_{minor}_x86_64" for minor in range(34, 16, -1)]
    platforms += ["manylinux2014_x86_64", "any"]
    python = VERSIONS[glue]
    fits = {*cpython_tags(python, platforms=platforms), *compatible_tags(python, None, platforms)}
    for name in bundle(glue, group):
        assert parse_wheel_filename(name)[3] & fits, name


@every_zip
def test_what_a_wheel_requires_is_in_the_zip_or_on_glue(bundle, glue, group):
    wheels = bundle(glue, group)
    there = dict(of_glue(glue))
    there |= {parse_wheel_filename(name)[0]: str(parse_wheel_filename(name)[1]) for name in wheels}
    version = ".".join(map(str, VERSIONS[glue]))
    system = {"python_version": version, "platform_system": "Linux", "sys_platform": "linux"}
    system |= {"python_full_version": f"{version}.0", "extra": ""}
    for name, content in wheels.items():
        with ZipFile(BytesIO(content)) as wheel:
            (path,) = [one for one in wheel.namelist() if one.endswith(".dist-info/METADATA")]
            metadata = Parser().parsestr(wheel.read(path).decode())
        for requirement in map(Requirement, metadata.get_all("Requires-Dist", [])):
            if requirement.marker and not requirement.marker.evaluate(system):
                continue
            found = there.get(canonicalize_name(requirement.name))
            assert found, f"{name} requires {requirement}"
            assert requirement.specifier.contains(found), f"{name} requires {requirement}: {found}"


@every_zip
def test_nothing_that_glue_has_is_installed_again(bundle, glue, group, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    from build_wheels import locked_pins

    installed = {canonicalize_name(pin.split("==")[0]) for pin in locked_pins(glue, group)}
    assert installed & set(of_glue(glue)) == set()


def test_the_project_s_limits_are_kept(bundle):
    setup = (ROOT / "setup.py").read_text(encoding="utf-8")
    quoted = re.findall(r'"([a-z][\w-]+[<>=][^"]*)"', setup)
    limits = {one.name: one.specifier for one in map(Requirement, quoted)}
    for glue in VERSIONS:
        for name in bundle(glue, "report"):
            wheel, version, *_ = parse_wheel_filename(name)
            if wheel in limits:
                assert limits[wheel].contains(version), name
