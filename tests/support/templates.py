"""The CloudFormation templates as data."""

from cfnlint.decode.cfn_yaml import loads
from support.paths import ROOT

INFRA = ROOT / "infra"
TEMPLATES = [INFRA / "storage.yaml", INFRA / "lake.yaml"]
DEPLOYERS = INFRA / "deployers.yaml"


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
