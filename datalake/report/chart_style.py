"""What all charts share: colours, which are the page's CSS variables, and how they look."""

import altair as alt

from datalake.report.chapter import Spec

INK, FAINT, PAPER = "var(--ink)", "var(--line)", "var(--paper)"
PALETTE = [f"var(--series-{number})" for number in range(1, 7)]
SHAPES = ["circle", "diamond", "square", "triangle-up", "cross", "triangle-down"]


def hover_number(field: str, title: str, format_: str) -> alt.Tooltip:
    """A number shown on hovering, in a d3 format."""
    return alt.Tooltip(f"{field}:Q").title(title).format(format_)


def hover_text(field: str, title: str) -> alt.Tooltip:
    """A text shown on hovering."""
    return alt.Tooltip(f"{field}:N").title(title)


def finish(chart: alt.LayerChart | alt.FacetChart, height: int = 0, step: int = 0) -> Spec:
    """The chart's spec in the page's look and width; its height may be a `step` per label.

    Marks are hidden from screen readers, which get the figure's description and table.
    """
    with alt.data_transformers.enable(consolidate_datasets=False):
        spec: Spec = (
            chart.properties(width="container", height=height, usermeta={"step": step})
            .configure(background="transparent", font="system-ui, sans-serif", aria=False)
            .configure_view(stroke=None)
            .configure_axis(
                labelColor=INK,
                titleColor=INK,
                domainColor=FAINT,
                tickColor=FAINT,
                gridColor=FAINT,
                labelFontSize=12,
                labelSeparation=6,
                titleFontSize=12,
                titleFontWeight="normal",
            )
            .configure_legend(
                labelColor=INK, orient="top", labelFontSize=12, symbolOpacity=1, labelLimit=0
            )
            .to_dict()
        )
    return spec
