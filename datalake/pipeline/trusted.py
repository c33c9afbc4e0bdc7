"""Raw → Trusted: every title and credit of the newest files, and TMDB's newest responses."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial, reduce
from typing import NamedTuple

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from datalake.core.errors import QualityError
from datalake.core.settings import Settings
from datalake.pipeline.refusal import explain_refusal
from datalake.pipeline.up_to_date import PROPERTY, are_file_tables_up_to_date, step_inputs
from datalake.schemas import Table
from datalake.schemas import trusted as schema
from datalake.schemas.title_types import TitleTypes
from datalake.sources.cleaned import Cleaned, FileAccount
from datalake.sources.source_file import newest_source_file
from datalake.sources.source_of_lake import source_of_lake
from datalake.sources.tmdb import parse
from datalake.sources.tmdb import tables as tmdb
from datalake.sources.tmdb.account import ResponseAccount, account_for, check_responses
from datalake.sources.tmdb.raw import response_files
from datalake.spark.readers import read_json_lines, read_lines
from datalake.spark.tables import Tables

_PARALLEL_RESPONSE_TABLES = 3
"""Tables of responses are small: where they alone are written, planning takes longest."""

_OPTIONAL_TABLES = (schema.CREDITS, schema.EPISODES, schema.PERSONS)


class Accounts(NamedTuple):
    """The accounts of each source file's rows, and of TMDB's responses by kind.

    `files` is empty where the tables of the source files stayed as they were.
    """

    files: list[FileAccount]
    responses: list[ResponseAccount]


def build_trusted(tables: Tables, settings: Settings) -> Accounts:
    """Clean and type Raw's newest files and responses; `QualityError` where too much is bad.

    Where files, options and code are those of the tables there are, only responses are read.
    """
    with tables.step({PROPERTY: step_inputs("trusted", settings)}):
        files_up_to_date = not settings.force and are_file_tables_up_to_date(settings)
        cleaned = None if files_up_to_date else _clean_files(tables, settings)
        with ThreadPoolExecutor(1) as pool:
            parsing = pool.submit(_checked_responses, tables, settings)
            titles = tables.stage(schema.TITLES, cleaned.titles) if cleaned else None
            responses, response_accounts = parsing.result()
        titles = titles or tables.read(schema.TITLES)
        file_tables = cleaned.tables if cleaned else {}
        at_once = _PARALLEL_RESPONSE_TABLES if files_up_to_date else 1
        tables.stage_all({**file_tables, **_tmdb_tables(responses, titles, settings)}, at_once)
        accounts = _stage_later_tables(tables, cleaned, settings) if cleaned else []
        last_tables = {schema.QUARANTINE: _quarantine(tables, responses, cleaned, accounts)}
        if cleaned:
            last_tables |= {schema.RECONCILIATION: _reconciliation(accounts, titles)}
            last_tables |= _empty_tables(tables)
        tables.stage_all(last_tables)
    return Accounts(accounts, response_accounts)


def _clean_files(tables: Tables, settings: Settings) -> Cleaned:
    """What the newest files say."""
    lake = settings.lake
    source = source_of_lake(lake, settings.day)
    files = [newest_source_file(lake, spec, settings.day) for spec in source.files]
    read = partial(read_lines, tables.spark, lake)
    cleaned: Cleaned = source.spark_module().clean(files, read, TitleTypes.from_settings(settings))
    return cleaned


def _stage_later_tables(tables: Tables, cleaned: Cleaned, settings: Settings) -> list[FileAccount]:
    """Stage the files' later tables; the accounts, once they are checked."""
    for later in cleaned.later:
        tables.stage_all(later(tables.staged), cleaned.at_once)
    accounts = cleaned.accounts()
    _check_complete(accounts, tables)
    _check_bad_share(accounts, cleaned, settings)
    _check_dangling_share(accounts, settings.max_dangling_share)
    return accounts


def _checked_responses(
    tables: Tables, settings: Settings
) -> tuple[DataFrame, list[ResponseAccount]]:
    """Raw's responses and their accounts; `QualityError` where too many are bad."""
    responses = _responses(tables, settings)
    accounts = account_for(responses)
    check_responses(accounts, settings.max_bad_share)
    return responses, accounts


def _quarantine(
    tables: Tables,
    responses: DataFrame,
    cleaned: Cleaned | None,
    accounts: Sequence[FileAccount],
) -> DataFrame:
    """Rejected responses, and the files' rejected rows; those of files not read again are kept."""
    quarantined = parse.quarantined(responses)
    if cleaned is None:
        rejected = tables.read(schema.QUARANTINE).where(F.col("source") != parse.SOURCE)
        quarantined = quarantined.unionByName(rejected)
    elif any(account.quarantined for account in accounts):
        quarantined = quarantined.unionByName(cleaned.rejected())
    return quarantined.coalesce(1)


def _empty_tables(tables: Tables) -> dict[Table, DataFrame]:
    """The tables that only other sources fill."""
    no_rows = tables.spark.range(0)  # a local list would start a Python worker
    return {
        table: no_rows.select(*(F.lit(None).cast(c.type).alias(c.name) for c in table.columns))
        for table in _OPTIONAL_TABLES
        if not tables.is_staged(table)
    }


def _check_complete(accounts: Sequence[FileAccount], tables: Tables) -> None:
    """No row vanishes between a file and its table; else `QualityError`."""
    for account in accounts:
        key, rows = account.file.key, account.file.rows
        if account.read != rows:
            raise QualityError(f"{key}: {account.read} rows read, {rows} in the manifest")
        if account.accounted != rows:
            raise QualityError(f"{key}: {rows} rows read, {account.accounted} accounted for")
    expected_rows = Counter[Table]()
    for account in accounts:
        if account.table:
            expected_rows[account.table] += account.trusted
    for table, expected in expected_rows.items():
        if (written := tables.staged_rows(table)) != expected:
            raise QualityError(
                f"{table.layer}.{table.name}: {written} rows written, not {expected}"
            )


def _check_bad_share(accounts: Sequence[FileAccount], cleaned: Cleaned, settings: Settings) -> None:
    """Few rows of each file are bad; else `QualityError` with the reasons, nothing published."""
    refusals = [
        f"{account.file.key}: {account.quarantined} of {account.file.rows} rows are bad, more than"
        f" --max-bad-share {settings.max_bad_share:g}; nothing was published"
        + explain_refusal(settings.lake, account.file, cleaned.rejected())
        for account in accounts
        if account.quarantined > settings.max_bad_share * account.file.rows
    ]
    if refusals:
        raise QualityError("\n".join(refusals))


def _check_dangling_share(accounts: Sequence[FileAccount], max_share: float) -> None:
    """Few rows of each file name what has no row; else `QualityError`, nothing published.

    Files that are some days apart have a few; more are of another edition, or one was cut.
    """
    for account in accounts:
        dangling, rows = account.other.get("dangling_rows", 0), account.file.rows
        if dangling > max_share * rows:
            raise QualityError(
                f"{account.file.key}: {dangling} of {rows} rows name a title or person without a"
                f" row, more than --max-dangling-share {max_share:g}; nothing was published: are"
                " all files of about one day?"
            )


def _reconciliation(accounts: Sequence[FileAccount], titles: DataFrame) -> DataFrame:
    """One row per source file; from literals, for a local list would start a Python worker."""
    counts = titles.groupBy("snapshot").count().collect()
    by_file = {row["snapshot"]: row["count"] for row in counts}
    rows = [
        titles.sparkSession.range(1).select(
            F.lit(account.file.spec.name).alias("source"),
            F.lit(account.file.id).alias("snapshot"),
            F.lit(account.file.day).alias("day"),
            *(
                F.lit(count).cast("long").alias(name)
                for name, count in _row_counts(account, by_file.get(account.file.id, 0)).items()
            ),
            F.lit(account.file.contents.made_up).alias("made_up"),
        )
        for account in accounts
    ]
    return reduce(DataFrame.unionByName, rows).coalesce(1)


def _row_counts(account: FileAccount, titles: int) -> dict[str, int]:
    """The account as columns of Trusted.reconciliation; 0 in columns that its source lacks."""
    counts = {
        "raw_rows": account.file.rows,
        "trusted_rows": account.trusted,
        "exact_duplicates": account.duplicates,
        "quarantined_rows": account.quarantined,
        "dangling_ids": account.dangling_ids,
        "titles": titles,
        **account.other,
    }
    longs = (column.name for column in schema.RECONCILIATION.columns if column.type == "long")
    return {name: counts.get(name, 0) for name in longs}


def _responses(tables: Tables, settings: Settings) -> DataFrame:
    """One row per TMDB response in Raw, of the run's day or before; cached."""
    keys = response_files(settings.lake, settings.day)
    raw = read_json_lines(tables.spark, settings.lake, keys, parse.LINE, parse.CORRUPT)
    responses = parse.parse_responses(raw).persist()
    if responses.where(F.col(parse.CORRUPT).isNotNull()).isEmpty():
        return responses
    return parse.reread_corrupt(responses).persist()


def _tmdb_tables(
    responses: DataFrame, titles: DataFrame, settings: Settings
) -> dict[Table, DataFrame]:
    found = tmdb.found_titles(responses, titles)
    genres = F.array(*map(F.lit, settings.genres))
    in_scope = titles.where(F.arrays_overlap("genres", genres))
    return {
        schema.TMDB_TITLES: tmdb.tmdb_titles(found).hint("rebalance"),
        schema.TMDB_CREDITS: tmdb.tmdb_credits(found),
        schema.TMDB_SEASONS: tmdb.tmdb_seasons(found),
        schema.TMDB_COVERAGE: tmdb.tmdb_coverage(responses, in_scope).coalesce(1),
    }
