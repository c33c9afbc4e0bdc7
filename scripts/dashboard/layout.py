"""Where things are on a sheet: a grid of 36 columns, filled from left to right."""

from texts import Json

_COLUMNS = 36


def grid_layout(elements: list[tuple[str, str, int, int]]) -> list[Json]:
    """The grid of (id, type, width, height); a row that is full is followed by a new one."""
    placed, column, row, deepest = [], 0, 0, 0
    for element, kind, width, height in elements:
        if column + width > _COLUMNS:
            column, row, deepest = 0, row + deepest, 0
        cell: Json = {"ElementId": element, "ElementType": kind}
        cell |= {"ColumnIndex": column, "ColumnSpan": width, "RowIndex": row, "RowSpan": height}
        placed.append(cell)
        column, deepest = column + width, max(deepest, height)
    return [{"Configuration": {"GridLayout": {"Elements": placed}}}]
