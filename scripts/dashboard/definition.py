"""The dashboard's definition in QuickSight's terms: sheets, filters, parameters and controls."""

from collections.abc import Mapping

from dashboard import Dashboard, Sheet, locate_errors
from filters import filter_group
from layout import grid_layout
from texts import LANGUAGES, Json
from visuals import DataSet, build_visual

Data = Mapping[str, DataSet]


def build_definition(dashboard: Dashboard, data: Data) -> Json:
    """All sheets, with their filters and parameters; `ValueError` for an entry that is wrong."""
    return {
        "DataSetIdentifierDeclarations": [
            {"Identifier": view, "DataSetArn": {"Fn::GetAtt": [logical_id(view), "Arn"]}}
            for view in data
        ],
        "Sheets": [_sheet(sheet, data) for sheet in dashboard.sheets],
        "ParameterDeclarations": [
            _declaration(name, parameter) for name, parameter in dashboard.parameters.items()
        ],
        "FilterGroups": [
            group for sheet in dashboard.sheets for group in _filter_groups(sheet, data)
        ],
    }


def logical_id(view: str) -> str:
    """The view's data set in the template."""
    return "".join(word.title() for word in view.split("_"))


def _sheet(sheet: Sheet, data: Data) -> Json:
    """A sheet: its parameters above, its visuals, and its notice below them."""
    visuals, elements = [], []
    for visual in sheet.visuals:
        entry = visual.entry
        with locate_errors(visual.place):
            visuals.append(build_visual(entry, data[visual.view], visual.labels))
            elements.append((entry["id"], "VISUAL", entry["width"], entry["height"]))
    if notice := sheet.notice:
        elements.append((notice["id"], "TEXT_BOX", notice["width"], notice["height"]))
    controls = {f"{sheet.id}-{name}": name for name in sheet.parameters}
    return {
        "SheetId": sheet.id,
        "Name": sheet.title,
        "Title": sheet.title,
        "Description": sheet.about,
        "ContentType": "INTERACTIVE",
        "ParameterControls": [
            _dropdown(id, name, sheet.parameters[name], data) for id, name in controls.items()
        ],
        "Visuals": visuals,
        "TextBoxes": [_text_box(notice)] if notice else [],
        "Layouts": grid_layout(elements),
        "SheetControlLayouts": grid_layout([(id, "PARAMETER_CONTROL", 6, 2) for id in controls]),
    }


def _filter_groups(sheet: Sheet, data: Data) -> list[Json]:
    groups = []
    for visual in sheet.visuals:
        with locate_errors(visual.place):
            groups.append(filter_group(sheet.id, visual.entry, data[visual.view]))
    return groups


def _declaration(name: str, parameter: Json) -> Json:
    """The parameter, with the value that it begins with: its default, else its first choice."""
    default = parameter["default"] if "default" in parameter else parameter["choices"][0]
    declaration = {
        "ParameterValueType": "SINGLE_VALUED",
        "Name": name,
        "DefaultValues": {"StaticValues": [default]},
    }
    return {"StringParameterDeclaration": declaration}


def _dropdown(id: str, name: str, parameter: Json, data: Data) -> Json:
    """A list to choose the parameter's value from: its choices, or all values of a column."""
    with locate_errors(f"parameter {name}"):
        if "choices" in parameter:
            choices: Json = {"Values": parameter["choices"]}
        else:
            column = data[parameter["view"]].column(parameter["column"])
            choices = {"LinkToDataSetColumn": column}
        dropdown = {
            "ParameterControlId": id,
            "Title": parameter["title"],
            "SourceParameterName": name,
            "Type": "SINGLE_SELECT",
            "SelectableValues": choices,
            "DisplayOptions": {"SelectAllOptions": {"Visibility": "HIDDEN"}},
        }
    return {"Dropdown": dropdown}


def _text_box(notice: Json) -> Json:
    content = {name: f"<text-box>{notice['text'][name]}</text-box>" for name in LANGUAGES}
    return {"SheetTextBoxId": notice["id"], "Content": content}
