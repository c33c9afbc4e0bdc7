"""The run's state machine, walked by an interpreter: its tasks are stubs, its waits are noted."""

import json
import re
import time
from types import SimpleNamespace

import boto3
import pytest
import yaml
from moto import mock_aws
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_glue as glue,
)
from support.paths import ROOT
from support.stub_tasks import Error, stub_tasks

pytestmark = pytest.mark.infra

BUCKET, PREFIX = "films", "lake"
NAMES = {
    "Bucket": BUCKET,
    "Prefix": PREFIX,
    "EnrichFunction": "enrich",
    **{f"{job}Job": job.lower() for job in ("Trusted", "Refined", "Answers", "Report")},
}
JOBS = ("trusted", "refined", "answers", "report")
RAW = [
    f"{PREFIX}/Raw/Local/CSV/{folder}/2026/11/23/{file}{end}"
    for folder, file in (("Movies", "movies.csv"), ("Series", "series.csv"))
    for end in ("", ".manifest.json")
]
NOTHING_LEFT = {"left": 0, "done": True, "summary": {}}


def left(count):
    return {"left": count, "done": False, "summary": {}}


class Walked:
    """How a run ended, what it called in order, what it waited, what it told the topic."""

    def __init__(self, execution, calls, waits, told):
        self.status, self.calls, self.waits, self.told = execution["status"], calls, waits, told
        self.cause = execution.get("cause", "").partition(":")[0]
        self.day = f"{execution['startDate']:%Y-%m-%d}"

    @property
    def names(self):
        return [name for name, _ in self.calls]


def definition(topic):
    text = (ROOT / "infra" / "state_machine.asl.yaml").read_text(encoding="utf-8")
    names = NAMES | {"Failures": topic}
    return json.dumps(yaml.safe_load(re.sub(r"\$\{(\w+)\}", lambda found: names[found[1]], text)))


@pytest.fixture
def walk(monkeypatch):
    """Walk the machine; `enrich` and each job give their scripted outcomes, or go well."""
    waits = []
    noted = SimpleNamespace(sleep=waits.append)
    monkeypatch.setattr(retrier_decl, "time", noted)
    monkeypatch.setattr(glue.StateTaskServiceGlue, "_eval_integration_pattern", polled)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

    def walk(enrich=(NOTHING_LEFT,), raw=RAW, given=None, **jobs):
        outcomes = {job: list(jobs.get(job, ["SUCCEEDED"])) for job in JOBS}
        with (
            mock_aws(config={"stepfunctions": {"execute_state_machine": True}}),
            stub_tasks(monkeypatch, {"enrich": list(enrich)}, outcomes) as tasks,
        ):
            s3 = boto3.client("s3")
            s3.create_bucket(Bucket=BUCKET)
            for key in raw:
                s3.put_object(Bucket=BUCKET, Key=key, Body=b"")
            topic, mailbox = topic_with_mailbox()
            execution = executed(definition(topic), given or {})
            return Walked(execution, tasks.calls, waits, mailbox())

    return walk


def polled(task, env, **call):
    """Poll a job by moto's own means; its own loop trips over a callback that no job has."""
    ended = task._build_sync_resolver(env, **call)
    while (run := ended()) is None:
        time.sleep(0.01)
    env.stack.append(run)


def topic_with_mailbox():
    topic = boto3.client("sns").create_topic(Name="failures")["TopicArn"]
    sqs = boto3.client("sqs")
    queue = sqs.create_queue(QueueName="mailbox")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    boto3.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])

    def mailbox():
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"])["Message"] for message in found]

    return topic, mailbox


def executed(machine, given):
    states = boto3.client("stepfunctions")
    role = "arn:aws:iam::123456789012:role/run"
    arn = states.create_state_machine(name="run", definition=machine, roleArn=role)
    run = states.start_execution(stateMachineArn=arn["stateMachineArn"], input=json.dumps(given))[
        "executionArn"
    ]
    until = time.monotonic() + 30
    while (found := states.describe_execution(executionArn=run))["status"] == "RUNNING":
        assert time.monotonic() < until, states.get_execution_history(executionArn=run)["events"][
            -3:
        ]
        time.sleep(0.02)
    return found


def test_success_runs_every_step_in_order_on_the_day_it_started(walk):
    walked = walk()
    day = {"--day": walked.day}
    assert walked.status == "SUCCEEDED"
    assert walked.calls == [
        ("enrich", {"day": walked.day}),
        ("trusted", day), ("refined", day), ("answers", day), ("report", day),
    ]  # fmt: skip
    assert walked.told == []


def test_enrichment_is_called_until_nothing_is_left(walk):
    walked = walk(enrich=[left(20_000), left(300), NOTHING_LEFT])
    assert walked.status == "SUCCEEDED"
    assert walked.names == ["enrich", "enrich", "enrich", *JOBS]


def test_enrichment_that_gets_nowhere_ends(walk):
    walked = walk(enrich=[left(7)])
    assert (walked.status, walked.cause) == ("FAILED", "EnrichmentGetsNowhere")
    assert walked.names == ["enrich"] * 40
    assert len(walked.told) == 1


@pytest.mark.parametrize("missing", ["Movies", "Series", "manifest"])
def test_without_both_files_in_raw_nothing_is_started(walk, missing):
    walked = walk(raw=[key for key in RAW if missing not in key])
    assert (walked.status, walked.cause, walked.calls) == ("FAILED", "RawIsEmpty", [])
    assert "datalake ingest" in walked.told[0]


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
    assert "failed: TmdbError" in walked.told[0]


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
    assert job in walked.told[0]
    assert "told so" in walked.told[0]


@pytest.mark.parametrize("outcome", ["TIMEOUT", "ERROR"])
def test_a_job_that_ends_badly_is_a_failure(walk, outcome):
    assert walk(refined=[outcome]).status == "FAILED"


def test_a_job_that_runs_already_is_waited_for(walk):
    busy = Error("ConcurrentRunsExceededException")
    walked = walk(trusted=[busy, busy, "SUCCEEDED"])
    assert walked.status == "SUCCEEDED"
    assert walked.waits == [300, 450]


def test_a_job_that_is_not_there_is_not_tried_again(walk):
    walked = walk(answers=[Error("EntityNotFoundException")])
    assert (walked.status, walked.waits) == ("FAILED", [])
    assert len(walked.told) == 1
