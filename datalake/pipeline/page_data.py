"""The lake's tables → what the page shows."""

from collections import Counter
from datetime import UTC, datetime

from datalake.pipeline.person_names import resolve_names
from datalake.pipeline.population import fetch_population, newest_facts
from datalake.questions.charts import chart_data
from datalake.questions.registry import ANSWERS, QUESTIONS, TABLES
from datalake.report.data import PageData
from datalake.schemas.query import Query
from datalake.schemas.table import Row, Table
from datalake.schemas.trusted import RECONCILIATION, TMDB_COVERAGE

REASONS = 200
"""At most so many reasons for quarantine are on the page, the most frequent first."""


def gather_page_data(query: Query, version: str) -> PageData:
    """The page's data from the lake's tables; of the facts, the newest load counts."""
    population = fetch_population(query)
    columns = chart_data(population, [question.charts for question in QUESTIONS])
    return PageData(
        answers={table.name: _rows(query, table) for table in ANSWERS},
        chart_data=resolve_names(columns, query),
        genres=population.scope,
        reconciliation=_rows(query, RECONCILIATION),
        quarantine=_quarantine_reasons(query),
        coverage=_rows(query, TMDB_COVERAGE),
        steps=_titles_by_step(query),
        row_counts=_row_counts(query),
        load_date=query("select max(load_date) from {fact_title}").rows[0][0],
        tmdb_fetched_at=_newest_response(query),
        has_tmdb=population.has_tmdb,
        version=version,
    )


def _rows(query: Query, table: Table) -> list[Row]:
    """The table's rows without timestamps, whose time zone is each engine's, by its key."""
    names = ", ".join(column.name for column in table.columns if column.type != "timestamp")
    key = ", ".join(f"{name} nulls first" for name in table.key)
    return query(f"select {names} from {{{table.name}}} order by {key}").as_dicts()


def _row_counts(query: Query) -> dict[str, int]:
    """How many rows each table of the lake has."""
    counts = " union all ".join(
        f"select '{table.layer}.{table.name}', count(*) from {{{table.name}}}" for table in TABLES
    )
    return dict(query(counts).rows)


def _quarantine_reasons(query: Query) -> list[Row]:
    """One row per source × reason; a row with several reasons counts for each."""
    counts = Counter[tuple[str, str]]()
    grouped = "select source, reasons, count(*) from {quarantine} group by source, reasons"
    for source, reasons, count in query(grouped).rows:
        for reason in reasons or ():
            without_value = ": ".join(reason.split(": ")[:2])  # of a lost field
            counts[source, without_value] += count
    most_frequent = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:REASONS]
    return [
        {"source": source, "reason": reason, "rows": n} for (source, reason), n in most_frequent
    ]


def _titles_by_step(query: Query) -> list[Row]:
    """One row per kind: how many titles are left at each step."""
    steps = {
        "in_scope": "true",
        "found": "tmdb_id is not null",
        "rated": "imdb_rating is not null and tmdb_rating is not null",
        "budgeted": "budget is not null",
        "rated_by_imdb": "imdb_rating is not null",
    }
    counts = (f"count_if(in_scope and {holds}) as {name}" for name, holds in steps.items())
    return query(
        f"select kind, count(*) as titles, {', '.join(counts)} from {{dim_title}}"
        f" join {newest_facts(query)} using (title_key)"
        " where title_key <> 0 group by kind order by kind"
    ).as_dicts()


def _newest_response(query: Query) -> datetime | None:
    # As text: fetched timestamps come in the time zone of this machine.
    newest = "select cast(max(fetched_at) as string) from {tmdb_titles}"
    ((text,),) = query(newest).rows
    return None if text is None else datetime.fromisoformat(text[:19]).replace(tzinfo=UTC)
