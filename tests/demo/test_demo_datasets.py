"""The made-up sample as IMDb's datasets: the real files' format and oddities, the same truths."""

import gzip
import json
from collections import Counter, defaultdict
from statistics import fmean, median

import pytest
from scipy.stats import theilslopes
from support.demo_files import read_bodies, read_csv, read_tsv

from datalake.demo.sample import write_sample

HEADERS = {
    "title.basics.tsv.gz": "tconst titleType primaryTitle originalTitle isAdult startYear endYear"
    " runtimeMinutes genres",
    "title.ratings.tsv.gz": "tconst averageRating numVotes",
    "title.principals.tsv.gz": "tconst ordering nconst category job characters",
    "title.crew.tsv.gz": "tconst directors writers",
    "title.episode.tsv.gz": "tconst parentTconst seasonNumber episodeNumber",
    "name.basics.tsv.gz": "nconst primaryName birthYear deathYear primaryProfession knownForTitles",
}
NULL = r"\N"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_sample(tmp_path_factory.mktemp("tsv"), source_format="imdb-datasets").folder


@pytest.fixture(scope="module")
def files(folder):
    return {name.partition(".tsv")[0]: read_tsv(folder / name) for name in HEADERS}


@pytest.fixture(scope="module")
def basics(files):
    return {row["tconst"]: row for row in files["title.basics"]}


@pytest.fixture(scope="module")
def csv_folder(tmp_path_factory):
    return write_sample(tmp_path_factory.mktemp("csv")).folder


def test_headers_are_imdb_s(folder):
    for name, header in HEADERS.items():
        text = gzip.decompress((folder / name).read_bytes())
        assert text.split(b"\n", 1)[0].decode() == header.replace(" ", "\t")
        assert text.endswith(b"\n")
        assert b"\r" not in text
        assert (folder / name).read_bytes()[4:8] == bytes(4), "no time in the gzip"


@pytest.mark.parametrize(
    ("file", "key"),
    [
        ("title.basics", ["tconst"]),
        ("title.ratings", ["tconst"]),
        ("title.principals", ["tconst", "ordering"]),
        ("title.crew", ["tconst"]),
        ("title.episode", ["tconst"]),
        ("name.basics", ["nconst"]),
    ],
)
def test_rows_have_a_key_and_are_sorted_by_id_as_text(files, file, key):
    rows = files[file]
    assert len({tuple(row[name] for name in key) for row in rows}) == len(rows)
    ids = [row[key[0]] for row in rows]
    assert ids == sorted(ids)
    assert {len(text) for text in ids} == ({10} if file == "title.episode" else {9, 10})


def test_films_and_series_are_those_of_the_csv_files(basics, files, csv_folder):
    ratings = {
        row["tconst"]: (row["averageRating"], row["numVotes"]) for row in files["title.ratings"]
    }
    for file, types in (("movies.csv", {"movie"}), ("series.csv", {"tvSeries", "tvMiniSeries"})):
        for row in read_csv(csv_folder / file):
            title = basics[row["id"]]
            assert title["titleType"] in types
            assert title["primaryTitle"] == row["tituloPincipal"]
            assert title["startYear"] == row["anoLancamento"]
            assert title["endYear"] == row.get("anoTermino", NULL)
            assert title["runtimeMinutes"] == row["tempoMinutos"]
            assert title["genres"] == row["genero"]
            assert ratings[row["id"]] == (row["notaMedia"], row["numeroVotos"])


def test_tmdb_answers_as_it_does_on_the_csv_files(folder, csv_folder):
    assert read_bodies(folder) == read_bodies(csv_folder)


def test_the_csv_files_artists_come_first_under_their_ids(files, csv_folder):
    names = {row["nconst"]: row["primaryName"] for row in files["name.basics"]}
    actors = defaultdict(list)
    for row in files["title.principals"]:
        if row["category"] in ("actor", "actress"):
            actors[row["tconst"]].append(names[row["nconst"]])
    expected = defaultdict(dict)
    for row in read_csv(csv_folder / "movies.csv"):
        expected[row["id"]][row["nomeArtista"], row["anoNascimento"]] = row["nomeArtista"]
    assert sum(actors[title] == list(cast.values()) for title, cast in expected.items()) > 2_000


def test_other_types_and_unrated_titles_are_there(basics, files):
    types = Counter(row["titleType"] for row in basics.values())
    assert types["tvEpisode"] > sum(types.values()) * 0.7
    assert {"short", "video", "tvMovie", "tvSpecial", "videoGame", "tvMiniSeries"} < types.keys()
    rated = {row["tconst"] for row in files["title.ratings"]}
    assert any(row["titleType"] == "movie" and key not in rated for key, row in basics.items())
    assert {row["isAdult"] for row in basics.values()} == {"0", "1"}


def test_oddities_of_the_real_files_are_there(basics, files):
    principals, crew = files["title.principals"], files["title.crew"]
    names = {row["nconst"]: row["primaryName"] for row in files["name.basics"]}
    titles = [row["primaryTitle"] for row in basics.values()]
    assert any(title.count('"') % 2 for title in titles), "a quote that never closes"
    assert NULL in titles
    assert NULL in names.values()
    assert any(row["nconst"] not in names for row in principals), "a dangling person"
    assert any(row["tconst"] not in basics for row in crew), "crew without a title"
    assert any(row["tconst"] not in basics for row in files["title.episode"])
    assert any(row["parentTconst"] not in basics for row in files["title.episode"])
    assert any(row["seasonNumber"] == NULL for row in files["title.episode"])
    assert any(len(row["job"]) > 255 and '"' in row["job"] for row in principals)
    characters = [json.loads(row["characters"]) for row in principals if row["characters"] != NULL]
    assert any(len(played) > 1 for played in characters)
    assert any('"' in character for played in characters for character in played)
    people = [(row["tconst"], row["nconst"]) for row in principals]
    assert len(set(people)) < len(people), "a person twice on a title"
    directors = {
        (row["tconst"], row["nconst"]) for row in principals if row["category"] == "director"
    }
    in_crew = {
        (row["tconst"], person)
        for row in crew
        for person in row["directors"].split(",")
        if row["directors"] != NULL
    }
    assert directors < in_crew, "crew completes the directors"


def trend(points):
    """Theil-Sen slope of the yearly medians, per decade."""
    years = defaultdict(list)
    for year, value in points:
        years[int(year)].append(value)
    return 10 * theilslopes([median(values) for values in years.values()], list(years)).slope


def test_trends_are_planted_without_tmdb(basics, files):
    films = [row for row in basics.values() if row["titleType"] == "movie"]
    known = [row for row in films if NULL not in (row["startYear"], row["runtimeMinutes"])]
    lengths = [(row["startYear"], int(row["runtimeMinutes"])) for row in known]
    assert trend(lengths) == pytest.approx(4, abs=1)
    seasons = defaultdict(list)
    for row in files["title.episode"]:
        if (
            row["tconst"] in basics
            and row["parentTconst"] in basics
            and row["seasonNumber"] != NULL
        ):
            seasons[row["parentTconst"], row["seasonNumber"]].append(
                basics[row["tconst"]]["startYear"]
            )
    found = trend([(min(years), len(years)) for years in seasons.values()])
    assert found == pytest.approx(-2, abs=0.5)


def test_the_best_director_and_creators_are_planted_without_tmdb(basics, files):
    rating = {row["tconst"]: float(row["averageRating"]) for row in files["title.ratings"]}
    names = {row["nconst"]: row["primaryName"] for row in files["name.basics"]}
    films = defaultdict(list)
    for row in files["title.crew"]:
        title = basics.get(row["tconst"])
        if title and {"Crime", "War"} & set(title["genres"].split(",")) and row["tconst"] in rating:
            for person in row["directors"].split(",") if row["directors"] != NULL else ():
                films[person].append(rating[row["tconst"]])
    assert names[max((p for p in films if len(films[p]) > 2), key=lambda p: fmean(films[p]))] == (
        "Marina Falcão"
    )
    creators = Counter(
        row["nconst"]
        for row in files["title.principals"]
        if row["job"] in ("creator", "created by")
    )
    assert sum(count >= 3 for count in creators.values()) >= 10


def test_the_same_arguments_write_the_same_bytes_and_another_seed_others(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_sample(tmp_path / name, 200, seed, source_format="imdb-datasets")
    for file in HEADERS:
        a, b, c = ((tmp_path / name / file).read_bytes() for name in "abc")
        assert a == b != c


def test_counts_are_those_of_the_files(tmp_path):
    sample = write_sample(tmp_path, titles=101, source_format="imdb-datasets")
    assert {file: len(read_tsv(tmp_path / file)) for file in HEADERS} == sample.rows


def test_a_sample_of_one_title(tmp_path):
    write_sample(tmp_path, titles=1, source_format="imdb-datasets")
    assert {row["titleType"] for row in read_tsv(tmp_path / "title.basics.tsv.gz")} >= {"movie"}
