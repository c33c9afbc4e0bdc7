"""The kinds of visuals that a dashboard.toml may name, in QuickSight's terms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from texts import Json


@dataclass(frozen=True)
class DataSet:
    """A view, and its columns with QuickSight's types."""

    name: str
    types: dict[str, str]

    def column(self, name: str) -> Json:
        """The reference to a column; `ValueError` where the view has none of that name."""
        if name not in self.types:
            raise ValueError(f"{self.name}: no column {name}")
        return {"DataSetIdentifier": self.name, "ColumnName": name}


@dataclass(frozen=True)
class Fields:
    """What one visual shows of a view: columns as fields, whose ids start with the visual's."""

    visual: str
    data: DataSet
    labels: Mapping[str, Json]

    def id(self, name: str) -> str:
        """The field's id, unique on the dashboard."""
        return f"{self.visual}-{name}"

    def dimension(self, name: str) -> Json:
        """A column to group by."""
        field: Json = {"FieldId": self.id(name), "Column": self.data.column(name)}
        kind = "Categorical" if self.data.types[name] == "STRING" else "Numerical"
        if kind == "Numerical" and name in ("year", "decade"):
            field["FormatConfiguration"] = _number(0, separate=False)
        return {f"{kind}DimensionField": field}

    def measure(self, name: str, aggregation: str = "MAX") -> Json:
        """A column to show; each group has one row, unless the aggregation is SUM."""
        field = {
            "FieldId": self.id(name),
            "Column": self.data.column(name),
            "AggregationFunction": {"SimpleNumericalAggregation": aggregation},
            "FormatConfiguration": _number(0 if self.data.types[name] == "INTEGER" else 2),
        }
        return {"NumericalMeasureField": field}

    def label(self, name: str) -> Json:
        """The column's name for people; `ValueError` where no [columns] has one."""
        if name not in self.labels:
            raise ValueError(f"[columns] has no label for {name}")
        return self.labels[name]

    def axis(self, name: str) -> Json:
        """An axis called as the column is."""
        field = {"FieldId": self.id(name), "Column": self.data.column(name)}
        return {"AxisLabelOptions": [{"CustomLabel": self.label(name), "ApplyTo": field}]}

    def sort(self, name: str, direction: str) -> list[Json]:
        """The order by one field, `ASC` or `DESC`."""
        return [{"FieldSort": {"FieldId": self.id(name), "Direction": direction}}]


def _number(decimals: int, separate: bool = True) -> Json:
    visibility = "VISIBLE" if separate else "HIDDEN"
    thousands = {"Symbol": "COMMA", "Visibility": visibility}
    display = {
        "DecimalPlacesConfiguration": {"DecimalPlaces": decimals},
        "SeparatorConfiguration": {"ThousandsSeparator": thousands},
    }
    return {"FormatConfiguration": {"NumberDisplayFormatConfiguration": display}}


def build_visual(entry: Json, data: DataSet, labels: Mapping[str, Json]) -> Json:
    """The visual of a view that an entry of a dashboard.toml describes.

    `KeyError` where the entry lacks a key, `ValueError` where it names what is not there.
    """
    if entry["kind"] not in _KINDS:
        raise ValueError(f"no kind {entry['kind']}; there are {', '.join(_KINDS)}")
    name, chart = _KINDS[entry["kind"]]
    body = {
        "VisualId": entry["id"],
        "Title": _heading(entry["title"]),
        "Subtitle": _heading(entry["subtitle"]),
        "ChartConfiguration": chart(Fields(entry["id"], data, labels), entry),
    }
    return {name: body}


def _heading(text: Json) -> Json:
    return {"Visibility": "VISIBLE", "FormatText": {"PlainText": text}}


def _kpi(fields: Fields, entry: Json) -> Json:
    """One large number: the sum of `value`."""
    return {"FieldWells": {"Values": [fields.measure(entry["value"], "SUM")]}}


def _table(fields: Fields, entry: Json) -> Json:
    """A row for each of `groups`, in the order of the first, with `values`."""
    groups, values = entry["groups"], entry["values"]
    wells = {
        "GroupBy": [fields.dimension(name) for name in groups],
        "Values": [fields.measure(name) for name in values],
    }
    options = [
        {"FieldId": fields.id(name), "CustomLabel": fields.label(name)}
        for name in [*groups, *values]
    ]
    return {
        "FieldWells": {"TableAggregatedFieldWells": wells},
        "SortConfiguration": {"RowSort": fields.sort(groups[0], "ASC")},
        "FieldOptions": {"SelectedFieldOptions": options},
    }


def _bars(fields: Fields, entry: Json) -> Json:
    """Upright bars side by side, a colour for each of `values`, in the order of `category`."""
    category = entry["category"]
    return {
        "FieldWells": {"BarChartAggregatedFieldWells": _series(fields, entry)},
        "SortConfiguration": {"CategorySort": fields.sort(category, "ASC")},
        "Orientation": "VERTICAL",
        "BarsArrangement": "CLUSTERED",
        "CategoryLabelOptions": fields.axis(category),
        "Legend": {"Position": "BOTTOM"},
        "DataLabels": {"Visibility": "VISIBLE"},
    }


def _leaders(fields: Fields, entry: Json) -> Json:
    """The twenty of `category` with the highest `value`, as horizontal bars."""
    category, value = entry["category"], entry["value"]
    wells = {"Category": [fields.dimension(category)], "Values": [fields.measure(value)]}
    sort = {
        "CategorySort": fields.sort(value, "DESC"),
        "CategoryItemsLimit": {"ItemsLimit": 20, "OtherCategories": "EXCLUDE"},
    }
    return {
        "FieldWells": {"BarChartAggregatedFieldWells": wells},
        "SortConfiguration": sort,
        "Orientation": "HORIZONTAL",
        "DataLabels": {"Visibility": "VISIBLE"},
    }


def _lines(fields: Fields, entry: Json) -> Json:
    """A line for each of `values`, along `category`."""
    category = entry["category"]
    return {
        "FieldWells": {"LineChartAggregatedFieldWells": _series(fields, entry)},
        "SortConfiguration": {"CategorySort": fields.sort(category, "ASC")},
        "Type": "LINE",
        "XAxisLabelOptions": fields.axis(category),
        "Legend": {"Position": "BOTTOM"},
    }


def _series(fields: Fields, entry: Json) -> Json:
    return {
        "Category": [fields.dimension(entry["category"])],
        "Values": [fields.measure(name) for name in entry["values"]],
    }


def _scatter(fields: Fields, entry: Json) -> Json:
    """A point a row at `x` and `y`, on log scales: its `colour`, and its `label`."""
    wells = {
        "XAxis": [fields.dimension(entry["x"])],
        "YAxis": [fields.dimension(entry["y"])],
        "Category": [fields.dimension(entry["colour"])],
        "Label": [fields.dimension(entry["label"])],
    }
    scale = {"NumericAxisOptions": {"Scale": {"Logarithmic": {"Base": 10}}}}
    return {
        "FieldWells": {"ScatterPlotUnaggregatedFieldWells": wells},
        "XAxisLabelOptions": fields.axis(entry["x"]),
        "YAxisLabelOptions": fields.axis(entry["y"]),
        "XAxisDisplayOptions": {"DataOptions": scale},
        "YAxisDisplayOptions": {"DataOptions": scale},
        "Legend": {"Position": "BOTTOM"},
    }


_KINDS: dict[str, tuple[str, Callable[[Fields, Json], Json]]] = {
    "kpi": ("KPIVisual", _kpi),
    "table": ("TableVisual", _table),
    "bars": ("BarChartVisual", _bars),
    "leaders": ("BarChartVisual", _leaders),
    "lines": ("LineChartVisual", _lines),
    "scatter": ("ScatterPlotVisual", _scatter),
}
"""The word in a dashboard.toml → QuickSight's kind, and what makes its chart."""
