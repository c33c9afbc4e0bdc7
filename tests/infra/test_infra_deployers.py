"""Who deploys without being an administrator: what the scripts ask for, against the policies."""

import re
from types import SimpleNamespace

import boto3
import pytest
from cfnlint.decode.cfn_yaml import loads
from support.ministack import REGION, environment, ministack
from support.paths import ROOT
from support.templates import DEPLOYERS, INFRA, listed, resources

pytestmark = pytest.mark.aws

BUCKET = "films-of-mine"

# What operations of an SDK are called in a policy, where that differs; None needs no permission.
ACTIONS = {
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "monitoring:ListMetrics": "cloudwatch:ListMetrics",
    "sts:GetCallerIdentity": None,
}
# Asked by CloudFormation or Athena in the deployer's name.
BY_SERVICES = {"iam:PassRole", "s3:GetObject"} | {
    f"glue:{verb}"
    for verb in ("GetDatabase", "GetTable", "GetTables", "CreateTable", "UpdateTable")
}


def allowed(name):
    properties = resources(DEPLOYERS)[name]["Properties"]
    documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
    documents += [properties["PolicyDocument"]] if "PolicyDocument" in properties else []
    return {
        action
        for document in documents
        for statement in document["Statement"]
        for action in listed(statement["Action"])
    }


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """The actions that each script asks for, on an emulator, as a policy calls them."""
    patch = pytest.MonkeyPatch()
    patch.syspath_prepend(ROOT / "scripts")
    import athena_views
    import deploy
    import destroy
    import smoke
    from stacks import Stack

    from datalake.sql.views import View

    calls, of_script = {}, SimpleNamespace(name="")

    def note(model, **_):
        operation = f"{model.service_model.signing_name}:{model.name}"
        if action := ACTIONS.get(operation, operation):
            calls.setdefault(of_script.name, set()).add(action)

    with ministack(tmp_path_factory.mktemp("aws")) as port:
        for name, value in environment(port).items():
            patch.setenv(name, value)
        session = boto3.Session(region_name=REGION)
        session.events.register("before-call.*.*", note)
        cloudformation = session.client("cloudformation")
        storage, lake = Stack(cloudformation, "datalake-storage"), Stack(cloudformation, "datalake")
        parameters = {"Bucket": BUCKET}
        for name, dry_run in (("plan", True), ("deploy", False), ("again", False)):
            of_script.name = name
            deploy.deploy(session, storage, lake, parameters, dry_run)
        of_script.name = "views"
        view = View("seven", "Is it seven?", "CREATE OR REPLACE VIEW seven AS SELECT 7 AS n")
        patch.setattr("datalake.sql.views.all_views", lambda: [view])
        athena_views.create_views(session.client("athena"), "datalake", "datalake_")
        of_script.name = "smoke"
        deployed = smoke.Lake(session, "datalake", lake.parameters, lake.outputs)
        for check in smoke.CHECKS:
            smoke.passes(check, deployed)
        of_script.name = "destroy"
        destroy.delete_stack(lake)
    patch.undo()
    return calls


def test_github_s_roles_are_made_where_its_provider_is(client, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    from stacks import Stack

    provider = "arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com"
    stack = Stack(client("cloudformation"), "datalake-deployers")
    own = {"Bucket": BUCKET, "Repository": "someone/films", "GitHubProvider": provider}
    stack.apply(DEPLOYERS, own)
    role = client("iam").get_role(RoleName=stack.outputs["PlanRole"].rpartition("/")[2])["Role"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Federated": provider}
    assert "repo:someone/films:pull_request" in str(trust["Condition"])
    assert set(stack.outputs) == {"StackRole", "DeployerPolicy", "PlanRole", "DeployRole"}


@pytest.mark.parametrize("script", ["deploy", "again", "views", "destroy"])
def test_a_deployer_may_do_what_the_scripts_ask(recorded, script):
    assert recorded[script] - allowed("DeployerPolicy") == set()


def test_a_pull_request_may_look_and_no_more(recorded):
    assert recorded["plan"] == allowed("PlanRole")


def test_a_deployer_may_do_nothing_that_no_script_asks(recorded):
    asked = set().union(*(recorded[script] for script in ("deploy", "again", "views", "destroy")))
    unused = allowed("DeployerPolicy") - asked - BY_SERVICES
    assert unused == {"cloudformation:DeleteChangeSet"} - asked


def test_an_operator_may_check_the_lake(recorded):
    lake = resources(INFRA / "lake.yaml")
    policies = [
        lake[name]["Properties"]["PolicyDocument"]
        for name in ("OperatorPolicy", "JobPolicy", "WriterPolicy")
    ]
    may = {
        action
        for policy in policies
        for statement in policy["Statement"]
        for action in listed(statement["Action"])
    }
    assert recorded["smoke"] - may == set()


# How the services call themselves in a policy, where the type of their resources says it otherwise.
SERVICES = {"stepfunctions": "states", "cloudwatch": "cloudwatch"}


@pytest.mark.parametrize("template", ["storage", "lake", "dashboard"])
def test_cloudformation_may_make_every_type_of_resource(template):
    made = loads((INFRA / f"{template}.yaml").read_text(encoding="utf-8"))["Resources"].values()
    services = {resource["Type"].split("::")[1].lower() for resource in made}
    needed = {SERVICES.get(service, service) for service in services}
    granted = {action.partition(":")[0] for action in allowed("StackRole")}
    assert needed - granted == set()


def test_names_in_the_templates_begin_as_the_service_role_demands():
    """A resource under another name could not be made by a deployer who is no administrator."""
    for template in ("storage", "lake"):
        for logical, resource in resources(INFRA / f"{template}.yaml").items():
            for key in ("Name", "FunctionName", "RoleName", "TopicName", "QueueName", "AlarmName"):
                name = resource["Properties"].get(key)
                if isinstance(name, dict) and "Fn::Sub" in name:
                    start = re.match(r"\$\{AWS::StackName\}[-/]", name["Fn::Sub"])
                    assert start, f"{logical}: {name}"
