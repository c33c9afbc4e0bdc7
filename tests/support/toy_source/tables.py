"""toy.tsv → titles and credits."""

from pyspark.sql import functions as F
from support.toy_source.files import HEADER

from datalake.schemas.trusted import CREDITS, QUARANTINE, TITLES
from datalake.sources.cleaned import Cleaned, FileAccount
from datalake.trusted.parsing import listed
from datalake.trusted.rules import title_id


def clean(files, read_lines, title_types):
    """Titles, credits and rejected rows; nothing in the file is a duplicate."""
    (file,) = files
    lines = read_lines({file.key: "toy"}).where(F.col("value") != HEADER)
    cells = F.split("value", "\t")
    rows = lines.select(
        "value",
        F.lit("movie").alias("kind"),
        F.lit(file.id).alias("snapshot"),
        *(F.get(cells, F.lit(i)).alias(n) for i, n in enumerate(("title_id", "names", "name"))),
    ).withColumn("genres", listed("names"))
    rule = title_id("title_id")
    good = rows.where(~rule.broken)
    rejected = rows.where(rule.broken).select(
        F.lit(file.spec.name).alias("source"),
        "snapshot",
        F.col("value").alias("line"),
        F.array(F.lit(rule.reason)).alias("reasons"),
    )

    def accounts():
        trusted, bad = good.count(), rejected.count()
        return [FileAccount(file, lines.count(), trusted, duplicates=0, quarantined=bad)]

    return Cleaned(
        titles=_as(TITLES, good),
        tables={CREDITS: _as(CREDITS, good)},
        rejected=lambda: _as(QUARANTINE, rejected),
        accounts=accounts,
    )


def _as(table, rows):
    """The table's columns; those that the file lacks are null."""
    return rows.select(
        *(
            F.col(c.name) if c.name in rows.columns else F.lit(None).cast(c.type).alias(c.name)
            for c in table.columns
        )
    )
