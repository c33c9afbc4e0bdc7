"""Persons of IMDb's datasets, from files to star: an id is a person, whatever its name."""

from datetime import timedelta

import pytest
from support.dataset_files import write_datasets
from support.lakes import answer, answered, rows_of, settings_at, tables_of
from support.source_files import DAY

from datalake.pipeline.refined import build_refined
from datalake.pipeline.trusted import build_trusted
from datalake.schemas.refined import DIM_PERSON, DIM_TITLE, FACT_CREDIT
from datalake.schemas.trusted import PERSONS, QUARANTINE
from datalake.sources.imdb_datasets.raw import BASICS, CREW, NAMES, PRINCIPALS
from datalake.sources.ingestion import ingest

CREDITED = {  # by title: whom IMDb credits, and whom TMDB does
    "tt0000001": (["nm0000001"], []),
    "tt0000002": (["nm0000002"], [(11, "Ana")]),
    "tt0000003": (["nm0000001", "nm0000002"], [(11, "Ana")]),  # which of both is not said
    "tt0000004": (["nm0000003"], [(22, "Rui")]),
    "tt0000005": (["nm0000004"], [(22, "Rui")]),  # as if nm0000003 and nm0000004 were one
    "tt0000006": (["nm0000005"], [(33, "Eva Lima")]),
}
NAME_ROWS = [
    *(rf"nm000000{n}" + "\tAna\t1970\t\\N\tactress\t\\N" for n in (1, 2)),
    *(rf"nm000000{n}" + "\tRui\t1960\t\\N\tactor\t\\N" for n in (3, 4)),
    "nm0000005\tEva Lima\t1980\t\\N\tactress\t\\N",
    "nm0000005\tEva\t1980\t\\N\tactress\t\\N",  # the same id, the first by its text
    "nm0000005\tAda\t1980",  # a bad row has no say, first or not
]
NO_CREW = "tt0000001\t\\N\t\\N"
RENAMED = [row.replace("Eva Lima", "Eva Lima Sá") for row in NAME_ROWS if "\tEva\t" not in row]


def built(settings, folder, day, names):
    """The tables of Trusted and Refined, once that day's files are in."""
    basics = [f"{title}\tmovie\tA\tA\t0\t1999\t\\N\t90\tCrime" for title in CREDITED]
    principals = [
        f"{title}\t{place}\t{person}\tactor\t\\N\t\\N"
        for title, (persons, _) in CREDITED.items()
        for place, person in enumerate(persons, 1)
    ]
    rows = {BASICS: basics, PRINCIPALS: principals, CREW: [NO_CREW], NAMES: names}
    ingest(settings.lake, write_datasets(folder, rows), day)
    tables = tables_of(settings)
    build_trusted(tables, settings)
    build_refined(tables, settings)
    return tables


@pytest.fixture(scope="module")
def settings(spark, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ids") / "lake"
    settings = settings_at(folder, max_bad_share=1.0, max_dangling_share=1.0)
    for title, (_, people) in CREDITED.items():
        cast = [{"id": number, "name": name, "order": 0} for number, name in people]
        answered(settings.lake, answer(title, credits={"cast": cast, "crew": []}), name=title)
    return settings


@pytest.fixture(scope="module")
def tables(settings, tmp_path_factory):
    return built(settings, tmp_path_factory.mktemp("source"), DAY, NAME_ROWS)


def persons(tables):
    """Name, birth year and TMDB's id of each person of the star, by IMDb's id, else TMDB's."""
    rows = [row for row in rows_of(tables, DIM_PERSON) if row["person_key"] != 0]
    found = {
        row["person_id"] or row["tmdb_person_id"]: (
            *(row["name"], row["birth_year"]),
            row["tmdb_person_id"],
        )
        for row in rows
    }
    assert len(found) == len(rows)
    return found


def test_two_ids_of_one_name_and_birth_year_stay_two_persons(tables):
    assert persons(tables) == {
        "nm0000001": ("Ana", 1970, None),
        "nm0000002": ("Ana", 1970, 11),  # tt0000002 says so, and no title otherwise
        "nm0000003": ("Rui", 1960, None),  # this or nm0000004: so TMDB's is neither
        "nm0000004": ("Rui", 1960, None),
        22: ("Rui", None, 22),
        "nm0000005": ("Eva", 1980, None),  # TMDB calls her by the other name
        33: ("Eva Lima", None, 33),
    }


def test_each_of_them_has_the_credits_of_its_id(tables):
    titles = {row["title_key"]: row["title_id"] for row in rows_of(tables, DIM_TITLE)}
    ids = {
        row["person_key"]: row["person_id"] or row["tmdb_person_id"]
        for row in rows_of(tables, DIM_PERSON)
    }
    credits = [
        (titles[row["title_key"]], ids[row["person_key"]], row["on_imdb"], row["on_tmdb"])
        for row in rows_of(tables, FACT_CREDIT)
    ]
    assert sorted(credits, key=str) == [
        ("tt0000001", "nm0000001", True, False),
        ("tt0000002", "nm0000002", True, True),
        ("tt0000003", "nm0000001", True, False),
        ("tt0000003", "nm0000002", True, True),
        ("tt0000004", "nm0000003", True, False),
        ("tt0000004", 22, False, True),
        ("tt0000005", "nm0000004", True, False),
        ("tt0000005", 22, False, True),
        ("tt0000006", "nm0000005", True, False),
        ("tt0000006", 33, False, True),
    ]


def test_of_two_names_of_an_id_the_first_by_its_row_s_text_is_kept(tables):
    names = [row["name"] for row in rows_of(tables, PERSONS) if row["person_id"] == "nm0000005"]
    assert names == ["Eva"]
    assert {row["line"]: row["reasons"] for row in rows_of(tables, QUARANTINE)} == {
        NAME_ROWS[4]: ["line: another row of this id is kept"],
        NAME_ROWS[6]: ["line: wrong number of columns"],
    }


@pytest.mark.slow
def test_of_two_loads_the_newer_name_is_kept(settings, tables, tmp_path):
    keys = {row["person_id"]: row["person_key"] for row in rows_of(tables, DIM_PERSON)}
    later = built(settings, tmp_path, DAY + timedelta(days=1), RENAMED)
    assert persons(later)["nm0000005"] == ("Eva Lima Sá", 1980, None)
    assert [row["name"] for row in rows_of(later, PERSONS) if "Eva" in row["name"]] == [
        "Eva Lima Sá"
    ]
    rows = {row["person_id"]: row["person_key"] for row in rows_of(later, DIM_PERSON)}
    assert rows["nm0000005"] == keys["nm0000005"]
