"""The questions, in the page's order, and with them every table of the lake.

A new question is a folder here and its name in `QUESTIONS`.
"""

from importlib import import_module

from datalake.core.errors import LakeError
from datalake.questions.question import Question
from datalake.questions.tables import SENSITIVITY
from datalake.schemas import REFINED, TRUSTED, Table


def _question(name: str) -> Question:
    question: Question = import_module(f"datalake.questions.{name}").QUESTION
    return question


QUESTIONS: tuple[Question, ...] = (
    _question("popularity_cost"),
    _question("people"),
    _question("trends"),
    _question("ratings"),
    _question("rising"),
)

ANSWERS: tuple[Table, ...] = (*(question.table for question in QUESTIONS), SENSITIVITY)

TABLES: tuple[Table, ...] = (*TRUSTED, *REFINED, *ANSWERS)


def find_table(name: str) -> Table:
    """The table of that name, with its layer or without; `LakeError` for an unknown one."""
    for table in TABLES:
        if name in (table.name, f"{table.layer}.{table.name}"):
            return table
    names = ", ".join(f"{table.layer}.{table.name}" for table in TABLES)
    raise LakeError(f"{name}: no table of a lake; they are {names}")
