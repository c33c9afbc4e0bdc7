"""MiniStack on loopback: S3 and the Glue catalog over HTTP, stale catalog versions refused."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import requests

REGION = "eu-west-1"  # not the one that SDKs fall back to


def environment(port):
    """What a process needs to reach it, and nothing else of AWS."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


@contextmanager
def ministack(folder, region=REGION):
    """Its port, as long as the block runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "IOT_MTLS_ENABLED": "0"}
    own = {"MINISTACK_REGION": region, "TMPDIR": str(folder)}
    with (folder / "ministack.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ministack"],
            env=os.environ | variables | own,
            stdout=log,
            stderr=log,
        )
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait(process, port):
    for _ in range(200):
        assert process.poll() is None, "MiniStack ended"
        try:
            requests.get(f"http://127.0.0.1:{port}/_ministack/health", timeout=2)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("MiniStack does not answer")
