"""How long names are, in words."""

from datalake.report.chapter import Story


def subject(name, translate):
    return translate(f"toy_question.{name}")


def tell(rows, translate):
    over_all = next(row for row in rows if row["genre"] == "all")
    headline = translate("toy_question.headline", letters=translate.number(over_all["letters"], 1))
    return Story(headline=headline, sure=[], answer=[headline], left_out=[])
