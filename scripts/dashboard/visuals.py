"""The few kinds of visuals that the dashboard has, in QuickSight's words."""

from dataclasses import dataclass
from typing import Any

from words import label, say

Json = dict[str, Any]
Words = tuple[str, str]
WIDTH = 36


@dataclass(frozen=True)
class DataSet:
    """A view, and its columns with QuickSight's types."""

    name: str
    types: dict[str, str]

    def column(self, name: str) -> Json:
        """The reference to a column."""
        if name not in self.types:
            raise ValueError(f"{self.name}: no column {name}")
        return {"DataSetIdentifier": self.name, "ColumnName": name}

    def dimension(self, visual: str, name: str) -> Json:
        """A column to group by."""
        kind = "Categorical" if self.types[name] == "STRING" else "Numerical"
        field = {"FieldId": f"{visual}-{name}", "Column": self.column(name)}
        if kind == "Numerical" and name in ("year", "decade"):
            field["FormatConfiguration"] = _number(0, separate=False)
        return {f"{kind}DimensionField": field}

    def measure(self, visual: str, name: str, summed: str = "MAX") -> Json:
        """A column to show; each group has one row, unless `summed` says SUM."""
        decimals = 0 if self.types[name] == "INTEGER" else 2
        field = {
            "FieldId": f"{visual}-{name}",
            "Column": self.column(name),
            "AggregationFunction": {"SimpleNumericalAggregation": summed},
            "FormatConfiguration": _number(decimals),
        }
        return {"NumericalMeasureField": field}


def _number(decimals: int, separate: bool = True) -> Json:
    shown = "VISIBLE" if separate else "HIDDEN"
    display = {
        "DecimalPlacesConfiguration": {"DecimalPlaces": decimals},
        "SeparatorConfiguration": {"ThousandsSeparator": {"Symbol": "COMMA", "Visibility": shown}},
    }
    return {"FormatConfiguration": {"NumberDisplayFormatConfiguration": display}}


def _visual(kind: str, visual: str, title: Words, subtitle: Words, chart: Json) -> Json:
    return {
        kind: {
            "VisualId": visual,
            "Title": {"Visibility": "VISIBLE", "FormatText": {"PlainText": say(*title)}},
            "Subtitle": {"Visibility": "VISIBLE", "FormatText": {"PlainText": say(*subtitle)}},
            "ChartConfiguration": chart,
        }
    }


def kpi(visual: str, data: DataSet, value: str, title: Words, subtitle: Words) -> Json:
    """One large number: a sum."""
    wells = {"Values": [data.measure(visual, value, "SUM")]}
    return _visual("KPIVisual", visual, title, subtitle, {"FieldWells": wells})


def table(
    visual: str,
    data: DataSet,
    groups: list[str],
    values: list[str],
    title: Words,
    subtitle: Words,
) -> Json:
    """Rows, in the order of the first group."""
    wells = {
        "GroupBy": [data.dimension(visual, name) for name in groups],
        "Values": [data.measure(visual, name) for name in values],
    }
    options = [
        {"FieldId": f"{visual}-{name}", "CustomLabel": label(name)} for name in [*groups, *values]
    ]
    chart = {
        "FieldWells": {"TableAggregatedFieldWells": wells},
        "SortConfiguration": {"RowSort": [_sort(visual, groups[0], "ASC")]},
        "FieldOptions": {"SelectedFieldOptions": options},
    }
    return _visual("TableVisual", visual, title, subtitle, chart)


def _sort(visual: str, name: str, direction: str) -> Json:
    return {"FieldSort": {"FieldId": f"{visual}-{name}", "Direction": direction}}


def bars(
    visual: str,
    data: DataSet,
    category: str,
    values: list[str],
    title: Words,
    subtitle: Words,
) -> Json:
    """Upright bars side by side, a colour a value, in the order of the category."""
    wells = {
        "Category": [data.dimension(visual, category)],
        "Values": [data.measure(visual, name) for name in values],
    }
    chart = {
        "FieldWells": {"BarChartAggregatedFieldWells": wells},
        "SortConfiguration": {"CategorySort": [_sort(visual, category, "ASC")]},
        "Orientation": "VERTICAL",
        "BarsArrangement": "CLUSTERED",
        "CategoryLabelOptions": {"AxisLabelOptions": [_axis(visual, data, category)]},
        "Legend": {"Position": "BOTTOM"},
        "DataLabels": {"Visibility": "VISIBLE"},
    }
    return _visual("BarChartVisual", visual, title, subtitle, chart)


def _axis(visual: str, data: DataSet, name: str) -> Json:
    field = {"FieldId": f"{visual}-{name}", "Column": data.column(name)}
    return {"CustomLabel": label(name), "ApplyTo": field}


def leaders(
    visual: str, data: DataSet, name: str, value: str, title: Words, subtitle: Words
) -> Json:
    """The twenty highest as lying bars."""
    wells = {
        "Category": [data.dimension(visual, name)],
        "Values": [data.measure(visual, value)],
    }
    sort = {
        "CategorySort": [_sort(visual, value, "DESC")],
        "CategoryItemsLimit": {"ItemsLimit": 20, "OtherCategories": "EXCLUDE"},
    }
    chart = {
        "FieldWells": {"BarChartAggregatedFieldWells": wells},
        "SortConfiguration": sort,
        "Orientation": "HORIZONTAL",
        "DataLabels": {"Visibility": "VISIBLE"},
    }
    return _visual("BarChartVisual", visual, title, subtitle, chart)


def lines(
    visual: str,
    data: DataSet,
    category: str,
    values: list[str],
    title: Words,
    subtitle: Words,
) -> Json:
    """A line a value, along the category."""
    wells = {
        "Category": [data.dimension(visual, category)],
        "Values": [data.measure(visual, name) for name in values],
    }
    chart = {
        "FieldWells": {"LineChartAggregatedFieldWells": wells},
        "SortConfiguration": {"CategorySort": [_sort(visual, category, "ASC")]},
        "Type": "LINE",
        "XAxisLabelOptions": {"AxisLabelOptions": [_axis(visual, data, category)]},
        "Legend": {"Position": "BOTTOM"},
    }
    return _visual("LineChartVisual", visual, title, subtitle, chart)


def scatter(
    visual: str,
    data: DataSet,
    axes: tuple[str, str],
    named: tuple[str, str],
    title: Words,
    subtitle: Words,
) -> Json:
    """A point a title, on log scales: its colour, and its label."""
    (x, y), (colour, name) = axes, named
    wells = {
        "XAxis": [data.dimension(visual, x)],
        "YAxis": [data.dimension(visual, y)],
        "Category": [data.dimension(visual, colour)],
        "Label": [data.dimension(visual, name)],
    }
    scale = {"NumericAxisOptions": {"Scale": {"Logarithmic": {"Base": 10}}}}
    chart = {
        "FieldWells": {"ScatterPlotUnaggregatedFieldWells": wells},
        "XAxisLabelOptions": {"AxisLabelOptions": [_axis(visual, data, x)]},
        "YAxisLabelOptions": {"AxisLabelOptions": [_axis(visual, data, y)]},
        "XAxisDisplayOptions": {"DataOptions": scale},
        "YAxisDisplayOptions": {"DataOptions": scale},
        "Legend": {"Position": "BOTTOM"},
    }
    return _visual("ScatterPlotVisual", visual, title, subtitle, chart)
