"""The dashboard: one sheet a question, and one before them."""

from collections.abc import Mapping

from controls import declarations, group
from overview import overview
from questions import cost, people, ratings, trends
from visuals import DataSet, Json

VIEWS = (
    "coverage",
    "titles_by_genre",
    "popularity_and_cost",
    "best_rated_people",
    "lengths_by_year",
    "trends_per_decade",
    "ratings_and_success",
)


def definition(data: Mapping[str, DataSet]) -> Json:
    """All sheets, with their filters and parameters."""
    makers = (overview, cost, people, trends, ratings)
    sheets, groups = [], []
    for make in makers:
        made, filters = make(data)
        sheets.append(made)
        groups += [group(made["SheetId"], visual, some) for visual, some in filters.items()]
    return {
        "DataSetIdentifierDeclarations": [
            {"Identifier": view, "DataSetArn": {"Fn::GetAtt": [logical(view), "Arn"]}}
            for view in VIEWS
        ],
        "Sheets": sheets,
        "ParameterDeclarations": declarations(),
        "FilterGroups": groups,
    }


def logical(view: str) -> str:
    """The view's data set in the template."""
    return "".join(word.title() for word in view.split("_"))
