"""The deploy workflow: no stored key, a plan that changes nothing, a deploy from main alone."""

import re

import pytest
import yaml
from support.paths import ROOT

pytestmark = pytest.mark.infra

TEXT = (ROOT / ".github" / "workflows" / "deploy.yml").read_text(encoding="utf-8")
WORKFLOW = yaml.safe_load(TEXT)


def commands(job):
    return [step["run"] for step in WORKFLOW["jobs"][job]["steps"] if "run" in step]


def test_no_key_is_stored_and_no_more_is_allowed_than_a_token():
    assert "secrets." not in TEXT
    assert "aws-secret-access-key" not in TEXT
    assert WORKFLOW["permissions"] == {"contents": "read", "id-token": "write"}


def test_a_pull_request_only_plans():
    assert "pull_request" in WORKFLOW["jobs"]["plan"]["if"]
    assert all("DRY_RUN=1" in command for command in commands("plan"))


def test_main_is_deployed_once_its_checks_have_passed():
    assert WORKFLOW["jobs"]["deploy"]["if"].startswith("github.event_name == 'push'")
    assert WORKFLOW["jobs"]["deploy"]["needs"] == "check"
    assert WORKFLOW[True]["push"] == {"branches": ["main"]}  # YAML reads `on` as true
    assert commands("check") == ["make check test-infra"]


def test_what_it_calls_is_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for job in WORKFLOW["jobs"]:
        for command in commands(job):
            for target in re.findall(r"(?<=make |heck )[a-z-]+", command):
                assert f"\n{target}:" in makefile
