"""movies.csv and series.csv → titles and credits. The source's Portuguese names end here.

A line is a title's columns (the head) and one artist's (the tail). Lines are split at `|`
by hand: the source quotes and escapes nothing, and a CSV reader would look for it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from datalake.base.lake import Kind, Snapshot
from datalake.schemas.source import END_YEAR, HEAD, TAIL
from datalake.schemas.trusted import CREDITS, QUARANTINE, TITLES
from datalake.trusted.cells import decimal, listed, number, text
from datalake.trusted.rules import Rule, judged, title_id, title_ids, undamaged
from datalake.trusted.rules import number as number_rules


class Checks(NamedTuple):
    """What the rules must know of the files: the last plausible year, and any damage."""

    latest_year: int
    damaged: bool

    def of_text(self, cells: Column) -> tuple[Rule, ...]:
        """Rules on the whole text, looked at only where the manifest tells of damage."""
        return undamaged(F.array_join(cells, "|")) if self.damaged else ()


def lines(raw: DataFrame, snapshot: Snapshot) -> DataFrame:
    """One row per line of a source file, the header left out; `raw` has the lines as `value`."""
    kind = F.lit(snapshot.kind.value).alias("kind")
    # Ten times quicker than trim(), which copies each character.
    line = F.expr(r"if(endswith(value, '\r'), left(value, length(value) - 1), value)").alias("line")
    return raw.select(kind, line).where(
        ~F.col("line").isin(snapshot.header, "\ufeff" + snapshot.header)
    )


def title_parts(lines: DataFrame, checks: Checks) -> DataFrame:
    """One row per distinct title part of the lines, typed, with the `rows` that have it.

    Lines of the wrong width and title parts that break a rule have no say.
    """
    tail = F.substring_index("line", "|", -len(TAIL))
    width = F.octet_length("head") + F.octet_length("tail") + 1
    heads = (
        lines.select("kind", "line", _head(), tail.alias("tail"))
        .where(width == F.octet_length("line"))
        .groupBy("kind", "head")
        .agg(F.count("*").alias("rows"))
        .withColumn("cells", F.split("head", r"\|", -1))
        .select("kind", "head", "rows", "cells", *_texts(HEAD, 0))
    )
    rules = (*checks.of_text(F.col("cells")), *_head_rules(checks))
    judged_heads = judged(_with_title(heads), rules)
    return judged_heads.where("reasons IS NULL").drop("reasons", "cells", *HEAD)


def title_versions(parts: DataFrame) -> DataFrame:
    """One row per distinct title part; `wins` says whether it counts.

    Where the rows of a title disagree, the version of more than half of them wins; in a tie none.
    """
    wins = F.col("versions").isNull() | (F.col("rows") * 2 > F.col("all_rows"))
    contested = F.broadcast(_contested(parts))
    return parts.join(contested, on="title_id", how="left").withColumn("wins", wins)


def _contested(parts: DataFrame) -> DataFrame:
    """One row per title of which there are several versions."""
    counts = parts.groupBy("title_id").agg(
        F.count("*").alias("versions"), F.sum("rows").alias("all_rows")
    )
    return counts.where(F.col("versions") > 1)


def titles(versions: DataFrame, snapshots: Sequence[Snapshot]) -> DataFrame:
    """One row per title of the files."""
    return (
        versions.where("wins").withColumn("snapshot", _snapshot_id(snapshots)).select(*TITLES.names)
    )


def rows(lines: DataFrame, versions: DataFrame, checks: Checks) -> DataFrame:
    """One row per distinct line, typed, and its `reasons` where it breaks a rule."""
    outvoted = (
        versions.where("NOT wins")
        .groupBy(F.col("title_id").alias("line_id"))
        .agg(F.collect_set(F.struct("kind", "head")).alias("outvoted"))
    )
    disagrees = F.array_contains("outvoted", F.struct("kind", _head()))
    cells = (
        lines.withColumn("line_id", F.substring_index("line", "|", 1))
        .repartition("line_id")
        .distinct()
        .join(F.broadcast(outvoted), on="line_id", how="left")
        .withColumn("cells", F.split("line", r"\|", -1))
        .select("*", *_texts(HEAD, 0), *_texts(TAIL, len(HEAD)))
    )
    rules = (
        Rule("line: wrong number of columns", F.size("cells") != _width()),
        *checks.of_text(F.col("cells")),
        *_head_rules(checks),
        *_tail_rules(checks),
        Rule("title columns: most rows of the title say otherwise", disagrees),
    )
    return judged(_with_artist(_with_title(cells)), rules)


def credits(rows: DataFrame) -> DataFrame:
    """One row per title × artist × job × character."""
    return rows.where("reasons IS NULL").select(*CREDITS.names)


def quarantined(rows: DataFrame, snapshots: Sequence[Snapshot]) -> DataFrame:
    """One row per rejected line."""
    files = F.create_map(*(F.lit(text) for kind in Kind for text in (kind.value, kind.file)))
    return (
        rows.where("reasons IS NOT NULL")
        .select(
            files[F.col("kind")].alias("source"),
            _snapshot_id(snapshots).alias("snapshot"),
            F.array_join("cells", "|").alias("line"),
            "reasons",
        )
        .select(*QUARANTINE.names)
    )


def _snapshot_id(snapshots: Sequence[Snapshot]) -> Column:
    ids = F.create_map(*(F.lit(text) for s in snapshots for text in (s.kind.value, s.id)))
    return ids[F.col("kind")]


def _shift() -> Column:
    """1 where the line has an end year, as lines of series do."""
    return (F.col("kind") == Kind.SERIES.value).cast("int")


def _width() -> Column:
    return F.lit(len(HEAD + TAIL) - 1) + _shift()


def _head() -> Column:
    films = F.substring_index("line", "|", len(HEAD) - 1)
    series = F.substring_index("line", "|", len(HEAD))
    return F.when(_shift() == 0, films).otherwise(series).alias("head")


def _texts(names: tuple[str, ...], start: int) -> list[Column]:
    return [text(_cell(start + place)).alias(name) for place, name in enumerate(names)]


def _cell(place: int) -> Column:
    """The cell of a column; lines of films have none for the end year."""
    if place == HEAD.index(END_YEAR):
        return F.when(_shift() == 1, F.get("cells", F.lit(place)))
    if place < HEAD.index(END_YEAR):
        return F.get("cells", F.lit(place))
    return F.get("cells", F.lit(place - 1) + _shift())


def _with_title(texts: DataFrame) -> DataFrame:
    return texts.withColumns(
        {
            "title_id": F.col("id"),
            "primary_title": F.col("tituloPincipal"),
            "original_title": F.col("tituloOriginal"),
            "start_year": number("anoLancamento", "INT"),
            "end_year": number("anoTermino", "INT"),
            "runtime_minutes": number("tempoMinutos", "INT"),
            "genres": listed("genero"),
            "imdb_rating": decimal("notaMedia"),
            "imdb_votes": number("numeroVotos", "INT"),
        }
    )


def _with_artist(texts: DataFrame) -> DataFrame:
    return texts.withColumns(
        {
            "name": F.col("nomeArtista"),
            "birth_year": number("anoNascimento", "INT"),
            "death_year": number("anoFalecimento", "INT"),
            "job": F.col("generoArtista"),
            "character": F.col("personagem"),
            "professions": listed("profissao"),
            "known_for": listed("titulosMaisConhecidos"),
        }
    )


def _head_rules(checks: Checks) -> list[Rule]:
    return [
        title_id("id"),
        Rule("tituloPincipal: empty", F.col("tituloPincipal").isNull()),
        *number_rules("anoLancamento", "start_year", 1870, checks.latest_year),
        *number_rules("anoTermino", "end_year", 1870, checks.latest_year),
        *number_rules("tempoMinutos", "runtime_minutes", 1, 100_000),
        *number_rules("notaMedia", "imdb_rating", 1, 10),
        *number_rules("numeroVotos", "imdb_votes", 0, 2_000_000_000),
    ]


def _tail_rules(checks: Checks) -> list[Rule]:
    return [
        *number_rules("anoNascimento", "birth_year", 1, checks.latest_year),
        *number_rules("anoFalecimento", "death_year", 1, checks.latest_year),
        title_ids("titulosMaisConhecidos"),
    ]
