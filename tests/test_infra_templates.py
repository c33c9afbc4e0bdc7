"""The templates: clean by two linters, and no role may do more than its work."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cfnlint.decode.cfn_yaml import loads
from test_docs import ROOT

from datalake.glue.arguments import COMMON, LANGUAGE, MAX_BAD, OUTPUT, arguments

pytestmark = pytest.mark.infra

INFRA = ROOT / "infra"
TEMPLATES = [INFRA / "storage.yaml", INFRA / "lake.yaml"]
TOOLS = Path(os.environ.get("DATALAKE_TOOLS", ROOT / ".tools"))

# Where AWS knows no resources, by action: the only `*` that a statement may name.
NO_RESOURCES = {
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


def named(path):
    return path.name


def resources(template):
    return loads(template.read_text(encoding="utf-8"))["Resources"]


def text(value):
    """A value with its references as names: what `!Sub` and `!Ref` would make of it."""
    if isinstance(value, str):
        return value
    ((function, argument),) = value.items()
    return {"Fn::Sub": str(argument), "Ref": f"${{{argument}}}"}.get(
        function, "${%s}" % (argument if isinstance(argument, str) else ".".join(argument))
    )


def listed(value):
    return [text(one) for one in (value if isinstance(value, list) else [value])]


def statements():
    """(template, resource, statement) of every permission that is given to a role of ours."""
    for template in TEMPLATES:
        for name, resource in resources(template).items():
            properties = resource["Properties"]
            documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
            if resource["Type"] == "AWS::IAM::ManagedPolicy":
                documents.append(properties["PolicyDocument"])
            for document in documents:
                for statement in document["Statement"]:
                    yield name, statement


STATEMENTS = list(statements())


def sid(pair):
    return f"{pair[0]}.{pair[1]['Sid']}"


def allowed_by(role):
    """(action, resource) pairs of a role, those of its managed policies too."""
    lake = resources(INFRA / "lake.yaml")
    managed = [text(arn) for arn in lake[role]["Properties"].get("ManagedPolicyArns", [])]
    owners = {role} | {re.sub(r"\W", "", arn) for arn in managed}
    return {
        (action, resource)
        for owner, statement in STATEMENTS
        if owner in owners
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


@pytest.mark.parametrize("template", TEMPLATES, ids=named)
def test_cfn_lint_finds_nothing(template):
    lint = [shutil.which("cfn-lint", path=Path(sys.executable).parent), template]
    told = subprocess.run(lint, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


@pytest.mark.parametrize("template", TEMPLATES, ids=named)
def test_cloudformation_takes_it_as_it_is(template):
    assert template.stat().st_size <= 51_200  # a longer one would have to lie in a bucket


def checkov(template):
    tool = TOOLS / "bin" / "checkov"
    if not tool.exists():
        pytest.skip(f"no {tool}; `make test-infra` puts it there")
    told = subprocess.run(
        [tool, "-f", template, "--framework", "cloudformation", "-o", "json", "--skip-download"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return json.loads(told.stdout)["results"]


@pytest.mark.parametrize("template", TEMPLATES, ids=named)
def test_checkov_finds_nothing_that_is_not_argued(template):
    found = checkov(template)
    assert [(one["check_id"], one["resource"]) for one in found["failed_checks"]] == []
    assert len(found["passed_checks"]) > 5
    for skipped in found["skipped_checks"]:
        assert len(skipped["check_result"]["suppress_comment"].split()) > 5, skipped["resource"]


def test_checkov_does_find_a_public_bucket(tmp_path):
    broken = tmp_path / "storage.yaml"
    told = (INFRA / "storage.yaml").read_text(encoding="utf-8")
    broken.write_text(told.replace("BlockPublicAcls: true", "BlockPublicAcls: false"))
    assert [one["check_id"] for one in checkov(broken)["failed_checks"]] == ["CKV_AWS_53"]


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
        assert not resource.endswith(("table/*", "database/*", "log-group:*", "secret:*", "job/*"))


@pytest.mark.parametrize(
    ("role", "may_write"),
    [
        ("EnrichRole", {"Raw/TMDB"}),
        ("TrustedRole", {"Trusted", "Refined", "Answers", "Publishing"}),
        ("RefinedRole", {"Trusted", "Refined", "Answers", "Publishing"}),
        ("AnswersRole", {"Trusted", "Refined", "Answers", "Publishing"}),
        ("ReportRole", {"Report", "Publishing"}),
        ("RunRole", set()),
        ("IngestPolicy", {"Raw/Local"}),
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
    readers = {name for name, one in STATEMENTS if "secretsmanager" in str(one["Action"])}
    assert readers == {"EnrichRole"}


def test_no_role_may_delete_a_table_or_a_database():
    actions = {action for _, one in STATEMENTS for action in listed(one["Action"])}
    assert not {action for action in actions if action.startswith("glue:Delete")}


def test_every_role_is_one_services_own():
    for name, resource in resources(INFRA / "lake.yaml").items():
        if resource["Type"] == "AWS::IAM::Role":
            (trust,) = resource["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            assert re.fullmatch(r"[a-z]+\.amazonaws\.com", trust["Principal"]["Service"]), name


def test_tmdb_bodies_are_gone_within_half_a_year_old_versions_too():
    rules = resources(INFRA / "storage.yaml")["LakeBucket"]["Properties"]["LifecycleConfiguration"]
    (bodies,) = [rule for rule in rules["Rules"] if rule["Id"] == "tmdb-bodies"]
    assert text(bodies["Prefix"]) == "${Prefix}/Raw/TMDB/JSON/"
    shortest_half_year = 181
    kept = bodies["ExpirationInDays"] + bodies["NoncurrentVersionExpiration"]["NoncurrentDays"]
    assert kept < shortest_half_year


def test_jobs_run_one_at_a_time_with_an_end_and_only_scale_down():
    jobs = {
        name: one["Properties"]
        for name, one in resources(INFRA / "lake.yaml").items()
        if one["Type"] == "AWS::Glue::Job"
    }
    assert set(jobs) == {"TrustedJob", "RefinedJob", "AnswersJob", "ReportJob"}
    for job in jobs.values():
        assert job["ExecutionProperty"]["MaxConcurrentRuns"] == 1
        assert text(job["Timeout"]) == "${JobMinutes}"
        assert job["DefaultArguments"]["--enable-auto-scaling"] == "true"
        assert job["DefaultArguments"]["--datalake-formats"] == "iceberg"
        assert job["DefaultArguments"]["--enable-metrics"] == "true"


JOBS = {
    "TrustedJob": (MAX_BAD,),
    "RefinedJob": (),
    "AnswersJob": (),
    "ReportJob": (OUTPUT, LANGUAGE),
}


@pytest.mark.parametrize("job", JOBS)
def test_each_job_understands_what_it_is_handed(job):
    template = loads((INFRA / "lake.yaml").read_text(encoding="utf-8"))
    values = {name: str(one.get("Default", "")) for name, one in template["Parameters"].items()}
    values |= {"Bucket": "films", "AWS::Region": "sa-east-1"}
    handed = template["Resources"][job]["Properties"]["DefaultArguments"] | {"--day": "2026-11-01"}
    words = ["--JOB_NAME", job, "--TempDir", "s3://x/"]
    for name, value in handed.items():
        words += [name, re.sub(r"\$\{(.*?)\}", lambda found: values.get(found[1], ""), text(value))]
    given = arguments(words, (*COMMON, *JOBS[job]))
    assert given["lake"] == "s3://films/lake"
    assert (given["workers"], given["worker_type"], given["dpu_hour_price"]) == (2, "G.1X", 0.44)
    assert (given["genres"], given["region"]) == ("Crime,War", "sa-east-1")
    assert str(given["day"]) == "2026-11-01"


def test_what_the_page_needs_on_glue_is_what_the_project_allows():
    from packaging.requirements import Requirement

    setup = (ROOT / "setup.py").read_text(encoding="utf-8")
    allowed = {
        one.name: one for one in map(Requirement, re.findall(r'"([a-z][\w-]+[<>=][^"]*)"', setup))
    }
    job = resources(INFRA / "lake.yaml")["ReportJob"]["Properties"]["DefaultArguments"]
    wheel, *pins = text(job["--additional-python-modules"]).split(",")
    assert wheel == "s3://${Bucket}/${Code}/${Wheel}"
    assert {pin.partition("==")[0] for pin in pins} == {
        "altair",
        "vl-convert-python",
        "jinja2",
        "babel",
    }
    for pin in pins:
        name, _, version = pin.partition("==")
        assert allowed[name].specifier.contains(version), pin
