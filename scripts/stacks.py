"""CloudFormation stacks: bring one to its template, or take it away, and tell how it goes."""

import time
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from aws_errors import DeployError
from botocore.exceptions import ClientError

_NOTHING = ("didn't contain changes", "No updates are to be performed")
_POLL_SECONDS = 2.0
_ADVICE = {
    "ROLLBACK_COMPLETE": "its creation failed; run `make destroy`, mend the cause, deploy again",
    "ROLLBACK_FAILED": "its creation failed; run `make destroy`, mend the cause, deploy again",
    "DELETE_FAILED": "its deletion failed; run `make destroy` again",
    "UPDATE_ROLLBACK_FAILED": (
        "run `aws cloudformation continue-update-rollback --stack-name {name}`, then deploy again"
    ),
}


@dataclass(frozen=True)
class Stack:
    """One stack by name; `status` is None where there is none."""

    cloudformation: Any
    name: str

    def describe(self) -> dict[str, Any] | None:
        """The stack as CloudFormation tells it; None where it is not there, or not yet."""
        try:
            found = self.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        gone = found["StackStatus"] in ("REVIEW_IN_PROGRESS", "DELETE_COMPLETE")
        return None if gone else dict(found)

    @property
    def outputs(self) -> dict[str, str]:
        """What the stack gives out; empty where there is none."""
        told = (self.describe() or {}).get("Outputs", [])
        return {output["OutputKey"]: output["OutputValue"] for output in told}

    @property
    def parameters(self) -> dict[str, str]:
        """What the stack was told; empty where there is none."""
        told = (self.describe() or {}).get("Parameters", [])
        return {one["ParameterKey"]: one["ParameterValue"] for one in told}

    @property
    def tags(self) -> dict[str, str]:
        """What CloudFormation puts on each of its resources: which lake's they are."""
        lake = self.name.removesuffix("-storage").removesuffix("-dashboard")
        return {"Project": "datalake", "Lake": lake}

    @property
    def was_never_made(self) -> bool:
        """Whether its creation failed and was undone: nothing is in it, and it can only go."""
        return (self.describe() or {}).get("StackStatus") == "ROLLBACK_COMPLETE"

    def check(self) -> None:
        """`DeployError` where the stack can't be changed now, with what to do."""
        status = (self.describe() or {}).get("StackStatus", "")
        if advice := _ADVICE.get(status):
            raise DeployError(f"stack {self.name} is in {status}: " + advice.format(name=self.name))
        if status.endswith("_IN_PROGRESS"):
            raise DeployError(f"stack {self.name} is in {status}: wait until that is over")

    def apply(self, template: Path, parameters: Mapping[str, str], url: str = "") -> bool:
        """Create or update it; parameters not given stay as they are. False: nothing changed.

        CloudFormation takes a template of over 51,200 bytes from S3 only: then `url` is its place.
        """
        body = {"TemplateURL": url} if url else {"TemplateBody": template.read_text("utf-8")}
        return self._change(
            body, _parameters(template_parameters(template), parameters, self.parameters)
        )

    def set_parameters(self, parameters: Mapping[str, str]) -> bool:
        """Change parameters of the stack as it is, whatever its template is here by now."""
        before = self.parameters
        known = _parameters(set(before), parameters, before)
        return self._change({"UsePreviousTemplate": True}, known)

    def _change(self, body: Mapping[str, Any], parameters: list[dict[str, Any]]) -> bool:
        self.check()
        known = self.describe()
        change = {"StackName": self.name, "ChangeSetName": f"deploy-{time.time_ns()}"}
        self.cloudformation.create_change_set(
            **change,
            ChangeSetType="UPDATE" if known else "CREATE",
            **body,
            Parameters=parameters,
            Tags=[{"Key": key, "Value": value} for key, value in self.tags.items()],
            Capabilities=["CAPABILITY_IAM"],
        )
        if not self._has_changes(change):
            self.cloudformation.delete_change_set(**change)
            return False
        seen = {event["EventId"] for event in self._events(set())}
        self.cloudformation.execute_change_set(**change)
        self._follow("UPDATE_COMPLETE" if known else "CREATE_COMPLETE", seen)
        return True

    def delete(self) -> None:
        """Take it away; no error where there is none."""
        if found := self.describe():
            by_id = Stack(self.cloudformation, found["StackId"])  # a deleted one has no name
            seen = {event["EventId"] for event in by_id._events(set())}
            self.cloudformation.delete_stack(StackName=self.name)
            by_id._follow("DELETE_COMPLETE", seen)

    def _has_changes(self, change: dict[str, str]) -> bool:
        while True:
            told = self.cloudformation.describe_change_set(**change)
            if told["Status"] == "CREATE_COMPLETE":
                return True
            if told["Status"] == "FAILED":
                if any(words in told.get("StatusReason", "") for words in _NOTHING):
                    return False
                raise DeployError(f"stack {self.name}: {told.get('StatusReason', 'no reason')}")
            time.sleep(_POLL_SECONDS)

    def _follow(self, wanted: str, seen: set[str]) -> None:
        """Print each event not `seen` until the stack rests; `DeployError` if it rests wrong."""
        failure = ""
        while True:
            status = self._status()
            for event in self._events(seen):
                seen.add(event["EventId"])
                print(f"  {event['ResourceStatus']:<28} {event['LogicalResourceId']}")
                reason = event.get("ResourceStatusReason", "")
                if event["ResourceStatus"].endswith("_FAILED") and "cancelled" not in reason:
                    failure = failure or f"{event['LogicalResourceId']}: {reason}"
            if not status.endswith("_IN_PROGRESS"):
                break
            time.sleep(_POLL_SECONDS)
        if status != wanted:
            why = failure or "see its events in CloudFormation"
            raise DeployError(f"stack {self.name} ended in {status}: {why}")

    def _status(self) -> str:
        try:
            stack = self.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return "DELETE_COMPLETE"
            raise
        return str(stack["StackStatus"])

    def _events(self, seen: set[str]) -> list[dict[str, Any]]:
        """Events that were not seen, oldest first."""
        try:
            told = self.cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        except ClientError:
            return []  # the stack is not there yet, or not any more
        return [event for event in reversed(told) if event["EventId"] not in seen]


def given_parameters(
    words: list[str], *templates: Path, but: Set[str] = frozenset()
) -> dict[str, str]:
    """PARAMETER=VALUE words, each a parameter of one of the templates and none of `but`."""
    known = set().union(*map(template_parameters, templates)) - but
    given = dict(word.partition("=")[::2] for word in words)
    if unknown := sorted(set(given) - known):
        raise DeployError(
            f"--set {unknown[0]}: no such parameter; there are {', '.join(sorted(known))}"
        )
    return given


def template_parameters(template: Path) -> set[str]:
    """The names of the template's parameters."""
    return set(load_template(template.read_text(encoding="utf-8"))["Parameters"])


def load_template(text: str) -> dict[str, Any]:
    """A template as data, without what its short tags (!Ref, !Sub) stand for."""
    return dict(yaml.load(text, _Loader))  # noqa: S506 (a safe one)


def _parameters(
    names: Set[str], given: Mapping[str, str], before: Mapping[str, str]
) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = [
        {"ParameterKey": name, "ParameterValue": value}
        for name, value in given.items()
        if name in names
    ]
    kept = sorted((names & set(before)) - set(given))
    return told + [{"ParameterKey": name, "UsePreviousValue": True} for name in kept]


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's own tags, which are passed over."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)
