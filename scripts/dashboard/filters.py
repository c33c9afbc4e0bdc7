"""Which rows of its view a visual shows."""

from texts import Json
from visuals import DataSet


def filter_group(sheet: str, entry: Json, data: DataSet) -> Json:
    """The visual's `filters`, all of which a row must pass."""
    visual = entry["id"]
    filters = [
        {kind: {**body, "FilterId": f"{visual}-{place}"}}
        for place, rule in enumerate(entry["filters"])
        for kind, body in _filter(data, rule).items()
    ]
    scope = {"SheetId": sheet, "Scope": "SELECTED_VISUALS", "VisualIds": [visual]}
    return {
        "FilterGroupId": f"{visual}-filters",
        "Filters": filters,
        "ScopeConfiguration": {"SelectedSheets": {"SheetVisualScopingConfigurations": [scope]}},
        "CrossDataset": "SINGLE_DATASET",
        "Status": "ENABLED",
    }


def _filter(data: DataSet, rule: Json) -> Json:
    """The filter that `{column = …, parameter | equals | at_least | is_null = …}` describes."""
    match rule:
        case {"column": column, "parameter": parameter}:
            return _category(data, column, {"ParameterName": parameter})
        case {"column": column, "equals": str(value)}:
            return _category(data, column, {"CategoryValue": value})
        case {"column": column, "equals": value}:
            return _number(data, column, {"NullOption": "NON_NULLS_ONLY", "Value": value})
        case {"column": column, "is_null": True}:
            return _number(data, column, {"NullOption": "NULLS_ONLY"})
        case {"column": column, "at_least": value}:
            return _range(data, column, value)
    raise ValueError(f"filter {rule}: needs column, and parameter, equals, at_least or is_null")


def _category(data: DataSet, column: str, choice: Json) -> Json:
    custom = {"MatchOperator": "EQUALS", "NullOption": "NON_NULLS_ONLY", **choice}
    configuration = {"CustomFilterConfiguration": custom}
    return {"CategoryFilter": {"Column": data.column(column), "Configuration": configuration}}


def _number(data: DataSet, column: str, choice: Json) -> Json:
    equality = {"Column": data.column(column), "MatchOperator": "EQUALS", **choice}
    return {"NumericEqualityFilter": equality}


def _range(data: DataSet, column: str, minimum: float) -> Json:
    return {
        "NumericRangeFilter": {
            "Column": data.column(column),
            "NullOption": "NON_NULLS_ONLY",
            "RangeMinimum": {"StaticValue": minimum},
            "IncludeMinimum": True,
        }
    }
