"""The lake's views: plain Athena (Trino) SQL, one file a view.

Views that belong to no question are in `datalake/sql/views/`, a question's are in `views/` in its
own folder. Tables of Refined are named alone, others with their layer, as in `answers.q2_people`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path

import sqlglot
from sqlglot import expressions as exp

_SHARED = Path(__file__).parent / "views"
_QUESTIONS = Path(__file__).parents[1] / "questions"
_LAYER = re.compile(r"\b(trusted|refined|answers)\.(?=\w)")


@dataclass(frozen=True)
class View:
    """One view: its name, the question in its first line, and its text."""

    name: str
    question: str
    text: str

    @cached_property
    def _parsed(self) -> exp.Expr:
        return sqlglot.parse_one(self.text, read="athena")

    @property
    def dependencies(self) -> set[str]:
        """The names of the tables and views it selects from."""
        common_table_expressions = {cte.alias for cte in self._parsed.find_all(exp.CTE)}
        tables = {table.name for table in self._parsed.find_all(exp.Table)}
        return tables - common_table_expressions - {self.name}

    def select_statement(self, dialect: str) -> str:
        """Its SELECT alone, translated to another engine's dialect."""
        return str(self._parsed.expression.sql(dialect=dialect))

    def create_statement(self, database_prefix: str) -> str:
        """Its CREATE statement for Athena, where each layer is a database with that prefix."""
        return _LAYER.sub(rf"{database_prefix}\1.", self.text)


def all_views() -> list[View]:
    """Every view, in an order in which they can be created: dependencies first."""
    folders = [_SHARED, *sorted(_QUESTIONS.glob("*/views"))]
    return in_order(read_view(path) for folder in folders for path in sorted(folder.glob("*.sql")))


def in_order(views: Iterable[View]) -> list[View]:
    """The views, each after those that it selects from."""
    named = {view.name: view for view in views}
    order = TopologicalSorter({name: view.dependencies for name, view in named.items()})
    return [named[name] for name in order.static_order() if name in named]


def read_view(path: Path) -> View:
    """The view in a file, which is called as the view is."""
    text = path.read_text(encoding="utf-8")
    return View(path.stem, text.partition("\n")[0].removeprefix("-- "), text)
