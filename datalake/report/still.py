"""Charts as pictures, for readers without JavaScript: of all titles, as the answers stand."""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import vl_convert
from markupsafe import Markup

from datalake.report.chapter import Figure
from datalake.report.data import PageData
from datalake.report.i18n import Translator

_WIDTH = 960


def draw_stills(
    figures: Sequence[Figure], data: PageData, translate: Translator
) -> dict[str, Markup]:
    """An SVG a figure, by its name; figures without rows have none."""
    stills = {figure: figure.still(data, translate) for figure in figures}
    return {
        figure.name: _draw(figure.name, figure.spec(data.genres, translate), rows)
        for figure, rows in stills.items()
        if rows
    }


def _draw(name: str, spec: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Markup:
    chart = {**deepcopy(spec), "width": _WIDTH}
    if step := spec["usermeta"]["step"]:
        chart["height"] = step * len({row["label"] for row in rows})
    marks = {row.get(field) for row in rows for field in ("series", "genre")}
    sets: dict[str, Sequence[Any]] = {"rows": rows}
    for layer in chart["layer"]:
        if "name" in layer.get("data", {}):
            sets.setdefault(layer["data"]["name"], [])
        for channel in (layer["encoding"].get(name, {}) for name in ("color", "shape")):
            if channel.get("legend"):
                domain = channel["scale"]["domain"]
                channel["legend"]["values"] = [m for m in domain if m in marks] or domain
    svg = vl_convert.vegalite_to_svg({**chart, "datasets": sets})
    own_ids = re.sub(r'(id="|url\(#)(?=clip|gradient)', rf"\g<1>{name}-", svg)
    return Markup(own_ids.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S704 - our chart
