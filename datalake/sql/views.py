"""The views of `sql/`: plain Athena (Trino) SQL over Refined, one file a view."""

from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path

import sqlglot
from sqlglot import expressions as exp

_FOLDER = Path(__file__).parent / "views"


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
    def reads(self) -> set[str]:
        """The tables and views it reads."""
        own = {cte.alias for cte in self._parsed.find_all(exp.CTE)}
        found = {table.name for table in self._parsed.find_all(exp.Table)}
        return found - own - {self.name}

    def select(self, dialect: str) -> str:
        """Its SELECT alone, in another engine's words."""
        return str(self._parsed.expression.sql(dialect=dialect))


def views() -> list[View]:
    """Every view, each after those that it reads."""
    found = {path.stem: _view(path) for path in sorted(_FOLDER.glob("*.sql"))}
    order = TopologicalSorter({name: view.reads for name, view in found.items()})
    return [found[name] for name in order.static_order() if name in found]


def _view(path: Path) -> View:
    text = path.read_text(encoding="utf-8")
    return View(path.stem, text.partition("\n")[0].removeprefix("-- "), text)
