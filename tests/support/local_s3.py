"""A real S3 over HTTP on loopback: what boto3 hands out differs from a mock's streams."""

from contextlib import contextmanager
from secrets import token_hex

import boto3
from moto.server import ThreadedMotoServer


@contextmanager
def s3_root(monkeypatch):
    """The address of a lake in an empty bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    try:
        bucket = f"films-{port}-{token_hex(4)}"  # servers of one process share their buckets
        boto3.client("s3").create_bucket(Bucket=bucket)
        yield f"s3://{bucket}/lake"
    finally:
        server.stop()
