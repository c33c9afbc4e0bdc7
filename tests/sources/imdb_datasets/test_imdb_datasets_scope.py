"""Ids in scope of title.basics: by type, genre and day, from the list that ingest wrote."""

import gzip
import re
import tracemalloc
from contextlib import nullcontext
from datetime import timedelta

import pytest
from support.dataset_files import write_datasets
from support.enriched import Fickle
from support.local_s3 import s3_root
from support.source_files import DAY, content, line, write_source

from datalake.core.errors import LakeError, SettingsError
from datalake.core.lake import Lake
from datalake.core.options import FILM_TYPES, SERIES_TYPES
from datalake.core.settings import load_settings
from datalake.enrichment.run import EnrichOptions, enrich
from datalake.schemas.kinds import Kind
from datalake.schemas.title_types import TitleTypes
from datalake.sources.imdb_datasets.lines import TITLE_ID
from datalake.sources.imdb_datasets.raw import BASICS
from datalake.sources.imdb_datasets.scope import ids_in_scope
from datalake.sources.ingestion import ingest
from datalake.sources.source_file import newest_source_file

GENRES = ("Crime", "War")


def row(title_id, title_type="movie", genres="Crime", title="A"):
    return f"{title_id}\t{title_type}\t{title}\t{title}\t0\t1999\t\\N\t90\t{genres}"


BASICS_ROWS = [
    row("tt0000001"),
    row("tt0000002", genres="Comedy,War"),
    row("tt0000003", genres="Comedy"),
    row("tt0000004", genres=r"\N"),
    row("tt0000005", "tvSeries"),
    row("tt0000006", "tvMiniSeries", "War"),
    row("tt0000007", "tvMovie"),
    row("tt0000008", "tvEpisode"),
    # Sorted as text: eight digits before seven.
    row("tt10000000"),
    row("tt1000001", title='"Nothing closes this'),
    row("tt1000002", title='Quotes "within" it'),
    row("tt1000003") + "\tone cell more",
    "tt1000004\tmovie\tone cell less",
    row("1000005"),
    row("tt1000006", genres=r"Crime \N"),
]


@pytest.fixture
def lake(tmp_path):
    lake = Lake(str(tmp_path / "lake"))
    ingest(lake, write_datasets(tmp_path / "imdb", {BASICS: BASICS_ROWS}), DAY)
    return lake


def test_listing_ids_shows_its_progress(tmp_path):
    lake, reports = Lake(str(tmp_path / "lake")), []
    ingest(
        lake,
        write_datasets(tmp_path / "imdb", {BASICS: BASICS_ROWS}),
        DAY,
        lambda *report: reports.append(report),
    )
    size = newest_source_file(lake, BASICS).contents.size
    assert ("list ids of title.basics.tsv.gz", size, size, "B") in reports


def test_films_and_series_in_scope_in_the_file_s_order(lake):
    assert list(ids_in_scope(lake, Kind.MOVIE, GENRES)) == [
        *("tt0000001", "tt0000002", "tt10000000", "tt1000001", "tt1000002"),
    ]
    assert list(ids_in_scope(lake, Kind.SERIES, GENRES)) == ["tt0000005", "tt0000006"]


def test_which_types_are_films_and_series_is_a_setting(lake):
    types = TitleTypes(FILM_TYPES.parse("tvMovie"), SERIES_TYPES.parse("tvMiniSeries"))
    assert list(ids_in_scope(lake, Kind.MOVIE, GENRES, None, types)) == ["tt0000007"]
    assert list(ids_in_scope(lake, Kind.SERIES, GENRES, None, types)) == ["tt0000006"]
    client = Fickle()
    enrich(lake, client, GENRES, options=EnrichOptions(title_types=types))
    assert sorted(client.asked) == ["tt0000006", "tt0000007"]


@pytest.mark.parametrize(
    ("films", "series", "message"),
    [
        ("film", "tvSeries", r"--film-types film: no type of titles.*; they are movie, short"),
        ("tvEpisode", "tvSeries", "--film-types tvEpisode: no type of titles"),
        ("movie,tvMovie", "tvMovie", r"--film-types movie,tvMovie: tvMovie is in --series-types"),
        (",", "tvSeries", r"--film-types ,: name at least one"),
    ],
)
def test_types_that_make_no_sense_are_named(tmp_path, films, series, message):
    with pytest.raises(SettingsError, match=message):
        TitleTypes.from_settings(
            load_settings(
                str(tmp_path),
                film_types=FILM_TYPES.parse(films),
                series_types=SERIES_TYPES.parse(series),
            )
        )


REPEATED = [  # not next to one another, nor alike
    row("tt0000001"),
    row("tt0000002", genres="Comedy"),
    row("tt0000003", genres="War"),
    row("tt0000001"),
    row("tt0000002", genres="Crime"),
    row("tt0000003", genres="Crime,War", title="B"),
    row("tt00000003"),  # the number 3 once more, but no id
    row("tt0000001", "tvSeries"),
]


def test_an_id_of_several_rows_is_named_once(tmp_path):
    lake = Lake(str(tmp_path / "lake"))
    ingest(lake, write_datasets(tmp_path / "imdb", {BASICS: REPEATED}), DAY)
    assert list(ids_in_scope(lake, Kind.MOVIE, GENRES)) == ["tt0000001", "tt0000003", "tt0000002"]
    assert list(ids_in_scope(lake, Kind.SERIES, GENRES)) == ["tt0000001"]


NO_IDS = [
    *("", "tt00001", "tt00000103", "tt0010000000", "nm0000001", "TT0000001", " tt0000001"),
    *("tt0000001 ", "tt00000x1", "tt\u0661\u0662\u0663\u0664\u0665\u0666\u0667", "tt" + 19 * "1"),
]


@pytest.mark.parametrize("title_id", NO_IDS)
def test_what_trusted_takes_for_no_id_is_in_no_scope(tmp_path, title_id):
    assert not re.search(TITLE_ID.replace(r"\z", r"\Z"), title_id, re.ASCII)
    lake = Lake(str(tmp_path / "lake"))
    rows = [row(title_id), row("tt0000001"), row("tt10000000"), row("tt" + 18 * "9")]
    ingest(lake, write_datasets(tmp_path / "imdb", {BASICS: rows}), DAY)
    expected = ["tt0000001", "tt10000000", "tt" + 18 * "9"]
    assert list(ids_in_scope(lake, Kind.MOVIE, GENRES)) == expected
    # Lists that were written when such an id was still let through.
    with lake.storage.create(newest_source_file(lake, BASICS).ids_key) as file:
        file.write(gzip.compress(f"{title_id}\tmovie\tCrime\ntt0000103\tmovie\tWar\n".encode()))
    assert list(ids_in_scope(lake, Kind.MOVIE, GENRES)) == ["tt0000103"]


# A set of them takes 25 MB; a client of S3 with its server 11, however long the list.
@pytest.mark.parametrize(("on_s3", "most_bytes"), [(False, 2e6), (True, 16e6)])
def test_ids_in_scope_take_a_bit_each(tmp_path, monkeypatch, on_s3, most_bytes):
    with s3_root(monkeypatch) if on_s3 else nullcontext(tmp_path) as root:
        lake = Lake(f"{root}/lake")
        rows = [row(f"tt{number:07}") for number in range(1, 300_001)]
        ingest(lake, write_datasets(tmp_path / "imdb", {BASICS: rows}), DAY)
        tracemalloc.start()
        try:
            count = sum(1 for _ in ids_in_scope(lake, Kind.MOVIE, GENRES))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert count == 300_000
    assert peak < most_bytes


def test_a_day_reads_what_was_there(lake, tmp_path):
    ingest(lake, write_datasets(tmp_path / "imdb"), DAY + timedelta(days=1))
    assert list(ids_in_scope(lake, Kind.MOVIE, GENRES)) == ["tt0000001"]
    assert len(list(ids_in_scope(lake, Kind.MOVIE, GENRES, DAY))) == 5
    with pytest.raises(LakeError, match=r"no title\.basics\.tsv\.gz of 2026-01-09 or before"):
        list(ids_in_scope(lake, Kind.MOVIE, GENRES, DAY - timedelta(days=1)))


def test_a_damaged_list_is_named(lake):
    key = newest_source_file(lake, BASICS).ids_key
    for data in (b"no gzip", gzip.compress(b"x" * 99)[:-4], gzip.compress(b"tt1\tmovie\n")):
        with lake.storage.create(key) as file:
            file.write(data)
        with pytest.raises(LakeError, match=r"ids\.tsv\.gz: damaged; delete it and the manif"):
            list(ids_in_scope(lake, Kind.MOVIE, GENRES))
    lake.storage.delete(key)
    with pytest.raises(LakeError, match=r"ids\.tsv\.gz: No such file"):
        list(ids_in_scope(lake, Kind.MOVIE, GENRES))


def test_it_is_the_same_on_s3(tmp_path, monkeypatch):
    rows = [row(f"tt{number:07}") for number in range(1, 50_001)]
    folder = write_datasets(tmp_path / "imdb", {BASICS: rows})
    with s3_root(monkeypatch) as root:
        ingest(lake := Lake(root), folder, DAY)
        assert len(list(ids_in_scope(lake, Kind.MOVIE, GENRES))) == 50_000


def test_titles_that_tmdb_told_of_are_not_asked_again_when_the_source_changes(tmp_path):
    lake, client = Lake(str(tmp_path / "lake")), Fickle()
    films = content(Kind.MOVIE, *(line(id=f"tt000000{n}") for n in (1, 2)))
    ingest(lake, write_source(tmp_path / "csv", films), DAY)
    enrich(lake, client, GENRES)
    assert sorted(client.asked) == ["tt0000001", "tt0000002", "tt0000900"]
    folder = write_datasets(tmp_path / "imdb", {BASICS: BASICS_ROWS})
    ingest(lake, folder, DAY, source_name="imdb-datasets", tell=lambda line: None)
    client = Fickle()
    enrich(lake, client, GENRES)
    assert sorted(client.asked) == [
        *("tt0000005", "tt0000006", "tt10000000", "tt1000001", "tt1000002"),
    ]
