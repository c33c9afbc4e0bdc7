"""Why a run stops for its bad rows: the commonest reasons, a likely cause, and the rows.

Nothing is published then, Trusted.quarantine neither, so the rejected rows go into a file of the
lake where a person can look at them.
"""

import json

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from datalake.core.lake import Lake
from datalake.sources.source_file import SourceFile

MAX_REASONS = 5
MAX_ROWS = 100_000
"""At most so many rejected rows of a file are written, so that the disk can't fill up."""


def explain_refusal(lake: Lake, file: SourceFile, rejected: DataFrame) -> str:
    """Lines for the error's message; the rejected rows of `file` are written beside Raw."""
    file_rejected = rejected.where(F.col("snapshot") == file.id).persist()
    lines = [f"{count:,} × {reason}" for reason, count in _commonest_reasons(file_rejected)]
    lines += _likely_causes(file_rejected)
    lines.append(f"the rejected rows: {_write_rejected(lake, file, file_rejected)}")
    return "".join(f"\n  {line}" for line in lines)


def _commonest_reasons(rejected: DataFrame) -> list[tuple[str, int]]:
    counts = rejected.select(F.explode("reasons").alias("reason")).groupBy("reason").count()
    commonest = counts.orderBy(F.desc("count"), "reason").limit(MAX_REASONS).collect()
    return [(row["reason"], row["count"]) for row in commonest]


def _likely_causes(rejected: DataFrame) -> list[str]:
    """Known mistakes of an export that explain more than half of the rejected lines."""
    line = F.col("line")
    causes = {
        "looks like Latin-1 (Windows-1252): save the file as UTF-8": F.contains(
            line, F.lit("\ufffd")
        ),
        "looks like cells with semicolons between: export the file with |": _count(line, ";") >= 5,
        "looks like every cell is quoted: export the file without quotes": (
            line.startswith('"') & line.endswith('"')
        ),
    }
    is_common = [F.count_if(condition) * 2 > F.count("*") for condition in causes.values()]
    (row,) = rejected.agg(*(column.alias(str(i)) for i, column in enumerate(is_common))).collect()
    return [cause for cause, is_likely in zip(causes, row, strict=True) if is_likely]


def _count(line: Column, mark: str) -> Column:
    return F.length(line) - F.length(F.replace(line, F.lit(mark), F.lit("")))


def _write_rejected(lake: Lake, file: SourceFile, rejected: DataFrame) -> str:
    """Write the rejected rows as JSON lines; the file's address."""
    key = f"Quarantine{file.key.removeprefix('Raw')}.rejected.jsonl"
    rows = rejected.select("reasons", "line").limit(MAX_ROWS).toLocalIterator()
    with lake.storage.create(key) as target:
        for row in rows:
            target.write(json.dumps(row.asDict(), ensure_ascii=False).encode() + b"\n")
    return lake.storage.url(key)
