"""An emulated account for each file of tests, and the scripts as a user runs them in it."""

import os
import subprocess
import sys

import boto3
import pytest
from support.ministack import REGION, environment, ministack
from support.paths import ROOT

BUCKET = "films-of-mine"
STALE = ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN")


@pytest.fixture(scope="module")
def aws(tmp_path_factory):
    """What reaches an empty account; one for all tests of this file, in their order."""
    with ministack(tmp_path_factory.mktemp("aws")) as port:
        yield environment(port)


@pytest.fixture(scope="module")
def client(aws):
    def client(service):
        return boto3.client(
            service,
            endpoint_url=aws["AWS_ENDPOINT_URL"],
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    return client


@pytest.fixture(scope="module")
def run(aws):
    """Run one of the scripts; its exit status, output and error output."""

    def run(script, *words, **changed):
        inherited = {name: value for name, value in os.environ.items() if name not in STALE}
        told = {name: value for name, value in {**aws, **changed}.items() if value is not None}
        program = [sys.executable, ROOT / "scripts" / f"{script}.py", *words, "--region", REGION]
        done = subprocess.run(
            program, env=inherited | told, capture_output=True, text=True, timeout=170, check=False
        )
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture(scope="module")
def deploy(run):
    def deploy(*words, **changed):
        return run("deploy", "--bucket", BUCKET, *words, **changed)

    return deploy
