"""What a question is: a folder with its table, estimate, variants, story, charts and texts."""

from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any, NamedTuple

from datalake.schemas.table import Row, Table

if TYPE_CHECKING:
    from datalake.questions.charts import Charts
    from datalake.questions.population import Population
    from datalake.report.chapter import Chapter


class PersonName(NamedTuple):
    """A placeholder for a person's name in an estimate's rows; names are joined in at the end."""

    person_key: int


@dataclass(frozen=True)
class Question:
    """A business question, in the package of its own that `package` names.

    `original` is how it was first asked, in Portuguese; the page shows it above ours.
    Modules of the package are imported when they are first used: the tables' schemas cost nothing,
    the estimate needs numerics. In a lake with nothing from TMDB a question that `needs_tmdb` has
    no answer; its text `without_tmdb` says what is missing.
    """

    package: str
    number: int
    table: Table
    needs_tmdb: bool = False
    original: str = ""

    @property
    def name(self) -> str:
        """The package's last name, as in `popularity_cost`."""
        return self.package.rpartition(".")[2]

    @property
    def id(self) -> str:
        """Its number as tables and texts write it, as in `q1`."""
        return f"q{self.number}"

    @property
    def folder(self) -> Traversable:
        """Where its files are: texts, the page's script, the view, the method."""
        return files(self.package)

    def answer(self, population: "Population") -> list[Row]:
        """The rows of its table."""
        return list(self._module("estimate").answer(population))

    def vary(self, population: "Population") -> list[Row]:
        """Its headlines with one choice made otherwise: rows of `sensitivity`, question aside."""
        return list(self._module("variants").vary(population))

    @property
    def charts(self) -> "Charts":
        """Its figures, and the columns that they are drawn from."""
        charts: Charts = self._module("charts").CHARTS
        return charts

    @property
    def chapter(self) -> "Chapter":
        """What it puts on the page."""
        from datalake.report.chapter import Chapter

        story = self._module("story")
        return Chapter(
            id=self.id,
            name=self.name,
            table=self.table.name,
            folder=self.folder,
            figures=self.charts.figures,
            constants=self.charts.constants,
            tell=story.tell,
            subject=story.subject,
            needs_tmdb=self.needs_tmdb,
            original=self.original,
        )

    def _module(self, name: str) -> Any:
        return import_module(f"{self.package}.{name}")
