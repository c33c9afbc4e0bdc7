"""movies.csv and series.csv → titles and credits. The source's Portuguese names end here.

A title's columns stand in each of its lines, so each distinct head is judged once, and its
lines only where it was rejected, or where some of them may be copies; all others are the
artist's columns alone.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pyspark.sql import Column, DataFrame, Observation
from pyspark.sql import functions as F

from datalake.schemas.trusted import CREDITS, QUARANTINE, TITLES
from datalake.sources.imdb_csv.lines import cells, head_texts, of_kind, tail_texts
from datalake.sources.imdb_csv.raw import FILE_NAMES, SourceFile
from datalake.trusted.parsing import decimal, listed, number
from datalake.trusted.rules import Rule, apply_rules, title_id, title_ids, undamaged
from datalake.trusted.rules import number as number_rules

_WRONG_WIDTH = "line: wrong number of columns"
_OUTVOTED = "title columns: most rows of the title say otherwise"
# A mark for each of a head's lines in maps of that many bits; as many marks as lines in one of
# the maps: no two lines are equal.
_MAPS = (64, 63, 61)


class RuleContext(NamedTuple):
    """What the rules must know of the files: the last plausible year, and any damage."""

    latest_year: int
    damaged: bool

    def of_text(self) -> tuple[Rule, ...]:
        """Rules on the text of all `cells`, looked at only where the manifest tells of damage."""
        return undamaged(F.array_join("cells", "|")) if self.damaged else ()


def heads(lines: DataFrame, checks: RuleContext) -> DataFrame:
    """One row per distinct head of the lines, typed, its `rows`, and `reasons` against it.

    Of each kind, one row stands for all lines of the wrong width, which have no head.
    `unlike`: no two of a head's lines are equal.
    """
    bits = [F.expr(f"shiftleft(1L, CAST(pmod(xxhash64(line), {size}) AS INT))") for size in _MAPS]
    unlike = [F.bit_count(f"map_{size}") == F.col("rows") for size in _MAPS]
    grouped = (
        lines.groupBy("kind", "head", "part")
        .agg(
            F.count("*").alias("rows"),
            *(F.bit_or(bit).alias(f"map_{size}") for size, bit in zip(_MAPS, bits, strict=True)),
        )
        .select("kind", "head", "part", "rows", F.greatest(*unlike).alias("unlike"))
    )
    typed = _with_title(grouped.withColumn("cells", cells("head")).select("*", *head_texts()))
    kept = ["kind", "head", "part", "rows", "unlike", *_TITLE]
    judged_heads = apply_rules(typed, (*checks.of_text(), *_head_rules(checks)), kept)
    wrong_width = F.when(F.col("head").isNull(), F.array(F.lit(_WRONG_WIDTH)))
    return judged_heads.withColumn("reasons", F.coalesce(wrong_width, "reasons"))


def resolve_conflicts(heads: DataFrame) -> DataFrame:
    """The heads, where those that disagree on a title are told so in `reasons`.

    The version of more than half of the title's rows wins; in a tie none. Rejected heads
    have no say.
    """
    versions = (
        heads.where("reasons IS NULL")
        .groupBy("title_id")
        .agg(F.count("*").alias("versions"), F.sum("rows").alias("all_rows"))
        .where("versions > 1")
    )
    loses = F.col("all_rows").isNotNull() & (F.col("rows") * 2 <= F.col("all_rows"))
    verdict = F.coalesce("reasons", F.when(loses, F.array(F.lit(_OUTVOTED))))
    joined = heads.join(F.broadcast(versions), on="title_id", how="left")
    return joined.withColumn("reasons", verdict).drop("versions", "all_rows")


def titles(heads: DataFrame, snapshots: Sequence[SourceFile]) -> DataFrame:
    """One row per title of the files."""
    good = heads.where("reasons IS NULL")
    return good.withColumn("snapshot", _snapshot_id(snapshots)).select(*TITLES.names)


def doubtful(heads: DataFrame) -> DataFrame:
    """One row per head that is rejected, or some lines of which may be equal."""
    few = heads.where("reasons IS NOT NULL OR NOT unlike")
    return few.select("kind", "head", "part", "reasons")


def rows(
    lines: DataFrame, doubtful: DataFrame, checks: RuleContext, counts: Observation
) -> DataFrame:
    """One row per distinct line, typed, and its `reasons` where it breaks a rule.

    `counts` gets, of each kind, the number of rows and of bad ones.
    """
    distinct = _distinct(lines, doubtful)
    texts = distinct.withColumn("cells", cells("tail")).select("*", *tail_texts())
    rules = (*checks.of_text(), *_tail_rules(checks))
    return apply_rules(_with_artist(texts), rules, ["kind", "line", *CREDITS.names], counts)


def _distinct(lines: DataFrame, doubtful: DataFrame) -> DataFrame:
    """One row per distinct line, with `reasons` against its head.

    Only lines of doubtful heads are shuffled for it.
    """
    parts = doubtful.select("part").distinct().withColumn("doubtful", F.lit(True))
    marked = lines.join(F.broadcast(parts), on="part", how="left")
    clear = marked.where("doubtful IS NULL").withColumn(
        "reasons", F.lit(None).cast("array<string>")
    )
    others = marked.where("doubtful").select("kind", "line", "head", "tail").distinct()
    columns = ["kind", "line", "tail", "reasons"]
    return clear.select(*columns).unionByName(_with_verdict(others, doubtful).select(*columns))


def _with_verdict(lines: DataFrame, doubtful: DataFrame) -> DataFrame:
    """The lines with `reasons` against their head."""
    same = F.expr("lines.kind = heads.kind AND lines.head <=> heads.head")
    joined = lines.alias("lines").join(F.broadcast(doubtful.alias("heads")), on=same, how="left")
    return joined.select("lines.*", "heads.reasons")


def credits(rows: DataFrame) -> DataFrame:
    """One row per title × artist × job × character."""
    return rows.where("reasons IS NULL").select(*CREDITS.names)


def quarantined(rows: DataFrame, snapshots: Sequence[SourceFile]) -> DataFrame:
    """One row per rejected line."""
    return (
        rows.where("reasons IS NOT NULL")
        .select(
            of_kind({s.kind: F.lit(FILE_NAMES[s.kind]) for s in snapshots}).alias("source"),
            _snapshot_id(snapshots).alias("snapshot"),
            # Cut and joined, for bytes that aren't UTF-8 become text only then.
            F.array_join(cells("line"), "|").alias("line"),
            "reasons",
        )
        .select(*QUARANTINE.names)
    )


def _snapshot_id(snapshots: Sequence[SourceFile]) -> Column:
    return of_kind({s.kind: F.lit(s.id) for s in snapshots})


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


_TITLE = [name for name in TITLES.names if name not in ("kind", "snapshot")]


def _with_artist(texts: DataFrame) -> DataFrame:
    return texts.withColumns(
        {
            "title_id": F.substring_index("line", "|", 1),
            "name": F.col("nomeArtista"),
            "birth_year": number("anoNascimento", "INT"),
            "death_year": number("anoFalecimento", "INT"),
            "job": F.col("generoArtista"),
            "character": F.col("personagem"),
            "professions": listed("profissao"),
            "known_for": listed("titulosMaisConhecidos"),
        }
    )


def _head_rules(checks: RuleContext) -> list[Rule]:
    return [
        title_id("id"),
        Rule("tituloPincipal: empty", F.col("tituloPincipal").isNull()),
        *number_rules("anoLancamento", "start_year", 1870, checks.latest_year),
        *number_rules("anoTermino", "end_year", 1870, checks.latest_year),
        *number_rules("tempoMinutos", "runtime_minutes", 1, 100_000),
        *number_rules("notaMedia", "imdb_rating", 1, 10),
        *number_rules("numeroVotos", "imdb_votes", 0, 2_000_000_000),
    ]


def _tail_rules(checks: RuleContext) -> list[Rule]:
    return [
        *number_rules("anoNascimento", "birth_year", 1, checks.latest_year),
        *number_rules("anoFalecimento", "death_year", 1, checks.latest_year),
        title_ids("titulosMaisConhecidos"),
    ]
