"""The workflows: linted, no stored key, nothing called that is not there, deploys from main."""

import re
import subprocess

import pytest
import yaml
from support.paths import ROOT, TOOLS

pytestmark = pytest.mark.aws

GITHUB = ROOT / ".github"
WORKFLOWS = {path.stem: path for path in sorted((GITHUB / "workflows").glob("*.yml"))}
DEPLOY = yaml.safe_load(WORKFLOWS["deploy"].read_text(encoding="utf-8"))
RELEASE = yaml.safe_load(WORKFLOWS["release"].read_text(encoding="utf-8"))
every_workflow = pytest.mark.parametrize("name", WORKFLOWS)


def load(name):
    return yaml.safe_load(WORKFLOWS[name].read_text(encoding="utf-8"))


def commands(job):
    return [step["run"] for step in job["steps"] if "run" in step]


def tool(*words):
    ended = subprocess.run(
        [TOOLS / "bin" / words[0], *words[1:]], capture_output=True, text=True, check=False
    )
    return ended.returncode, ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("schema", "pattern"),
    [
        ("github-workflows", "workflows/*.yml"),
        ("dependabot", "dependabot.yml"),
        ("github-issue-config", "ISSUE_TEMPLATE/config.yml"),
        ("github-issue-forms", "ISSUE_TEMPLATE/[!c]*.yml"),
    ],
)
def test_each_file_is_as_github_reads_it(schema, pattern):
    files = sorted(GITHUB.glob(pattern))
    assert files
    status, said = tool("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *files)
    assert status == 0, said


def test_no_weakness_is_found():
    status, said = tool("zizmor", "--offline", "--format", "plain", GITHUB)
    assert status == 0, said


def test_a_weakness_would_be_found(tmp_path):
    """A title of somebody else's pull request that becomes part of a script."""
    flawed = tmp_path / "flawed.yml"
    text = WORKFLOWS["check"].read_text(encoding="utf-8")
    flawed.write_text(
        text.replace("run: .ci/run", "run: echo ${{ github.event.pull_request.title }}")
    )
    status, said = tool("zizmor", "--offline", "--format", "plain", flawed)
    assert status != 0
    assert "template-injection" in said


@every_workflow
def test_no_key_is_stored_and_each_job_says_what_it_may(name):
    text = WORKFLOWS[name].read_text(encoding="utf-8")
    assert "secrets." not in text
    assert "aws-secret-access-key" not in text
    assert load(name)["permissions"] == {}
    assert all("permissions" in job for job in load(name)["jobs"].values() if "uses" not in job)


@every_workflow
def test_what_it_calls_is_there(name):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for job in load(name)["jobs"].values():
        targets = job.get("strategy", {}).get("matrix", {}).get("target", [])
        for command in commands(job):
            targets += re.findall(r"(?<=make |heck )[a-z-]+", command)
            assert "./" not in command
            assert all((ROOT / path).is_file() for path in re.findall(r"^\.ci/\w+", command))
        assert [target for target in targets if f"\n{target}:" not in makefile] == []


def test_a_pull_request_only_plans():
    assert "pull_request" in DEPLOY["jobs"]["plan"]["if"]
    assert all("DRY_RUN=1" in command for command in commands(DEPLOY["jobs"]["plan"]))


def test_main_is_deployed_once_its_checks_have_passed():
    assert DEPLOY["jobs"]["deploy"]["if"].startswith("github.event_name == 'push'")
    assert DEPLOY["jobs"]["deploy"]["needs"] == "check"
    assert DEPLOY[True]["push"] == {"branches": ["main"]}  # YAML reads `on` as true
    assert commands(DEPLOY["jobs"]["check"]) == ["make check test-aws"]


def test_only_a_tag_publishes_and_only_what_was_built_and_checked():
    assert RELEASE[True] == {"push": {"tags": ["v*"]}}
    jobs = RELEASE["jobs"]
    assert "make release" in commands(jobs["build"])
    assert (jobs["publish"]["needs"], jobs["page"]["needs"]) == ("build", "publish")
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert not any("checkout" in step.get("uses", "") for step in jobs["publish"]["steps"])


@pytest.mark.parametrize(
    ("tag", "heading", "passes"),
    [
        ("v0.2.0", "## [0.2.0] - 2026-11-26", True),
        ("v0.3.0", "## [0.2.0] - 2026-11-26", False),
        ("v0.2.0", "## [Unreleased]", False),
    ],
)
def test_tag_version_and_changelog_must_agree(tmp_path, tag, heading, passes):
    (tmp_path / "datalake").mkdir()
    (tmp_path / "datalake/__init__.py").write_text('__version__ = "0.2.0"\n', encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{heading}\n", encoding="utf-8")
    (script,) = (text for text in commands(RELEASE["jobs"]["build"]) if "CHANGELOG" in text)
    ended = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=tmp_path,
        check=False,
        env={"GITHUB_REF_NAME": tag, "PATH": "/usr/bin:/bin"},
    )
    assert (ended.returncode == 0) == passes
