"""The Lambda's handler, on a real S3 and a real Secrets Manager over HTTP, and a local TMDB."""

import importlib.util
import json
import logging
from secrets import token_hex
from types import SimpleNamespace

import boto3
import pytest
from support.enriched import (
    FILMS,
    SECRET,
    SERIES,
    a_second_passes_with_each_request,
    make_bodies,
    make_lake,
    raw_ids,
)
from support.local_s3 import s3_root
from support.paths import ROOT

from datalake.core.errors import LakeError, SettingsError, TmdbError
from datalake.demo.server import TmdbServer
from datalake.enrichment import run as enriching
from datalake.enrichment import spool
from datalake.enrichment.lambda_handler import Invocation
from datalake.sources.tmdb.secret import fetch_token

TOLD = {"DATALAKE_LAKE": "s3://films/lake", "TMDB_SECRET_ID": "tmdb"}


def handler():
    spec = importlib.util.spec_from_file_location("enrich_lambda", ROOT / "jobs/enrich_lambda.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handler


def context(seconds):
    return SimpleNamespace(get_remaining_time_in_millis=lambda: int(seconds * 1000))


@pytest.fixture(scope="module")
def bucket():
    with pytest.MonkeyPatch.context() as patch, s3_root(patch) as root:
        yield root


@pytest.fixture
def aws(bucket, monkeypatch, tmp_path):
    """The address of a lake in S3 of the test's own; a secret beside."""
    monkeypatch.setattr(spool.tempfile, "gettempdir", lambda: str(tmp_path))
    root = f"{bucket}/{token_hex(4)}"
    secret = boto3.client("secretsmanager").create_secret(Name=root[5:], SecretString=SECRET)
    for variable, value in (
        ("DATALAKE_LAKE", root),
        ("DATALAKE_GENRES", "Crime,War"),
        ("DATALAKE_RATE", "10000"),
        ("TMDB_SECRET_ID", secret["ARN"]),
    ):
        monkeypatch.setenv(variable, value)
    return root


@pytest.fixture
def tmdb(monkeypatch):
    with TmdbServer(make_bodies(), SECRET, latency=0.01) as server:
        monkeypatch.setenv("TMDB_URL", server.url)
        yield server


def test_it_is_called_until_nothing_is_left(aws, tmdb, caplog):
    caplog.set_level(logging.DEBUG)
    lake = make_lake(aws)
    results = [handler()({"limit": 20}, context(300)) for _ in range(3)]
    assert [(result["left"], result["done"]) for result in results] == [
        (30, False),
        (10, False),
        (0, True),
    ]
    assert [result["summary"]["found"] for result in results] == [20, 20, 10]
    assert raw_ids(lake) == sorted(FILMS + SERIES)
    assert (tmdb.requests["movie"], tmdb.requests["tv"]) == (40, 10)
    idle = handler()(results[-1], context(300))  # a state machine may hand on what came before
    assert (idle["left"], idle["done"], idle["summary"]["due"]) == (0, True, 0)
    shown = json.dumps(results) + "".join(record.getMessage() for record in caplog.records)
    assert SECRET not in shown


def test_it_ends_before_its_time_does(aws, tmdb, monkeypatch):
    monkeypatch.setenv("DATALAKE_RATE", "20")
    make_lake(aws)
    a_second_passes_with_each_request(monkeypatch, tmdb)
    result = handler()({"margin_seconds": 9.5}, context(29.5))
    assert 0 < result["left"] <= 30
    assert not result["done"]
    assert result["summary"]["found"] == 50 - result["left"]


def test_a_call_that_cannot_get_on_fails_and_is_not_called_for_ever(aws, tmdb, monkeypatch):
    make_lake(aws)
    with pytest.raises(SettingsError, match="margin_seconds 60: 30 s are there in all"):
        handler()({}, context(30))
    moments = iter([0.0, *[100.0] * 99])
    clock = SimpleNamespace(monotonic=lambda: next(moments))
    monkeypatch.setattr(enriching, "time", clock)
    with pytest.raises(LakeError, match="none were left to ask"):
        handler()({}, context(100))
    assert not tmdb.requests


def test_a_refused_token_fails_at_once(aws, tmdb):
    make_lake(aws)
    boto3.client("secretsmanager").put_secret_value(SecretId=aws[5:], SecretString="another")
    with pytest.raises(TmdbError, match="refuses the token"):
        handler()(None, context(300))


@pytest.mark.parametrize(
    ("event", "environment", "expected"),
    [
        ({}, {}, (("Crime", "War"), 25, 16, None, 90, 60)),
        (
            {"genres": ["War"], "rate": 38, "threads": "8", "limit": 5, "margin_seconds": 30},
            {"DATALAKE_RATE": "10", "DATALAKE_REFRESH_AFTER": "30"},
            (("War",), 38, 8, 5, 30, 30),
        ),
        (
            {"genres": None, "detail-type": "Scheduled Event"},
            {"DATALAKE_GENRES": "Film-Noir"},
            (("Film-Noir",), 25, 16, None, 90, 60),
        ),
    ],
)
def test_the_event_stands_over_the_environment(event, environment, expected):
    invocation = Invocation.of(event, TOLD | environment)
    settings = invocation.settings
    assert expected == (
        settings.genres,
        settings.rate,
        settings.threads,
        settings.limit,
        settings.refresh_after.days,
        invocation.margin_seconds,
    )


def test_no_event_says_where_the_token_goes():
    invocation = Invocation.of({"tmdb_url": "http://elsewhere/3", "secret_id": "other"}, TOLD)
    assert invocation.settings.tmdb_url == "https://api.themoviedb.org/3"
    assert invocation.secret_id == "tmdb"


@pytest.mark.parametrize(
    ("event", "environment", "message"),
    [
        ({}, {"DATALAKE_LAKE": ""}, "DATALAKE_LAKE: not set"),
        ({}, {"TMDB_SECRET_ID": ""}, "TMDB_SECRET_ID: not set"),
        ({"rate": "fast"}, {}, r"rate 'fast' \(DATALAKE_RATE\)"),
        ({"limit": 0}, {}, "limit 0"),
        ({"margin_seconds": float("nan")}, {}, "margin_seconds nan"),
        ({}, {"DATALAKE_GENRES": "Guerra"}, "Guerra"),
        ({"day": "yesterday"}, {}, "day 'yesterday'"),
    ],
)
def test_a_bad_value_is_named(event, environment, message):
    with pytest.raises(SettingsError, match=message):
        Invocation.of(event, TOLD | environment)


def test_a_token_comes_from_either_service_and_is_not_logged(aws, caplog):
    caplog.set_level(logging.DEBUG)
    forms = {
        SECRET: "Bearer(***)",
        f"{SECRET}\n": "Bearer(***)",
        json.dumps({"TMDB_TOKEN": SECRET}): "Bearer(***)",
        json.dumps({"TMDB_API_KEY": SECRET}): "ApiKey(***)",
    }
    for text, shown in forms.items():
        assert repr(fetch_token(kept_secret("secretsmanager", text))) == shown
    assert repr(fetch_token(kept_secret("ssm", SECRET))) == "Bearer(***)"
    assert "botocore" in caplog.text
    assert SECRET not in caplog.text


def kept_secret(service, text):
    logging.disable()  # what stores it logs it
    try:
        if service == "secretsmanager":
            name = f"token-{abs(hash(text))}-{id(text)}"
            client = boto3.client("secretsmanager")
            return client.create_secret(Name=name, SecretString=text)["ARN"]
        client = boto3.client("ssm")
        client.put_parameter(Name="/tmdb", Value=text, Type="SecureString", Overwrite=True)
        return client.get_parameter(Name="/tmdb")["Parameter"]["ARN"]
    finally:
        logging.disable(logging.NOTSET)


def test_a_secret_that_holds_no_token_is_named_not_shown(aws):
    for text in ('{"TMDB_TOKEN": "s3cr3t', '{"other": "s3cr3t"}', '{"TMDB_TOKEN": ""}'):
        with pytest.raises(SettingsError, match="neither a token nor JSON") as raised:
            fetch_token(kept_secret("secretsmanager", text))
        assert SECRET not in str(raised.value)
        assert raised.value.__context__ is None
    with pytest.raises(SettingsError, match="TMDB_SECRET_ID nowhere: can't be read"):
        fetch_token("nowhere")
