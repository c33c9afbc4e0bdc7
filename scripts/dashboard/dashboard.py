"""What the dashboard shows, read from common.toml and each question's dashboard.toml."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from texts import Json

from datalake.questions.registry import QUESTIONS

_COMMON = Path(__file__).parent / "common.toml"
_FILE = "dashboard.toml"
_COUNT_TEXTS = ("name", "about")


@dataclass(frozen=True)
class Visual:
    """One visual: its entry in the file, and the columns' labels that the file may use."""

    entry: Json
    labels: Mapping[str, Json]

    @property
    def place(self) -> str:
        """How messages name it."""
        return f"visual {self.entry.get('id')}"

    @property
    def view(self) -> str:
        """The view that it shows."""
        with locate_errors(self.place):
            return str(self.entry["view"])


@dataclass(frozen=True)
class Sheet:
    """One sheet: its texts, its parameters by name, its visuals, and a notice below them."""

    id: str
    title: Json
    about: Json
    parameters: Mapping[str, Json]
    visuals: Sequence[Visual]
    notice: Json | None = None


@dataclass(frozen=True)
class Dashboard:
    """Its name, and its sheets; the first is the overview."""

    name: Json
    sheets: Sequence[Sheet]

    @property
    def parameters(self) -> dict[str, Json]:
        """Every parameter by name, in the order of the sheets."""
        declared: dict[str, Json] = {}
        for sheet in self.sheets:
            for name, parameter in sheet.parameters.items():
                if declared.setdefault(name, parameter) != parameter:
                    raise ValueError(f"sheet {sheet.id}: another sheet has a parameter {name}")
        return declared

    @property
    def views(self) -> list[str]:
        """The views that parameters list and visuals show, each once."""
        overview, *questions = self.sheets
        listed = [
            parameter["view"] for parameter in self.parameters.values() if "view" in parameter
        ]
        visuals = [visual for sheet in (*questions, overview) for visual in sheet.visuals]
        return list(dict.fromkeys(listed + [visual.view for visual in visuals]))


def read_dashboard() -> Dashboard:
    """The overview, and a sheet for each question that has a dashboard.toml.

    `ValueError` with the file's name where one can't be read or lacks an entry.
    """
    common = tomllib.loads(_COMMON.read_text(encoding="utf-8"))
    overview, sheets = [Visual(entry, common["columns"]) for entry in common["visuals"]], []
    for name, text in _question_files():
        with locate_errors(name):
            entries = tomllib.loads(text)
            labels = common["columns"] | entries.get("columns", {})
            visuals = [Visual(entry, labels) for entry in entries["visuals"]]
            sheets.append(_sheet(entries, common["parameters"], visuals))
            if "overview" in entries:
                overview.append(Visual(entries["overview"], labels))
    counted = {
        text: _with_count(common[text], common["numbers"], len(sheets)) for text in _COUNT_TEXTS
    }
    return Dashboard(counted["name"], [_sheet(common | counted, {}, overview), *sheets])


@contextmanager
def locate_errors(place: str) -> Iterator[None]:
    """Errors in entries as a `ValueError` of one line that names the place."""
    try:
        yield
    except KeyError as error:
        raise ValueError(f"{place}: no {error.args[0]}") from error
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from error


def _question_files() -> Iterator[tuple[str, str]]:
    for question in QUESTIONS:
        file = question.folder / _FILE
        if file.is_file():
            yield f"{question.name}/{_FILE}", file.read_text(encoding="utf-8")


def _with_count(text: Json, numbers: Mapping[str, Sequence[str]], count: int) -> Json:
    """The text with {count} in words, or in digits where there is no word."""
    words = {name: dict(enumerate(numbers[name])).get(count, str(count)) for name in text}
    return {name: text[name].format(count=words[name]) for name in text}


def _sheet(entries: Json, common: Mapping[str, Json], visuals: Sequence[Visual]) -> Sheet:
    parameters = common | entries.get("parameters", {})
    texts = entries["title"], entries["about"]
    return Sheet(entries["id"], *texts, parameters, visuals, entries.get("notice"))
