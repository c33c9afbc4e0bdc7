"""The dashboard's template, resolved as CloudFormation would."""

import yaml
from support.paths import ROOT

FILE = ROOT / "infra" / "dashboard.yaml"
TEMPLATE = yaml.safe_load(FILE.read_text(encoding="utf-8"))
RESOURCES = TEMPLATE["Resources"]
LANGUAGES = ("en", "pt-BR")
PSEUDO = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::StackName": "dashboard",
}
CREATED = {
    "AWS::QuickSight::DataSource": "CreateDataSource",
    "AWS::QuickSight::DataSet": "CreateDataSet",
    "AWS::QuickSight::Theme": "CreateTheme",
    "AWS::QuickSight::RefreshSchedule": "CreateRefreshSchedule",
    "AWS::QuickSight::Analysis": "CreateAnalysis",
    "AWS::QuickSight::Dashboard": "CreateDashboard",
}
SUFFIX = {"DATE": "DATETIME", "DOUBLE": "DECIMAL", "VARCHAR": "STRING"}


def resolve(node, language="en"):  # noqa: PLR0911
    """The node as CloudFormation would hand it to the service."""
    values = PSEUDO | {name: p["Default"] for name, p in TEMPLATE["Parameters"].items()}
    values["Language"] = language
    match node:
        case {"Ref": name}:
            return values[name]
        case {"Fn::Sub": text}:
            for name, value in values.items():
                text = text.replace(f"${{{name}}}", value)
            assert "${" not in text
            return text
        case {"Fn::GetAtt": [name, "Arn"]}:
            kind = RESOURCES[name]["Type"].rpartition("::")[2].lower()
            return f"arn:aws:quicksight:eu-west-1:123456789012:{kind}/{name}"
        case {"Fn::FindInMap": [mapping, key, word]}:
            return TEMPLATE["Mappings"][mapping][resolve(key, language)][word]
        case dict():
            return {name: resolve(value, language) for name, value in node.items()}
        case list():
            return [resolve(value, language) for value in node]
    return node


def properties(resource, language="en"):
    values = resolve(resource["Properties"], language)
    # The API writes this one word in another way than CloudFormation.
    frequency = values.get("Schedule", {}).get("ScheduleFrequency", {})
    if "TimeZone" in frequency:
        frequency["Timezone"] = frequency.pop("TimeZone")
    return values


def walk(node):
    """Every dictionary in the node."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from walk(part)


DEFINITION = properties(RESOURCES["Dashboard"])["Definition"]


def identifiers():
    """The data sets that visuals may name, with the views behind them."""
    declared = resolve(RESOURCES["Dashboard"]["Properties"]["Definition"])
    return [data["Identifier"] for data in declared["DataSetIdentifierDeclarations"]]
