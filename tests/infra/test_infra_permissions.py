"""No role of the templates may do more than its work."""

import re

import pytest
from support.permissions import allowed_by, statements
from support.templates import INFRA, listed, resources, text

pytestmark = pytest.mark.aws

# Where AWS knows no resources, by action: the only `*` that a statement may name.
NO_RESOURCES = {
    "cloudwatch:ListMetrics",
    "cloudwatch:PutMetricData",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
}
WRITES = re.compile(r":(Put|Delete|Create|Update|Abort|Start|Invoke|Publish|Batch)")


STATEMENTS = list(statements())


def sid(pair):
    return f"{pair[0]}.{pair[1]['Sid']}"


@pytest.mark.parametrize("given", STATEMENTS, ids=sid)
def test_no_statement_has_a_wildcard_action_or_a_needless_wildcard_resource(given):
    _, statement = given
    actions = listed(statement["Action"])
    assert statement["Effect"] == "Allow"
    assert "NotAction" not in statement
    assert "NotResource" not in statement
    assert [action for action in actions if "*" in action] == []
    if "*" in listed(statement["Resource"]):
        assert set(actions) <= NO_RESOURCES


@pytest.mark.parametrize("given", STATEMENTS, ids=sid)
def test_no_statement_reaches_a_whole_bucket_or_another_lake(given):
    for resource in listed(given[1]["Resource"]):
        if ":s3:::" in resource:
            bucket, _, key = resource.partition(":s3:::")[2].partition("/")
            assert bucket == "${Bucket}"
            assert key not in {"*", "${Prefix}/*"}
        if ":glue:" in resource and "/" in resource:
            kind, name, *_ = resource.rpartition(":")[2].split("/")
            layers = {f"${{DatabasePrefix}}{layer}" for layer in ("trusted", "refined", "answers")}
            names = ("Trusted", "Refined", "Answers", "Report", "Maintain")
            jobs = {f"${{{layer}Job}}" for layer in names}
            assert name in (jobs if kind == "job" else layers)
        assert not resource.endswith(("table/*", "database/*", "log-group:*", "secret:*", "job/*"))


@pytest.mark.parametrize(
    ("role", "may_write"),
    [
        ("EnrichRole", {"Raw/TMDB"}),
        ("TrustedRole", {"Trusted", "Refined", "Answers", "Publishing", "Quarantine"}),
        ("RefinedRole", {"Trusted", "Refined", "Answers", "Publishing"}),
        ("AnswersRole", {"Trusted", "Refined", "Answers", "Publishing"}),
        ("ReportRole", {"Report"}),
        (
            "MaintainRole",
            {"Trusted", "Refined", "Answers", "Publishing", "Raw/TMDB", "Raw/Local", "Raw/IMDb"},
        ),
        ("RunRole", set()),
        ("IngestPolicy", {"Raw/Local", "Raw/IMDb", "Raw/Source"}),
        ("NewFilesRole", set()),
    ],
)
def test_each_writes_to_its_folders_only(role, may_write):
    written = {
        resource.partition("/")[2]
        for action, resource in allowed_by(role)
        if action.startswith("s3:") and WRITES.search(action) and resource.endswith("/*")
    }
    assert written == {f"${{Prefix}}/{folder}/*" for folder in may_write}


def test_the_token_is_read_by_the_enrichment_alone():
    readers = {name for name, one in STATEMENTS if "GetSecretValue" in str(one["Action"])}
    assert readers == {"EnrichRole"}


def test_no_role_may_delete_a_table_or_a_database():
    actions = {action for _, one in STATEMENTS for action in listed(one["Action"])}
    assert not {action for action in actions if action.startswith("glue:Delete")}


def test_every_role_is_one_services_own():
    for name, resource in resources(INFRA / "lake.yaml").items():
        if resource["Type"] == "AWS::IAM::Role":
            (trust,) = resource["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            assert re.fullmatch(r"[a-z]+\.amazonaws\.com", trust["Principal"]["Service"]), name
            account = trust["Condition"]["StringEquals"]["aws:SourceAccount"]
            assert text(account) == "${AWS::AccountId}", name


def test_whoever_publishes_to_the_topic_is_bound_to_this_account_s_own():
    policy = resources(INFRA / "lake.yaml")["FailuresPolicy"]["Properties"]["PolicyDocument"]
    allowed = [one for one in policy["Statement"] if one["Effect"] == "Allow"]
    assert len(allowed) == 2
    for statement in allowed:
        assert set(statement["Condition"]) <= {"StringEquals", "ArnEquals"}, statement["Sid"]


# What a state asks for in the role's name; `.sync` also looks at the job, and stops it.
ASKED_BY = {
    "aws-sdk:sfn:listExecutions": {"states:ListExecutions"},
    "aws-sdk:s3:listObjectsV2": {"s3:ListBucket"},
    "aws-sdk:quicksight:createIngestion": {"quicksight:CreateIngestion"},
    "aws-sdk:quicksight:describeIngestion": {"quicksight:DescribeIngestion"},
    "lambda:invoke": {"lambda:InvokeFunction"},
    "glue:startJobRun.sync": {
        f"glue:{action}" for action in ("StartJobRun", "GetJobRun", "GetJobRuns", "BatchStopJobRun")
    },
}


def test_the_run_may_do_what_its_states_ask_and_no_more():
    machine = (INFRA / "state_machine.asl.yaml").read_text(encoding="utf-8")
    tasks = set(re.findall(r":states:::(\S+)", machine))
    asked = set().union(*(ASKED_BY[task] for task in tasks))
    log_delivery = {action for action in NO_RESOURCES if action.startswith("logs:")}
    assert {action for action, _ in allowed_by("RunRole")} - log_delivery == asked
