"""Which source a folder and a lake are of: one line where there are two, and --format decides."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from support.dataset_files import write_datasets
from support.enriched import Fickle
from support.source_files import DAY, put_source_file, write_source

from datalake.cli.main import cli
from datalake.core.errors import InputError, LakeError, SettingsError
from datalake.core.lake import Lake
from datalake.core.options import FORMATS
from datalake.core.settings import load_settings
from datalake.enrichment.run import enrich
from datalake.pipeline.up_to_date import describe_inputs
from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.raw import FILES
from datalake.sources.ingestion import ingest
from datalake.sources.registry import SOURCES
from datalake.sources.source_of_lake import source_of_lake

LATER = DAY + timedelta(days=3)


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "lake"))


@pytest.fixture
def csv(tmp_path):
    return write_source(tmp_path / "csv")


@pytest.fixture
def datasets(tmp_path):
    return write_datasets(tmp_path / "imdb")


def name_of(lake, until=None):
    return source_of_lake(lake, until).name


def silent_ingest(lake, folder, day, name=None):
    return ingest(lake, folder, day, source_name=name, tell=lambda line: None)


def test_the_formats_are_the_sources():
    assert tuple(source.name for source in SOURCES) == FORMATS


def test_a_folder_s_files_tell_its_source(lake, csv, datasets, tmp_path):
    ingest(lake, datasets, DAY)
    assert name_of(lake) == "imdb-datasets"
    ingest(other := Lake(str(tmp_path / "other")), csv, DAY)
    assert name_of(other) == "imdb-csv"


def test_a_folder_with_both_kinds_asks_for_the_format(lake, csv):
    write_datasets(csv)
    with pytest.raises(InputError, match=r"csv: holds files of imdb-csv and imdb-datasets; .*--fo"):
        ingest(lake, csv, DAY)
    ingest(lake, csv, DAY, source_name="imdb-datasets")
    assert name_of(lake) == "imdb-datasets"


def test_a_folder_with_neither_names_both(lake, tmp_path):
    with pytest.raises(InputError, match=r"no movies\.csv and series\.csv or title\.basics.*there"):
        ingest(lake, tmp_path, DAY)


def test_a_format_that_is_none_is_named(lake, csv):
    with pytest.raises(SettingsError, match=r"--format tsv: no source; there are imdb-csv and imd"):
        ingest(lake, csv, DAY, source_name="tsv")


def test_a_lake_goes_on_with_another_source_only_where_told(lake, csv, datasets):
    ingest(lake, csv, DAY)
    before = lake.storage.list("Raw")
    with pytest.raises(LakeError, match=r"Raw: its titles are of imdb-csv; .* --format imdb-data"):
        ingest(lake, datasets, LATER)
    assert lake.storage.list("Raw") == before
    assert name_of(lake) == "imdb-csv"


def test_the_change_is_told_and_earlier_days_keep_their_source(lake, csv, datasets):
    ingest(lake, csv, DAY)
    words = ["ingest", "--lake", lake.root, "--source", str(datasets), "--day", str(LATER)]
    result = CliRunner().invoke(cli, [*words, "--format", "imdb-datasets"], catch_exceptions=False)
    assert (
        "  from 2026-01-13 on this lake's titles are of imdb-datasets, before of imdb-csv: the next"
        " run builds every table anew from it; earlier loads of fact_title stay\n"
    ) in result.output
    assert (name_of(lake), name_of(lake, LATER)) == ("imdb-datasets", "imdb-datasets")
    assert name_of(lake, LATER - timedelta(days=1)) == "imdb-csv"
    assert "movies.csv" in describe_inputs("trusted", load_settings(lake, day=DAY))
    assert "title.basics" in describe_inputs("trusted", load_settings(lake))


def test_it_changes_back_though_the_bytes_are_there_already(lake, csv, datasets):
    ingest(lake, csv, DAY)
    silent_ingest(lake, datasets, LATER, "imdb-datasets")
    assert not any(one.new for one in silent_ingest(lake, csv, LATER, "imdb-csv"))
    assert name_of(lake) == "imdb-csv"
    assert ingest(lake, csv, LATER)[0].file.day == DAY  # needs no word from now on
    with pytest.raises(LakeError, match=r"its titles are of imdb-csv"):
        ingest(lake, datasets, LATER)


def test_a_change_killed_in_the_middle_leaves_the_earlier_source(lake, csv, datasets):
    ingest(lake, csv, DAY)

    def die(what, *_):
        if what == "store title.crew.tsv.gz":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(lake, datasets, LATER, die, "imdb-datasets")
    assert name_of(lake) == "imdb-csv"
    silent_ingest(lake, datasets, LATER, "imdb-datasets")
    assert name_of(lake) == "imdb-datasets"


def test_a_lake_with_two_sources_and_no_choice_asks_for_one(lake, datasets):
    ingest(lake, datasets, DAY)
    put_source_file(lake, FILES[Kind.MOVIE], DAY, "id|genero\n")
    message = r"Raw: holds files of imdb-csv and imdb-datasets; choose one by: .* --format NAME"
    with pytest.raises(LakeError, match=message):
        source_of_lake(lake)
    with pytest.raises(LakeError, match=message):
        enrich(lake, Fickle(), ("Crime",))
    silent_ingest(lake, datasets, DAY, "imdb-datasets")
    assert name_of(lake) == "imdb-datasets"


@pytest.mark.parametrize("text", ["", "[]", '{"2026-01-10": "toy"}', '{"x": "imdb-csv"}'])
def test_a_damaged_choice_is_named(lake, csv, text):
    ingest(lake, csv, DAY)
    with lake.storage.create("Raw/Source/chosen.json") as file:
        file.write(text.encode())
    with pytest.raises(LakeError, match=r"chosen\.json: damaged; delete it, and choose again"):
        source_of_lake(lake)
