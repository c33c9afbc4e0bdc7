"""Static charts, for readers without JavaScript: of all titles, as the answers stand."""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy

import vl_convert
from markupsafe import Markup

from datalake.report.chapter import Figure, Spec
from datalake.report.data import PageData
from datalake.report.i18n import Translator
from datalake.schemas.table import Row

_WIDTH = 960


def draw_static_charts(
    figures: Sequence[Figure], specs: Mapping[str, Spec], data: PageData, translate: Translator
) -> dict[str, Markup]:
    """The SVG of each figure with rows, by the figure's name, drawn from its spec."""
    rows_by_figure = {figure.name: figure.static_rows(data, translate) for figure in figures}
    return {name: _draw(name, specs[name], rows) for name, rows in rows_by_figure.items() if rows}


def _draw(name: str, spec: Spec, rows: Sequence[Row]) -> Markup:
    chart = {**deepcopy(spec), "width": _WIDTH}
    if step := spec["usermeta"]["step"]:
        chart["height"] = step * len({row["label"] for row in rows})
    marks = {row.get(field) for row in rows for field in ("series", "genre")}
    datasets: dict[str, Sequence[Row]] = {"rows": rows}
    for layer in chart["layer"]:
        if "name" in layer.get("data", {}):
            datasets.setdefault(layer["data"]["name"], [])
        for channel in (layer["encoding"].get(key, {}) for key in ("color", "shape")):
            if channel.get("legend"):
                domain = channel["scale"]["domain"]
                channel["legend"]["values"] = [mark for mark in domain if mark in marks] or domain
    svg = vl_convert.vegalite_to_svg({**chart, "datasets": datasets})
    own_ids = re.sub(r'(id="|url\(#)(?=clip|gradient)', rf"\g<1>{name}-", svg)
    return Markup(own_ids.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S704 - our chart
