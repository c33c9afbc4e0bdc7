"""Where things are on a sheet: a grid of 36 columns, filled from left to right."""

from texts import Json

_COLUMNS = 36


def grid_layout(elements: list[tuple[str, str, int, int]]) -> list[Json]:
    """The grid of (id, type, width, height); a row that is full is followed by a new one."""
    placed, column, row, row_height = [], 0, 0, 0
    for element, kind, width, height in elements:
        if column + width > _COLUMNS:
            column, row, row_height = 0, row + row_height, 0
        cell: Json = {"ElementId": element, "ElementType": kind}
        cell |= {"ColumnIndex": column, "ColumnSpan": width, "RowIndex": row, "RowSpan": height}
        placed.append(cell)
        column, row_height = column + width, max(row_height, height)
    return [{"Configuration": {"GridLayout": {"Elements": placed}}}]
