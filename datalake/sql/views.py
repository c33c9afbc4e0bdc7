"""The lake's views: plain Athena (Trino) SQL, one file a view.

Views that belong to no question are in `datalake/sql/views/`, a question's are in `views/` in its
own folder. Tables of Refined are named alone, others with their layer, as in `answers.sensitivity`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from importlib.resources import files
from importlib.resources.abc import Traversable

import sqlglot
from sqlglot import expressions as exp

from datalake.questions.registry import QUESTIONS

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
    folders = [files(__package__), *(question.folder for question in QUESTIONS)]
    return in_dependency_order(view for folder in folders for view in read_views(folder / "views"))


def in_dependency_order(views: Iterable[View]) -> list[View]:
    """The views, each after those that it selects from."""
    by_name = {view.name: view for view in views}
    order = TopologicalSorter({name: view.dependencies for name, view in by_name.items()})
    return [by_name[name] for name in order.static_order() if name in by_name]


def read_views(folder: Traversable) -> Iterator[View]:
    """The views in a folder's `.sql` files, each called as its file; the folder may be missing."""
    if not folder.is_dir():
        return
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".sql"):
            text = file.read_text(encoding="utf-8")
            question = text.partition("\n")[0].removeprefix("-- ")
            yield View(file.name.removesuffix(".sql"), question, text)
