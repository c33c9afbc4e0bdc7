"""S3's faults: what is transient is tried again, what isn't is one line; uploads go on."""

import hashlib
import os
from secrets import token_hex
from types import SimpleNamespace

import boto3
import pytest
from support.faulty import CUT, RESET, faulty, s3_error
from support.ministack import environment, ministack

from datalake.core import aws, upload
from datalake.core.aws import Aws
from datalake.core.errors import InputError, LakeError, SettingsError
from datalake.core.lake import Lake

PART = 5 << 20  # S3's least
KEY = "Raw/movies.csv"


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    with ministack(tmp_path_factory.mktemp("s3")) as port:
        yield environment(port)


@pytest.fixture
def broken(endpoint, monkeypatch):
    """A lake behind a proxy, and the faults to come."""
    monkeypatch.setattr(aws, "_TRIES", 2)
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda seconds: None))
    monkeypatch.setattr(upload, "PART", PART)
    for name, value in (endpoint | {"AWS_DEFAULT_REGION": endpoint["AWS_REGION"]}).items():
        monkeypatch.setenv(name, value)
    bucket = f"films-{token_hex(4)}"
    region = {"LocationConstraint": endpoint["AWS_REGION"]}
    boto3.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=region)
    with faulty(endpoint["AWS_ENDPOINT_URL"]) as (url, faults):
        yield Lake(f"s3://{bucket}/lake", aws=Aws(s3_endpoint=url)), faults


@pytest.fixture
def big(tmp_path):
    """A file of three parts, and its SHA-256."""
    path = tmp_path / "movies.csv"
    path.write_bytes(os.urandom(1 << 20) * 11)
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


def put(lake, big, progress=lambda done: None):
    lake.storage.put_file(KEY, *big, progress)


def pending(lake):
    bucket = lake.root.split("/")[2]
    found = boto3.client("s3").list_multipart_uploads(Bucket=bucket)
    return len(found.get("Uploads", ()))


def test_a_large_file_goes_in_parts_each_with_its_checksum(broken, big):
    lake, faults = broken
    told = []
    put(lake, big, told.append)
    assert lake.storage.open(KEY).read() == big[0].read_bytes()
    assert told == [PART, 2 * PART, 11 << 20]
    assert faults.count("PUT", "partNumber=") == 3
    assert pending(lake) == 0
    bucket, _, key = lake.storage.url(KEY).removeprefix("s3://").partition("/")
    head = boto3.client("s3").head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    assert head["ChecksumSHA256"].endswith("-3")


def test_a_cut_upload_shows_nothing_and_the_next_one_goes_on(broken, big):
    lake, faults = broken
    faults.add(RESET, "PUT", "partNumber=3", times=2)
    with pytest.raises(LakeError, match=r"AWS can't be reached; check the network"):
        put(lake, big)
    assert lake.storage.list("Raw") == []
    assert pending(lake) == 1
    faults.seen.clear()
    put(lake, big)
    assert faults.count("PUT", "partNumber=") == 1  # two were there
    assert lake.storage.open(KEY).read() == big[0].read_bytes()
    assert pending(lake) == 0


def test_parts_of_other_bytes_are_sent_anew(broken, big):
    lake, faults = broken
    faults.add(RESET, "PUT", "partNumber=3", times=2)
    with pytest.raises(LakeError):
        put(lake, big)
    data = bytearray(big[0].read_bytes())
    data[0] ^= 1  # the first part is another, the second the same
    big[0].write_bytes(data)
    faults.seen.clear()
    put(lake, (big[0], hashlib.sha256(data).hexdigest()))
    assert faults.count("PUT", "partNumber=1") == faults.count("PUT", "partNumber=3") == 1
    assert faults.count("PUT", "partNumber=2") == 0
    assert lake.storage.open(KEY).read() == data


def test_of_several_uploads_the_newest_goes_on_and_the_others_end(broken, big):
    lake, _ = broken
    bucket, _, key = lake.storage.url(KEY).removeprefix("s3://").partition("/")
    for name in (key, key, f"{key}.other"):
        boto3.client("s3").create_multipart_upload(
            Bucket=bucket, Key=name, ChecksumAlgorithm="SHA256"
        )
    put(lake, big)
    assert pending(lake) == 1  # another object's
    assert lake.storage.open(KEY).read() == big[0].read_bytes()


def test_a_file_that_changes_meanwhile_is_not_kept(broken, big):
    lake, _ = broken
    for path_and_digest in (big, (big[0].with_name("small"), "")):
        path_and_digest[0].touch()
        with pytest.raises(InputError, match="it changed while it was read"):
            put(lake, (path_and_digest[0], "0" * 64))
    assert lake.storage.list("Raw") == []
    assert pending(lake) == 0


@pytest.mark.parametrize(
    "answer", [RESET, s3_error(503, "SlowDown"), s3_error(500, "InternalError")]
)
def test_what_passes_is_tried_again(broken, answer):
    lake, faults = broken
    faults.add(answer, times=1)
    with lake.storage.create("Raw/a") as file:
        file.write(b"one")
    faults.add(answer, "GET", times=1)
    assert lake.storage.list("Raw") == ["Raw/a"]
    faults.add(answer, "GET", times=1)
    assert lake.storage.open("Raw/a").read() == b"one"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (s3_error(503, "SlowDown"), "AWS asks to slow down, after 6 tries still; run again later"),
        (s3_error(403, "AccessDenied"), "access is denied; the role lacks this permission"),
        (s3_error(400, "ExpiredToken"), "the AWS credentials have expired; sign in again"),
        (s3_error(403, "InvalidAccessKeyId"), "AWS does not know these credentials"),
        (s3_error(404, "NoSuchBucket"), "there is no such bucket; create it, or check --lake"),
        (s3_error(400, "IllegalLocationConstraintException"), "the bucket is in another region"),
        (RESET, "AWS can't be reached; check the network"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_stays_is_one_line_that_names_the_object(broken, answer, told):
    lake, faults = broken
    faults.add(answer)
    acts = {
        "Raw": lambda: lake.storage.list("Raw"),
        "Raw/a": lambda: lake.storage.open("Raw/a"),
        "Raw/b": lambda: lake.storage.compare_and_swap("Raw/b", None, b"x"),
    }
    for key, act in acts.items():
        with pytest.raises(LakeError) as raised:
            act()
        assert str(raised.value).startswith(f"{lake.storage.url(key)}: {told}")
        assert "\n" not in str(raised.value)
    faults.rules.clear()
    assert lake.storage.list("") == []


def test_a_stream_that_breaks_goes_on_with_the_next_byte(broken):
    lake, faults = broken
    data = os.urandom(3 << 20)
    with lake.storage.create("Raw/a") as file:
        file.write(data)
    faults.add(CUT, "GET", times=3)
    assert lake.storage.open("Raw/a").read() == data
    assert faults.count("GET", "Raw/a") == 4
    faults.add(CUT, "GET")
    with pytest.raises(LakeError, match=f"^{lake.storage.url('Raw/a')}: AWS can't be reached"):
        lake.storage.open("Raw/a").read()


def test_no_credentials_and_no_region_are_one_line(broken, monkeypatch):
    lake, _ = broken
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    nobody = Lake(lake.root, aws=Aws("us-east-1", lake.aws.s3_endpoint))
    with pytest.raises(LakeError, match="no AWS credentials found; sign in, or give the machine"):
        nobody.storage.list("Raw")
    with pytest.raises(SettingsError, match="no AWS region is set; set AWS_REGION"):
        Aws().require_region()


@pytest.mark.parametrize(
    ("encryption", "key"), [("AES256", None), ("aws:kms", "alias/lake"), (None, None)]
)
def test_uploads_ask_for_the_encryption_that_is_set(broken, big, encryption, key):
    lake, _ = broken
    given = Lake(lake.root, aws=Aws(encryption=encryption, kms_key=key))
    small = big[0].with_name("small")
    small.write_bytes(b"one")
    given.storage.put_file("a", small, hashlib.sha256(b"one").hexdigest(), lambda done: None)
    given.storage.put_file("b", *big, lambda done: None)
    given.storage.compare_and_swap("c", None, b"one")
    with given.storage.create("d") as file:
        file.write(b"one")
    s3 = boto3.client("s3")
    for name in "abcd":
        bucket, _, at = given.storage.url(name).removeprefix("s3://").partition("/")
        head = s3.head_object(Bucket=bucket, Key=at)
        assert head.get("SSEKMSKeyId") == key
        assert head.get("ServerSideEncryption") in {encryption, None if encryption else "AES256"}


def test_a_wrong_encryption_is_named():
    with pytest.raises(SettingsError, match="DATALAKE_S3_SSE rot13: it is one of AES256, aws:kms"):
        Aws(encryption="rot13")
    with pytest.raises(SettingsError, match="set DATALAKE_S3_SSE to aws:kms as well"):
        Aws(kms_key="alias/lake")
