"""CloudFormation stacks: create, update or delete one, and print its events."""

import time
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from aws_errors import DeployError
from botocore.exceptions import ClientError

_NO_CHANGES = ("didn't contain changes", "No updates are to be performed")
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
    """A stack by its name; it need not exist.

    `role` is the service role that CloudFormation takes to change it; the stack remembers it.
    """

    cloudformation: Any
    name: str
    role: str = ""

    def describe(self) -> dict[str, Any] | None:
        """The stack as CloudFormation describes it; None where it is not there, or not yet."""
        try:
            stack = self.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        is_gone = stack["StackStatus"] in ("REVIEW_IN_PROGRESS", "DELETE_COMPLETE")
        return None if is_gone else dict(stack)

    @property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs; empty where there is no stack."""
        outputs = (self.describe() or {}).get("Outputs", [])
        return {output["OutputKey"]: output["OutputValue"] for output in outputs}

    @property
    def parameters(self) -> dict[str, str]:
        """The stack's parameters; empty where there is no stack."""
        parameters = (self.describe() or {}).get("Parameters", [])
        return {item["ParameterKey"]: item["ParameterValue"] for item in parameters}

    @property
    def tags(self) -> dict[str, str]:
        """What CloudFormation puts on each of its resources: which lake's they are."""
        lake = self.name.removesuffix("-storage").removesuffix("-dashboard")
        return {"Project": "datalake", "Lake": lake}

    @property
    def creation_failed(self) -> bool:
        """Whether its creation failed and was rolled back: it is empty and can only be deleted."""
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
        current = self.parameters
        changed = _parameters(set(current), parameters, current)
        return self._change({"UsePreviousTemplate": True}, changed)

    def _change(self, body: Mapping[str, Any], parameters: list[dict[str, Any]]) -> bool:
        self.check()
        exists = self.describe() is not None
        change = {"StackName": self.name, "ChangeSetName": f"deploy-{time.time_ns()}"}
        self.cloudformation.create_change_set(
            **change,
            ChangeSetType="UPDATE" if exists else "CREATE",
            **body,
            Parameters=parameters,
            Tags=[{"Key": key, "Value": value} for key, value in self.tags.items()],
            Capabilities=["CAPABILITY_IAM"],
            **({"RoleARN": self.role} if self.role else {}),
        )
        if not self._has_changes(change):
            self.cloudformation.delete_change_set(**change)
            return False
        seen = {event["EventId"] for event in self._events(set())}
        self.cloudformation.execute_change_set(**change)
        self._follow("UPDATE_COMPLETE" if exists else "CREATE_COMPLETE", seen)
        return True

    def delete(self) -> None:
        """Delete it; no error where there is none."""
        if stack := self.describe():
            by_id = Stack(self.cloudformation, stack["StackId"])  # a deleted one has no name
            seen = {event["EventId"] for event in by_id._events(set())}
            self.cloudformation.delete_stack(StackName=self.name)
            by_id._follow("DELETE_COMPLETE", seen)

    def _has_changes(self, change: dict[str, str]) -> bool:
        while True:
            change_set = self.cloudformation.describe_change_set(**change)
            if change_set["Status"] == "CREATE_COMPLETE":
                return True
            if change_set["Status"] == "FAILED":
                if any(words in change_set.get("StatusReason", "") for words in _NO_CHANGES):
                    return False
                raise DeployError(
                    f"stack {self.name}: {change_set.get('StatusReason', 'no reason')}"
                )
            time.sleep(_POLL_SECONDS)

    def _follow(self, expected: str, seen: set[str]) -> None:
        """Print new events until the stack's status is final; `DeployError` if not `expected`."""
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
        if status != expected:
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
            events = self.cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        except ClientError:
            return []  # the stack is not there yet, or not any more
        return [event for event in reversed(events) if event["EventId"] not in seen]


def parse_parameters(
    settings: list[str], *templates: Path, exclude: Set[str] = frozenset()
) -> dict[str, str]:
    """PARAMETER=VALUE settings by name; `DeployError` for one that no template has, or excluded."""
    names = set().union(*map(template_parameters, templates)) - exclude
    parameters = dict(setting.partition("=")[::2] for setting in settings)
    if unknown := sorted(set(parameters) - names):
        raise DeployError(
            f"--set {unknown[0]}: no such parameter; there are {', '.join(sorted(names))}"
        )
    return parameters


def template_parameters(template: Path) -> set[str]:
    """The names of the template's parameters."""
    return set(load_template(template.read_text(encoding="utf-8"))["Parameters"])


def load_template(text: str) -> dict[str, Any]:
    """A template as data, without what its short tags (!Ref, !Sub) stand for."""
    return dict(yaml.load(text, _Loader))  # noqa: S506 (a safe one)


def _parameters(
    names: Set[str], new: Mapping[str, str], current: Mapping[str, str]
) -> list[dict[str, Any]]:
    changed: list[dict[str, Any]] = [
        {"ParameterKey": name, "ParameterValue": value}
        for name, value in new.items()
        if name in names
    ]
    unchanged = sorted((names & set(current)) - set(new))
    return changed + [{"ParameterKey": name, "UsePreviousValue": True} for name in unchanged]


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's own tags, which are ignored."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)
