"""How long names are, in words."""

from collections.abc import Sequence

from datalake.report.chapter import Story
from datalake.report.i18n import Translator
from datalake.schemas.table import Row


def subject(name: str, translate: Translator) -> str:
    """The one measure."""
    return translate(f"toy_question.{name}")


def tell(rows: Sequence[Row], translate: Translator) -> Story:
    """The mean of all titles."""
    over_all = next(row for row in rows if row["genre"] == "all")
    headline = translate("toy_question.headline", letters=translate.number(over_all["letters"], 1))
    return Story(headline=headline, sure=[], answer=[headline], left_out=[])
