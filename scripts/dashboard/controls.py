"""Parameters, the filters that they and fixed choices set, and where things stand on a sheet."""

from typing import Any

from visuals import WIDTH, DataSet, Json
from words import say

PARAMETERS = {
    "Genre": "all",
    "Measure": "tmdb_popularity",
    "List": "all",
    "Role": "director",
    "Length": "film_length",
    "Kind": "movie",
}
TITLES = {
    "Genre": ("Genre", "Gênero"),
    "Measure": ("Measured by", "Medido por"),
    "List": ("Titles that count", "Títulos que contam"),
    "Role": ("Role", "Função"),
    "Length": ("Length of", "Duração de"),
    "Kind": ("Kind", "Tipo"),
}
CHOICES = {
    "Measure": ["tmdb_popularity", "imdb_votes"],
    "List": ["all", "movie", "series"],
    "Role": ["creator", "director", "lead_actor"],
    "Length": ["film_length", "episodes_per_season"],
    "Kind": ["movie", "series"],
}


def declarations() -> list[Json]:
    """Every parameter, with the value that it begins with."""
    return [
        {
            "StringParameterDeclaration": {
                "ParameterValueType": "SINGLE_VALUED",
                "Name": name,
                "DefaultValues": {"StaticValues": [value]},
            }
        }
        for name, value in PARAMETERS.items()
    ]


def dropdown(sheet: str, parameter: str, genres: DataSet) -> Json:
    """A list to choose the parameter's value from."""
    choices: Json = {"Values": CHOICES.get(parameter, [])}
    if parameter == "Genre":
        choices = {"LinkToDataSetColumn": genres.column("genre")}
    return {
        "Dropdown": {
            "ParameterControlId": f"{sheet}-{parameter}",
            "Title": say(*TITLES[parameter]),
            "SourceParameterName": parameter,
            "Type": "SINGLE_SELECT",
            "SelectableValues": choices,
            "DisplayOptions": {"SelectAllOptions": {"Visibility": "HIDDEN"}},
        }
    }


def by_parameter(data: DataSet, column: str, parameter: str) -> Json:
    """Rows whose column is what the parameter says."""
    return _category(data, column, {"ParameterName": parameter})


def by_value(data: DataSet, column: str, value: str) -> Json:
    """Rows whose column has the value."""
    return _category(data, column, {"CategoryValue": value})


def _category(data: DataSet, column: str, choice: Json) -> Json:
    custom = {"MatchOperator": "EQUALS", "NullOption": "NON_NULLS_ONLY", **choice}
    return {
        "CategoryFilter": {
            "Column": data.column(column),
            "Configuration": {"CustomFilterConfiguration": custom},
        }
    }


def known(data: DataSet, column: str, least: float = 0) -> Json:
    """Rows whose number is known, and not below the least."""
    return {
        "NumericRangeFilter": {
            "Column": data.column(column),
            "NullOption": "NON_NULLS_ONLY",
            "RangeMinimum": {"StaticValue": least},
            "IncludeMinimum": True,
        }
    }


def unknown(data: DataSet, column: str) -> Json:
    """Rows whose number is null: those over all decades."""
    return {
        "NumericEqualityFilter": {
            "Column": data.column(column),
            "MatchOperator": "EQUALS",
            "NullOption": "NULLS_ONLY",
        }
    }


def equal(data: DataSet, column: str, value: float) -> Json:
    """Rows whose number is the value."""
    found = unknown(data, column)
    found["NumericEqualityFilter"] |= {"NullOption": "NON_NULLS_ONLY", "Value": value}
    return found


def group(sheet: str, visual: str, filters: list[Json]) -> Json:
    """The filters of one visual."""
    named = [
        {kind: {**body, "FilterId": f"{visual}-{place}"}}
        for place, one in enumerate(filters)
        for kind, body in one.items()
    ]
    scope = {"SheetId": sheet, "Scope": "SELECTED_VISUALS", "VisualIds": [visual]}
    return {
        "FilterGroupId": f"{visual}-filters",
        "Filters": named,
        "ScopeConfiguration": {"SelectedSheets": {"SheetVisualScopingConfigurations": [scope]}},
        "CrossDataset": "SINGLE_DATASET",
        "Status": "ENABLED",
    }


def layout(elements: list[tuple[str, str, int, int]]) -> list[Json]:
    """(id, type, width, height) from left to right, a new row where one is full."""
    placed, column, row, deepest = [], 0, 0, 0
    for element, kind, width, height in elements:
        if column + width > WIDTH:
            column, row, deepest = 0, row + deepest, 0
        placed.append(_place(element, kind, (column, width), (row, height)))
        column, deepest = column + width, max(deepest, height)
    return [{"Configuration": {"GridLayout": {"Elements": placed}}}]


def _place(element: str, kind: str, across: tuple[int, int], down: tuple[int, int]) -> Json:
    return {
        "ElementId": element,
        "ElementType": kind,
        **dict(zip(("ColumnIndex", "ColumnSpan"), across, strict=True)),
        **dict(zip(("RowIndex", "RowSpan"), down, strict=True)),
    }


def sheet(
    name: str,
    words: tuple[tuple[str, str], tuple[str, str]],
    parts: dict[str, tuple[Json, int, int]],
    chosen: list[str],
    genres: DataSet,
) -> Json:
    """A sheet: its visuals and texts with their widths and heights, and its parameters on top."""
    title, description = words
    kinds = {
        part: "TEXT_BOX" if "Content" in body else "VISUAL" for part, (body, *_) in parts.items()
    }
    found: dict[str, Any] = {
        "SheetId": name,
        "Name": say(*title),
        "Title": say(*title),
        "Description": say(*description),
        "ContentType": "INTERACTIVE",
        "ParameterControls": [dropdown(name, parameter, genres) for parameter in chosen],
        "Visuals": [body for body, *_ in parts.values() if "Content" not in body],
        "TextBoxes": [body for body, *_ in parts.values() if "Content" in body],
        "Layouts": layout([(part, kinds[part], *size) for part, (_, *size) in parts.items()]),
    }
    controls = [(f"{name}-{parameter}", "PARAMETER_CONTROL", 6, 2) for parameter in chosen]
    found["SheetControlLayouts"] = layout(controls)
    return found
