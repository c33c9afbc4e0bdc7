"""The run's state machine, interpreted: its names, what a run called and waited for, its stubs."""

import json
import time

import boto3
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_aws_sdk as sdk,
)

BUCKET, PREFIX = "films", "lake"
NAMES = {
    "Partition": "aws",
    "Account": "123456789012",
    "DataSets": "none",
    "Bucket": BUCKET,
    "Prefix": PREFIX,
    "EnrichFunction": "enrich",
    **{f"{job}Job": job.lower() for job in ("Trusted", "Refined", "Answers", "Report", "Maintain")},
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
    """How a run ended and why, what it called in order, what it waited."""

    def __init__(self, execution, calls, waits):
        self.status, self.calls, self.waits = execution["status"], calls, waits
        self.reason = execution.get("cause", "")
        self.cause = self.reason.partition(":")[0]
        self.error = execution.get("error")
        self.day = f"{execution['startDate']:%Y-%m-%d}"

    @property
    def names(self):
        return [name for name, _ in self.calls]


def polled(task, env, **call):
    """Poll a job by moto's own means; its own loop trips over a callback that no job has."""
    ended = task._build_sync_resolver(env, **call)
    while (run := ended()) is None:
        time.sleep(0.01)
    env.stack.append(run)


REAL_SDK = sdk.StateTaskServiceAwsSdk._eval_service_task


def sdk_answers(others, refreshes, calls):
    """The SDK's tasks: other executions that run, newest first, call by call; QuickSight's word."""

    def answer(task, env, normalised_parameters, **others_of_moto):
        action, parameters = task.resource.api_action, normalised_parameters
        if action == "listExecutions":
            found = boto3.client("stepfunctions").list_executions(
                stateMachineArn=parameters["StateMachineArn"],
                statusFilter=parameters["StatusFilter"],
            )["executions"]
            newer, older = others.pop(0) if others else ((), ())
            arns = [*newer, *(one["executionArn"] for one in found), *older]
            env.stack.append({"Executions": [{"ExecutionArn": arn} for arn in arns]})
        elif action in ("createIngestion", "describeIngestion"):
            calls.append((action, parameters["DataSetId"]))
            status = "INITIALIZED" if action == "createIngestion" else refreshes.pop(0)
            env.stack.append({"Ingestion": {"IngestionStatus": status}})
        else:
            REAL_SDK(task, env, normalised_parameters=parameters, **others_of_moto)

    return answer


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
