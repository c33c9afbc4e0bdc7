"""movies.csv and series.csv → titles and credits. Portuguese column names end here.

A title's columns repeat in each of its lines. So each distinct version of them is typed and checked
once; in the lines themselves only the artist's columns are.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pyspark.sql import Column, DataFrame, Observation
from pyspark.sql import functions as F

from datalake.schemas.kinds import Kind
from datalake.schemas.title_types import DEFAULT_TITLE_TYPES, TitleTypes
from datalake.schemas.trusted import CREDITS, QUARANTINE, TITLES
from datalake.sources.cleaned import Cleaned, FileAccount, ReadLines
from datalake.sources.imdb_csv.lines import (
    artist_texts,
    by_kind,
    cells,
    data_lines,
    title_texts,
    with_parts,
)
from datalake.sources.imdb_csv.raw import FILES
from datalake.sources.source_file import SourceFile
from datalake.trusted.parsing import decimal, listed, number
from datalake.trusted.rules import Rule, apply_rules, title_id, title_ids, undamaged
from datalake.trusted.rules import number as number_rules

_YEARS_AHEAD = 5
_WRONG_WIDTH = "line: wrong number of columns"
_OUTVOTED = "title columns: most rows of the title say otherwise"
_KINDS = {spec: kind for kind, spec in FILES.items()}
_TITLE_COLUMNS = [name for name in TITLES.names if name not in ("kind", "snapshot")]


class RuleContext(NamedTuple):
    """What rules depend on: the latest plausible year, and whether a file is damaged."""

    latest_year: int
    damaged: bool

    def text_rules(self) -> tuple[Rule, ...]:
        """Rules on the text of all `cells`, applied only where a manifest reports damage."""
        return undamaged(F.array_join("cells", "|")) if self.damaged else ()


def clean(
    files: Sequence[SourceFile],
    read_lines: ReadLines,
    _title_types: TitleTypes = DEFAULT_TITLE_TYPES,
) -> Cleaned:
    """Titles, credits and rejected lines of both files."""
    context = RuleContext(
        latest_year=max(file.day.year for file in files) + _YEARS_AHEAD,
        damaged=any(file.contents.damaged for file in files),
    )
    raw = read_lines({file.key: _kind(file).value for file in files})
    raw = raw.withColumnRenamed("label", "kind")
    all_lines, counts = data_lines(raw, files), Observation()
    versions = resolve_conflicts(title_versions(all_lines, context).persist())
    rows = credit_rows(all_lines, rejected_versions(versions).persist(), context, counts)
    return Cleaned(
        titles=titles(versions, files).hint("rebalance"),
        tables={CREDITS: credits(rows)},
        rejected=lambda: rejected(rows, files),
        accounts=lambda: _accounts(files, raw, counts),
    )


def title_versions(lines: DataFrame, context: RuleContext) -> DataFrame:
    """One row per distinct title part of the lines, typed, its `rows`, and `reasons` against it.

    Of each kind, one row stands for all lines of the wrong width, which have no title part.
    """
    versions = with_parts(lines).groupBy("kind", "title_part").agg(F.count("*").alias("rows"))
    texts = versions.withColumn("cells", cells("title_part")).select("*", *title_texts())
    rules = (*context.text_rules(), *_title_rules(context))
    checked = apply_rules(
        _with_title_columns(texts), rules, ["kind", "title_part", "rows", *_TITLE_COLUMNS]
    )
    wrong_width = F.when(F.col("title_part").isNull(), F.array(F.lit(_WRONG_WIDTH)))
    return checked.withColumn("reasons", F.coalesce(wrong_width, "reasons"))


def resolve_conflicts(versions: DataFrame) -> DataFrame:
    """Majority vote among a title's versions: those that lose get a reason.

    The version of more than half of the title's rows wins; in a tie none. Rejected versions
    have no vote.
    """
    rivals = (
        versions.where("reasons IS NULL")
        .groupBy("title_id")
        .agg(F.count("*").alias("versions"), F.sum("rows").alias("all_rows"))
        .where("versions > 1")
    )
    is_outvoted = F.col("all_rows").isNotNull() & (F.col("rows") * 2 <= F.col("all_rows"))
    reasons = F.coalesce("reasons", F.when(is_outvoted, F.array(F.lit(_OUTVOTED))))
    joined = versions.join(F.broadcast(rivals), on="title_id", how="left")
    return joined.withColumn("reasons", reasons).drop("versions", "all_rows")


def titles(versions: DataFrame, files: Sequence[SourceFile]) -> DataFrame:
    """One row per title of the files."""
    accepted = versions.where("reasons IS NULL")
    return accepted.withColumn("snapshot", _file_id(files)).select(*TITLES.names)


def rejected_versions(versions: DataFrame) -> DataFrame:
    """One row per version that is rejected, and why."""
    return versions.where("reasons IS NOT NULL").select("kind", "title_part", "reasons")


def credit_rows(
    lines: DataFrame, rejected_versions: DataFrame, context: RuleContext, counts: Observation
) -> DataFrame:
    """One row per distinct line, typed, and its `reasons` where it breaks a rule.

    `counts` gets, of each kind, the number of rows and of bad ones.
    """
    distinct = with_parts(lines.distinct())
    same_title = F.expr("lines.kind = versions.kind AND lines.title_part <=> versions.title_part")
    versions = F.broadcast(rejected_versions.alias("versions"))
    checked = distinct.alias("lines").join(versions, on=same_title, how="left")
    checked = checked.select("lines.*", "versions.reasons")
    texts = checked.withColumn("cells", cells("artist_part")).select("*", *artist_texts())
    rules = (*context.text_rules(), *_artist_rules(context))
    return apply_rules(_with_artist_columns(texts), rules, ["kind", "line", *CREDITS.names], counts)


def credits(rows: DataFrame) -> DataFrame:
    """One row per title × artist × job × character."""
    return rows.where("reasons IS NULL").select(*CREDITS.names)


def rejected(rows: DataFrame, files: Sequence[SourceFile]) -> DataFrame:
    """One row per rejected line."""
    return (
        rows.where("reasons IS NOT NULL")
        .select(
            by_kind({_kind(file): F.lit(file.spec.name) for file in files}).alias("source"),
            _file_id(files).alias("snapshot"),
            # Splitting and joining replaces bytes that aren't UTF-8.
            F.array_join(cells("line"), "|").alias("line"),
            "reasons",
        )
        .select(*QUARANTINE.names)
    )


def _accounts(
    files: Sequence[SourceFile], raw: DataFrame, counts: Observation
) -> list[FileAccount]:
    # Counted anew: metrics observed before a shuffle count a task twice if it ran again after its
    # machine was lost.
    lines_read = {row["kind"]: row["count"] for row in raw.groupBy("kind").count().collect()}
    return [_account(file, lines_read[_kind(file)] - 1, counts) for file in files]


def _account(file: SourceFile, read: int, counts: Observation) -> FileAccount:
    distinct, bad = (counts.get[f"{_kind(file)}_{column}"] for column in ("rows", "bad"))
    return FileAccount(
        file, read, trusted=distinct - bad, duplicates=read - distinct, quarantined=bad
    )


def _kind(file: SourceFile) -> Kind:
    return _KINDS[file.spec]


def _file_id(files: Sequence[SourceFile]) -> Column:
    return by_kind({_kind(file): F.lit(file.id) for file in files})


def _with_title_columns(texts: DataFrame) -> DataFrame:
    return texts.withColumns(
        {
            "title_id": F.col("id"),
            "title_type": _null("string"),
            "is_adult": _null("boolean"),
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


def _with_artist_columns(texts: DataFrame) -> DataFrame:
    return texts.withColumns(
        {
            "title_id": F.substring_index("line", "|", 1),
            **{name: _null("string") for name in ("person_id", "job_text")},
            "ordering": _null("int"),
            "characters": _null("array<string>"),
            "name": F.col("nomeArtista"),
            "birth_year": number("anoNascimento", "INT"),
            "death_year": number("anoFalecimento", "INT"),
            "job": F.col("generoArtista"),
            "character": F.col("personagem"),
            "professions": listed("profissao"),
            "known_for": listed("titulosMaisConhecidos"),
        }
    )


def _null(sql_type: str) -> Column:
    """Null of that SQL type, for a column that the files don't have."""
    return F.lit(None).cast(sql_type)


def _title_rules(context: RuleContext) -> list[Rule]:
    return [
        title_id("id"),
        Rule("tituloPincipal: empty", F.col("tituloPincipal").isNull()),
        *number_rules("anoLancamento", "start_year", 1870, context.latest_year),
        *number_rules("anoTermino", "end_year", 1870, context.latest_year),
        *number_rules("tempoMinutos", "runtime_minutes", 1, 100_000),
        *number_rules("notaMedia", "imdb_rating", 1, 10),
        *number_rules("numeroVotos", "imdb_votes", 0, 2_000_000_000),
    ]


def _artist_rules(context: RuleContext) -> list[Rule]:
    return [
        *number_rules("anoNascimento", "birth_year", 1, context.latest_year),
        *number_rules("anoFalecimento", "death_year", 1, context.latest_year),
        title_ids("titulosMaisConhecidos"),
    ]
