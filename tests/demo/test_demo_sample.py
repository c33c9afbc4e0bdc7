"""The made-up sample: the source's format, its quirks, and the truth planted in it."""

import re
from collections import Counter, defaultdict

import pytest
from support.demo_files import read_bodies, read_csv

from datalake.core.errors import SettingsError
from datalake.demo.sample import BODIES_FILE, write_sample

MOVIES = (
    "id|tituloPincipal|tituloOriginal|anoLancamento|tempoMinutos|genero|notaMedia|numeroVotos"
    "|generoArtista|personagem|nomeArtista|anoNascimento|anoFalecimento|profissao"
    "|titulosMaisConhecidos"
)
SERIES = MOVIES.replace("anoLancamento", "anoLancamento|anoTermino")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_sample(tmp_path_factory.mktemp("sample")).folder


@pytest.fixture(scope="module")
def movies(folder):
    return read_csv(folder / "movies.csv")


@pytest.fixture(scope="module")
def series(folder):
    return read_csv(folder / "series.csv")


@pytest.fixture(scope="module")
def bodies(folder):
    return read_bodies(folder)


def by_title(rows):
    titles = defaultdict(list)
    for row in rows:
        titles[row["id"]].append(row)
    return titles


def test_headers_are_the_source_s_with_its_typo(folder):
    for file, header in (("movies.csv", MOVIES), ("series.csv", SERIES)):
        text = (folder / file).read_bytes()
        assert text.split(b"\n", 1)[0].decode() == header
        assert text.endswith(b"\n")
        assert b"\r" not in text


def test_one_row_per_title_and_artist_title_columns_alike(movies, series):
    for rows, title_columns in ((movies, 8), (series, 9)):
        for title in by_title(rows).values():
            assert len({tuple(row.values())[:title_columns] for row in title}) == 1
            assert 1 <= len(title) <= 11
    sizes = Counter(len(rows) for rows in by_title(movies).values())
    assert sizes.most_common(1)[0][0] == 4


@pytest.mark.parametrize(
    ("column", "low", "high"),
    [
        ("anoFalecimento", 0.6, 0.85),
        ("anoNascimento", 0.3, 0.46),
        ("personagem", 0.13, 0.19),
        ("tempoMinutos", 0.08, 0.14),
        ("genero", 0.02, 0.06),
        ("profissao", 0.003, 0.03),
    ],
)
def test_shares_of_unknown_are_like_the_source_s(movies, column, low, high):
    unknown = sum(row[column] in ("", r"\N") for row in movies) / len(movies)
    assert low < unknown < high


def test_every_value_is_valid(movies, series):
    for row in movies + series:
        assert re.fullmatch(r"tt\d{7,8}", row["id"])
        assert row["anoLancamento"] == r"\N" or 1894 <= int(row["anoLancamento"]) <= 2022
        assert 1.0 <= float(row["notaMedia"]) <= 10.0
        assert int(row["numeroVotos"]) >= 5
        assert row["tempoMinutos"] == r"\N" or 1 <= int(row["tempoMinutos"]) <= 43_200
        assert row["generoArtista"] in ("actor", "actress")
        genres = row["genero"].split(",")
        assert genres == sorted(set(genres))
        assert len(genres) <= 3
        ended = row.get("anoTermino", r"\N")
        assert ended == r"\N" or row["anoLancamento"] == r"\N" or ended >= row["anoLancamento"]
        if r"\N" not in (row["anoNascimento"], row["anoFalecimento"]):
            assert row["anoNascimento"] < row["anoFalecimento"]


def test_quirks_of_the_source_are_there(movies, series):
    rows = movies + series
    assert {len(row["id"]) for row in movies} == {len(row["id"]) for row in series} == {9, 10}
    assert 0 < len(rows) - len({tuple(row.values()) for row in rows}) < len(rows) / 100
    assert any(row["tituloPincipal"].count('"') % 2 for row in rows)
    assert any(row["tituloPincipal"].startswith('"') for row in rows)
    assert any(row["tituloPincipal"] != row["tituloOriginal"] for row in rows)
    assert any(not row["nomeArtista"].isascii() for row in rows)
    assert any(row["anoLancamento"] == r"\N" for row in rows)
    assert any(row["tempoMinutos"] in ("999", "43200") for row in movies)
    assert {row["profissao"] for row in rows} >= {"", r"\N"}
    assert len({genre for row in rows for genre in row["genero"].split(",")} - {r"\N"}) == 27
    titles = Counter(title[0]["tituloPincipal"] for title in by_title(rows).values())
    assert titles.most_common(1)[0][1] >= 5
    births = defaultdict(set)
    for row in rows:
        births[row["nomeArtista"]].add(row["anoNascimento"])
    assert any(len(years) > 1 for years in births.values())


def test_tmdb_knows_most_titles_in_scope_and_no_other(movies, series, bodies):
    in_scope = {
        row["id"] for row in movies + series if {"Crime", "War"} & set(row["genero"].split(","))
    }
    known = {record["imdb_id"] for record in bodies}
    assert known < in_scope
    assert 0.9 < len(known) / len(in_scope) < 0.97
    assert 0.2 < len(in_scope) / 3_000 < 0.4


def test_tmdb_s_unknowns_and_oddities_are_there(bodies):
    films = [record["body"] for record in bodies if record["media_type"] == "movie"]
    shows = [record["body"] for record in bodies if record["media_type"] == "tv"]
    assert 0.3 < sum(film["budget"] > 0 for film in films) / len(films) < 0.7
    assert any(film["budget"] and not film["revenue"] for film in films)
    assert any(film["vote_count"] == film["vote_average"] == 0 for film in films)
    assert any(show["created_by"] == [] for show in shows)
    assert any(show["seasons"][0]["season_number"] == 0 for show in shows)
    assert any(len(person["roles"]) > 1 for s in shows for person in s["aggregate_credits"]["cast"])
    assert any(len(film["credits"]["crew"]) > 1 for film in films)
    assert {film["id"] for film in films} & {show["id"] for show in shows}
    for media_type in ("movie", "tv"):
        ids = [record["tmdb_id"] for record in bodies if record["media_type"] == media_type]
        assert len(ids) == len(set(ids))


def test_some_people_have_three_titles_in_every_role(bodies):
    titles = {"director": Counter(), "creator": Counter(), "lead": Counter()}
    for record in bodies:
        body = record["body"]
        credits = body.get("credits") or body["aggregate_credits"]
        titles["director"].update({p["id"] for p in credits["crew"]})
        titles["creator"].update({p["id"] for p in body.get("created_by", ())})
        titles["lead"].update({p["id"] for p in credits["cast"] if p["order"] == 0})
    assert all(sum(n >= 3 for n in role.values()) >= 10 for role in titles.values())


def test_billing_starts_with_the_source_s_first_artist(movies, bodies):
    first = {title: rows[0]["nomeArtista"] for title, rows in by_title(movies).items()}
    for record in bodies:
        if record["media_type"] == "movie":
            assert record["body"]["credits"]["cast"][0]["name"] == first[record["imdb_id"]]


def test_the_same_arguments_write_the_same_bytes_and_another_seed_others(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_sample(tmp_path / name, titles=200, seed=seed)
    for file in ("movies.csv", "series.csv", BODIES_FILE):
        a, b, c = ((tmp_path / name / file).read_bytes() for name in "abc")
        assert a == b != c
    assert (tmp_path / "a" / BODIES_FILE).read_bytes()[4:8] == bytes(4), "no time in the gzip"


def test_counts_are_those_of_the_files(tmp_path):
    sample = write_sample(tmp_path, titles=101)
    assert sample.titles.total() == 101
    for file, rows in sample.rows.items():
        assert len(read_csv(tmp_path / file)) == rows
    assert len(read_bodies(tmp_path)) == sample.bodies


def test_a_sample_of_one_title(tmp_path):
    assert write_sample(tmp_path, titles=1).titles.total() == 1
    assert read_csv(tmp_path / "series.csv") == []


def test_what_can_t_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="file"):
        write_sample(tmp_path / "file")
    with pytest.raises(SettingsError, match="--titles 0"):
        write_sample(tmp_path, titles=0)


def test_the_history_has_fewer_votes_and_one_film_has_risen_since(tmp_path):
    write_sample(tmp_path / "alone", 400)
    write_sample(tmp_path / "with", 400, history=True)
    now, then = (_votes(tmp_path / "with" / folder) for folder in ("", "month-before"))
    assert now == _votes(tmp_path / "alone")
    assert now.keys() == then.keys()
    gains = {title: 1 - then[title] / votes for title, votes in now.items()}
    assert min(gains.values()) >= 0
    assert [title for title, gain in gains.items() if gain > 0.5 and now[title] >= 1_000] != []


def _votes(folder):
    """Each film's votes by its id."""
    lines = (folder / "movies.csv").read_text(encoding="utf-8").splitlines()
    place = lines[0].split("|").index("numeroVotos")
    return {line.split("|")[0]: int(line.split("|")[place]) for line in lines[1:]}
