"""The runbook, walked from top to bottom: each of its commands, as written, on an emulated AWS."""

import os
import re
import subprocess

import boto3
import pytest
from support.ministack import environment, ministack
from support.paths import ROOT

pytestmark = pytest.mark.aws

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
AWSCLI = ROOT / ".awscli" / "bin"
BUCKET, REGION = "films-of-mine", "sa-east-1"

DEPLOYERS = (
    "aws cloudformation deploy --stack-name datalake-deployers"
    " --template-file infra/deployers.yaml --parameter-overrides"
)
# Not run, and why.
LEFT_OUT = {
    "docker ": "there may be no container engine; test_infra_container.py runs what the image runs",
    "git pull": "the checkout under test is the newest release",
    "source .venv/bin/activate": "the environment's commands are on the path",
}
# How a command ends on an emulator, on a lake on which no job has run; all others succeed.
EXPECTED = {
    "make views REGION=sa-east-1 DASHBOARD=1": (2, "a run has to build its tables first"),
    "make views REGION=sa-east-1": (2, "a run has to build its tables first"),
    "make smoke": (2, "FAILED  The newest finished execution succeeded"),
    "datalake status --lake s3://films-of-mine/lake --max-age 36h": (1, "tables: none"),
    # The emulator has no providers of tokens.
    "aws cloudformation deploy --stack-name datalake-deployers --template-file infra/deployers.yaml"
    " --parameter-overrides Bucket=films-of-mine Repository": (255, "[AWS::IAM::OIDCProvider]"),
    "datalake rollback": (1, "Refined.dim_title: the lake has no such table"),
}


def commands(text):
    """Each command of the console blocks, in order."""
    blocks = re.findall(r"^ *```console\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    assert all(line.startswith("$ ") for line in lines), lines
    return [line.removeprefix("$ ") for line in lines]


def test_each_command_of_the_runbook_does_what_it_says(tmp_path):
    if not (AWSCLI / "aws").exists():
        pytest.skip(f"no {AWSCLI}/aws; `make test-aws` puts it there")
    with ministack(tmp_path, REGION) as port:
        walk = Walk(tmp_path, environment(port))
        for command in commands(RUNBOOK):
            walk.step(command)
    assert len(walk.done) > 25
    assert walk.unused == set()


class Walk:
    """A shell that keeps its variables from one command to the next, as a reader's does."""

    def __init__(self, folder, variables):
        self.folder, self.done, self.unused = folder, [], set(LEFT_OUT) | set(EXPECTED)
        path = f"{AWSCLI}:{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"
        self.variables = os.environ | variables | {"PATH": path}
        for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN"):
            self.variables.pop(name, None)  # the runbook itself sets what it needs of these

    def step(self, command):
        for start in LEFT_OUT:
            if command.startswith(start):
                self.unused.discard(start)
                return
        status, words = 0, ""
        for start, expected in EXPECTED.items():
            if command.startswith(start):
                self.unused.discard(start)
                status, words = expected
                break
        self.prepare(command)
        done = self.shell(command)
        said = done.stdout + done.stderr
        assert done.returncode == status, f"{command}\n{said}"
        assert words in said, f"{command}\n{said}"
        assert "Traceback" not in said
        self.done.append(command)

    def prepare(self, command):
        """What the text before a command has the reader bring along."""
        if "ingest --source DIR" in command:
            self.shell("datalake sample --titles 50 --out DIR")
        if "Report/index.html" in command:  # the page that a job would have written
            endpoint = self.variables["AWS_ENDPOINT_URL"]
            own = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
            s3 = boto3.client("s3", REGION, endpoint_url=endpoint, **own)
            s3.put_object(Bucket=BUCKET, Key="lake/Report/index.html", Body=b"<html></html>")
        if "file://token.txt" in command:
            (self.folder / "token.txt").write_text("token")

    def shell(self, command):
        # The project's folder is for its own files; the reader's lie elsewhere.
        folder = ROOT if command.startswith("make ") or "infra/" in command else self.folder
        kept = self.folder / "variables"
        keep = f"declare -p RUN ROLE AWS_REGION AWS_DEFAULT_REGION > {kept} 2>/dev/null"
        script = f". {kept} 2>/dev/null; cd {folder}; {command}\nended=$?; {keep}; exit $ended"
        return subprocess.run(
            ["bash", "-c", script], env=self.variables, input="token\n", cwd=self.folder,
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip


def test_smoke_checks_what_the_runbook_says_that_only_an_account_can_show(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    from smoke import CHECKS

    section = " ".join(RUNBOOK.partition("## What could not be tried")[2].split())
    named = set(re.findall(r"«(.*?)»", section))
    assert named == {check.__doc__.rstrip(".") for check in CHECKS}
