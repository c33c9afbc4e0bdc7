"""The run's state machine, walked by an interpreter: its tasks are stubs, its waits are noted."""

import json
import re
from types import SimpleNamespace

import boto3
import pytest
import yaml
from moto import mock_aws
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_aws_sdk as sdk,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_glue as glue,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import (
    WaitFunction,
)
from support.paths import ROOT
from support.state_machine import (
    BUCKET,
    JOBS,
    NAMES,
    NOTHING_LEFT,
    PREFIX,
    RAW,
    Walked,
    executed,
    left,
    polled,
    sdk_answers,
)
from support.stub_tasks import Error, stub_tasks

pytestmark = pytest.mark.aws


def definition(names):
    text = (ROOT / "infra" / "state_machine.asl.yaml").read_text(encoding="utf-8")
    return json.dumps(yaml.safe_load(re.sub(r"\$\{(\w+)\}", lambda found: names[found[1]], text)))


@pytest.fixture
def walk(monkeypatch):
    """Walk the machine; `enrich` and each job give their scripted outcomes, or go well."""
    waits = []
    noted = SimpleNamespace(sleep=waits.append)
    monkeypatch.setattr(retrier_decl, "time", noted)
    monkeypatch.setattr(glue.StateTaskServiceGlue, "_eval_integration_pattern", polled)
    monkeypatch.setattr(
        WaitFunction, "_wait_interval", lambda _, env, wait_seconds: waits.append(wait_seconds)
    )
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

    def walk(
        enrich=(NOTHING_LEFT,), raw=RAW, given=None, names=None, others=(), refreshes=(), **jobs
    ):
        outcomes = {job: list(jobs.get(job, ["SUCCEEDED"])) for job in (*JOBS, "maintain")}
        with (
            mock_aws(config={"stepfunctions": {"execute_state_machine": True}}),
            stub_tasks(monkeypatch, {"enrich": list(enrich)}, outcomes) as tasks,
        ):
            services = sdk_answers(list(others), list(refreshes), tasks.calls)
            monkeypatch.setattr(sdk.StateTaskServiceAwsSdk, "_eval_service_task", services)
            s3 = boto3.client("s3")
            s3.create_bucket(Bucket=BUCKET)
            for key in raw:
                s3.put_object(Bucket=BUCKET, Key=key, Body=b"")
            execution = executed(definition(NAMES | (names or {})), given or {})
            return Walked(execution, tasks.calls, waits)

    return walk


def test_success_runs_every_step_in_order_on_the_day_it_started(walk):
    walked = walk()
    day = {"--day": walked.day}
    assert walked.status == "SUCCEEDED"
    assert walked.calls == [
        ("enrich", {"day": walked.day}),
        ("trusted", day), ("refined", day), ("answers", day), ("report", day),
    ]  # fmt: skip
    assert walked.reason == ""


def test_enrichment_is_called_until_nothing_is_left(walk):
    walked = walk(enrich=[left(20_000), left(300), NOTHING_LEFT])
    assert walked.status == "SUCCEEDED"
    assert walked.names == ["enrich", "enrich", "enrich", *JOBS]


def test_enrichment_that_gets_nowhere_ends(walk):
    walked = walk(enrich=[left(7)])
    assert (walked.status, walked.cause) == ("FAILED", "EnrichmentGetsNowhere")
    assert walked.names == ["enrich"] * 40
    assert walked.error == "RunFailed"


def test_an_empty_raw_is_not_tried_again_and_is_told(walk):
    walked = walk(enrich=[Error("NoSourceFileError")])
    assert (walked.status, walked.cause) == ("FAILED", "NoSourceFileError")
    assert (walked.names, walked.waits) == (["enrich"], [])


def test_an_earlier_day_is_built_again_without_asking_tmdb(walk):
    walked = walk(given={"day": "2026-10-01"})
    assert walked.status == "SUCCEEDED"
    assert walked.calls == [(job, {"--day": "2026-10-01"}) for job in JOBS]


def test_what_is_transient_is_tried_again_and_waits_grow(walk):
    walked = walk(enrich=[Error("LakeError"), Error("Sandbox.Timedout"), NOTHING_LEFT])
    assert walked.status == "SUCCEEDED"
    assert walked.names[:4] == ["enrich", "enrich", "enrich", "trusted"]
    first, second = walked.waits
    assert 0 <= first <= 30
    assert 0 <= second <= 60


def test_a_refused_token_is_not_tried_again_and_is_told(walk):
    walked = walk(enrich=[Error("TmdbError")])
    assert (walked.status, walked.cause, walked.names) == ("FAILED", "TmdbError", ["enrich"])
    assert walked.waits == []
    assert "TmdbError: " in walked.reason


@pytest.mark.parametrize("job", JOBS)
def test_a_job_that_fails_once_gets_one_more_chance(walk, job):
    walked = walk(**{job: ["FAILED", "SUCCEEDED"]})
    assert walked.status == "SUCCEEDED"
    assert walked.names.count(job) == 2
    assert walked.waits == [300]


@pytest.mark.parametrize("job", JOBS)
def test_a_job_that_fails_again_ends_the_run_and_is_told(walk, job):
    walked = walk(**{job: ["FAILED"]})
    assert (walked.status, walked.cause) == ("FAILED", "States.TaskFailed")
    assert walked.names == ["enrich", *JOBS[: JOBS.index(job) + 1], job]
    assert job in walked.reason
    assert "told so" in walked.reason


@pytest.mark.parametrize("outcome", ["TIMEOUT", "ERROR"])
def test_a_job_that_ends_badly_is_a_failure(walk, outcome):
    assert walk(refined=[outcome]).status == "FAILED"


def test_a_job_that_runs_already_is_waited_for(walk):
    busy = Error("ConcurrentRunsExceededException")
    walked = walk(trusted=[busy] * 20 + ["SUCCEEDED"])
    assert walked.status == "SUCCEEDED"
    assert walked.waits == [300] * 20


def test_a_job_that_is_not_there_is_not_tried_again(walk):
    walked = walk(answers=[Error("EntityNotFoundException")])
    assert (walked.status, walked.waits) == ("FAILED", [])
    assert walked.error == "RunFailed"


def test_upkeep_maintains_and_asks_and_builds_nothing(walk):
    walked = walk(given={"upkeep": True}, raw=[])
    assert (walked.status, walked.calls) == ("SUCCEEDED", [("maintain", {})])


INTENT = f"{PREFIX}/Publishing/intent.json"


def test_a_publication_that_stays_half_done_fails_the_run(walk):
    walked = walk(raw=[*RAW, INTENT])
    assert (walked.status, walked.error) == ("FAILED", "IntentStays")
    assert "start a run" in walked.reason


def test_a_job_that_dies_while_publishing_says_so_beside_its_error(walk):
    walked = walk(raw=[*RAW, INTENT], refined=["FAILED"])
    assert (walked.status, walked.error) == ("FAILED", "RunFailed")
    assert walked.reason.startswith("a publication is half done")
    assert "States.TaskFailed" in walked.reason


def test_a_run_waits_for_an_older_one_and_not_for_a_newer_one(walk):
    walked = walk(others=[((), ["older"]), (["newer"], ["older"]), (["newer"], ())])
    assert (walked.status, walked.waits) == ("SUCCEEDED", [300, 300])
    assert walked.names == ["enrich", *JOBS]


def test_quicksight_reads_the_answers_anew_once_they_are_there(walk):
    walked = walk(names={"DataSets": "lake-people"}, refreshes=["RUNNING", "COMPLETED"])
    assert walked.status == "SUCCEEDED"
    assert walked.calls[-3:] == [
        ("createIngestion", "lake-people"),
        ("describeIngestion", "lake-people"),
        ("describeIngestion", "lake-people"),
    ]
    assert walked.names[:-3] == ["enrich", *JOBS]


def test_each_data_set_is_refreshed_and_a_failure_fails_the_run(walk):
    walked = walk(names={"DataSets": "a,b"}, refreshes=["COMPLETED", "COMPLETED"])
    assert walked.status == "SUCCEEDED"
    assert {call for call in walked.calls if call[0] == "createIngestion"} == {
        ("createIngestion", "a"),
        ("createIngestion", "b"),
    }
    walked = walk(names={"DataSets": "a"}, refreshes=["FAILED"])
    assert (walked.status, walked.error, walked.cause) == ("FAILED", "RunFailed", "RefreshFailed")
