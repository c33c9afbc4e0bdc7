"""Lines of Raw with odd bodies, all in one read of Spark, each against plain Python."""

import gzip
from datetime import UTC, datetime
from random import Random

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from pyspark.sql import functions as F
from support.damage import damaged
from support.lakes import settings_at, tables_of
from support.odd_bodies import FILM, SHOW, documented_bodies, mutated
from support.source_files import DAY
from support.tmdb_oracle import ANY, Reading

from datalake.enrichment.record import Entry, Record
from datalake.schemas.kinds import Kind
from datalake.sources.tmdb.outcome import Outcome
from datalake.sources.tmdb.parse import CORRUPT, LINE, parse_responses, reread_corrupt
from datalake.sources.tmdb.raw import tmdb_folder
from datalake.sources.tmdb.tables import tmdb_credits, tmdb_seasons, tmdb_titles
from datalake.spark.readers import read_json_lines

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
BODIES = settings().max_examples  # a hundred, or ten thousand in `make fuzz`
NO_OBJECTS = (b"[]", b"[{}, {}]", b"[[]]", b"\xef\xbb\xbf", b" 1", b'"', b"\0")
DOCUMENTED = documented_bodies() or (FILM, SHOW)
once = settings(
    max_examples=1,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def id_of(number):
    return f"tt{number:07d}"


def odd_bodies(chance, count):
    """Bodies of films and series with one to three odd things in each; by number, with the kind."""
    bodies = {}
    for number in range(1, count + 1):
        film, show = chance.choice(((FILM, SHOW), DOCUMENTED[:2]))
        kind, body = chance.choice(((Kind.MOVIE, film), (Kind.SERIES, show)))
        bodies[number] = kind, mutated(body, chance)
    return bodies


def to_line(number, kind, body):
    return Record(kind, Entry(id_of(number), number, Outcome.FOUND, NOW), body).to_line()


def read(tables, lines):
    """The lines as Spark reads them from one file of Raw, odd values field by field."""
    lake, key = tables.lake, f"{tmdb_folder(Kind.MOVIE, DAY)}/part.jsonl.gz"
    with lake.storage.create(key) as file:
        file.write(gzip.compress(b"".join(lines)))
    raw = read_json_lines(tables.spark, lake, [key], LINE, CORRUPT)
    return reread_corrupt(parse_responses(raw).persist()).persist()


def counts(frame):
    return {row["title_id"]: row["count"] for row in frame.groupBy("title_id").count().collect()}


@once
@given(seed=st.integers(0, 2**32))
@example(seed=1)
def test_odd_bodies_lose_what_is_odd_and_no_more(spark, tmp_path_factory, seed):
    tables = tables_of(settings_at(tmp_path_factory.mktemp("bodies")))
    bodies = odd_bodies(Random(seed), BODIES)
    responses = read(tables, [to_line(number, *body) for number, body in bodies.items()])
    titles = {row["title_id"]: row.asDict() for row in tmdb_titles(responses).collect()}
    credits, seasons = counts(tmdb_credits(responses)), counts(tmdb_seasons(responses))
    lost = {row["title_id"]: row["lost"] for row in responses.select("title_id", "lost").collect()}
    assert responses.where(F.col("reasons").isNotNull()).count() == 0
    for number, (kind, body) in bodies.items():
        title_id, reading = id_of(number), Reading(body, kind is Kind.MOVIE)
        expected, row = reading.title(), titles[title_id]
        actual = {name: ANY if value == ANY and row[name] else row[name]
                  for name, value in expected.items()}  # fmt: skip
        assert actual == expected, (seed, number, body)
        genres = row["genres"]
        assert (None if genres is None else len(genres)) == reading.genres(), (seed, number, body)
        assert credits.get(title_id, 0) == reading.credits(), (seed, number, body)
        assert seasons.get(title_id, 0) == reading.seasons(), (seed, number, body)
        assert bool(lost[title_id]) == bool(reading.lost), (number, lost[title_id], reading.lost)


@once
@given(seed=st.integers(0, 2**32))
@example(seed=1)
def test_each_damaged_line_counts_once(spark, tmp_path_factory, seed):
    tables, chance = tables_of(settings_at(tmp_path_factory.mktemp("lines"))), Random(seed)
    good = [to_line(number, *body) for number, body in odd_bodies(chance, BODIES).items()]
    bad = [damaged(line[:-1], chance).replace(b"\n", b"") for line in good]
    bad = [line + b"\n" for line in [*bad, *NO_OBJECTS] if line.strip() and len(line) < 20_000]
    responses = read(tables, bad)
    assert responses.count() == len(bad)
    rejected = responses.where(F.col("reasons").isNotNull())
    assert len(NO_OBJECTS) < rejected.count() < len(bad)
    assert rejected.where("newest").count() == 0
