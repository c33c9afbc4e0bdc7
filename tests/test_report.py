"""The page: what it says, what it never does, and that it says the same in both languages."""

import json
import re
import string
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from importlib.resources import files

import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from datalake.base.errors import SettingsError
from datalake.report.data import PageData
from datalake.report.page import _json, render
from datalake.report.words import LANGUAGES, Words

EVIL = '"Zé" <script>alert(1)</script> & {braces} \u2028'
NO_INTERVAL = {"ci_low": None, "ci_high": None}


def cost_row(measure="tmdb_popularity", stratum_type="all", stratum="all", **values):
    row = {
        "n": 5321,
        "rho": 0.56,
        "ci_low": 0.53,
        "ci_high": 0.59,
        "left_out": {"no_budget": 20123},
    }
    return {"measure": measure, "stratum_type": stratum_type, "stratum": stratum} | row | values


def person(role, rank, name, **values):
    row = {"person_key": rank, "titles": 7, "imdb_mean": 8.6, "tmdb_mean": 8.4, "score": 8.25}
    ends = {"ci_low": 7.5, "ci_high": 9.0, "prior_mean": 6.31, "prior_weight": 2.68}
    votes = {"imdb_votes": 1234567, "tmdb_votes": 4567, "best_known": ["Laura", EVIL]}
    counts = {"left_out": {"people_under_3_titles": 9876}}
    return {"role": role, "rank": rank, "name": name} | row | ends | votes | counts | values


def trend_rows(measure, slope, low, high):
    none = {"trend": None, "ci_low": None, "ci_high": None, "left_out": {}}
    years = [
        {"measure": measure, "year": year, "n": 50, "median": 90.0, "q1": 80.0, "q3": 101.5} | none
        for year in range(1990, 2005)
    ]
    total = {"measure": measure, "year": None, "n": 750, "median": 90.5, "q1": 80.0, "q3": 101.5}
    ends = {"trend": slope, "ci_low": low, "ci_high": high, "left_out": {"no_year": 3}}
    return [*years, total | ends]


def rating_row(kind, outcome, verdict, **values):
    imdb = {"n": 4321, "rho_imdb": 0.31, "imdb_low": 0.28, "imdb_high": 0.34}
    tmdb = {"rho_tmdb": 0.22, "tmdb_low": 0.19, "tmdb_high": 0.25}
    lead = {"difference": 0.09, "ci_low": 0.05, "ci_high": 0.13, "verdict": verdict}
    left_out = {"left_out": {"no_both_ratings": 500}}
    return {"kind": kind, "outcome": outcome} | imdb | tmdb | lead | left_out | values


PAGE = PageData(
    answers={
        "q1_popularity_cost": [
            cost_row(),
            cost_row("imdb_votes", rho=0.02, ci_low=-0.01, ci_high=0.05),
            cost_row(stratum_type="genre", stratum="War", rho=0.4, ci_low=0.31, ci_high=0.48),
            cost_row(stratum_type="decade", stratum="1920", n=4, rho=None, **NO_INTERVAL),
        ],
        "q2_people": [
            person("creator", 1, EVIL),
            person("creator", 2, "Ann", ci_low=7.0, ci_high=7.6),
            person("creator", 3, "Bob", ci_low=6.0, ci_high=7.4),
            person("director", 1, "Cy", ci_low=8.1),
            person("director", 2, "Di", ci_high=8.0),
            person("lead_actor", 1, "Ed", prior_weight=None, **NO_INTERVAL),
        ],
        "q3_trends": [
            *trend_rows("film_length", 2.1, 1.8, 2.4),
            *trend_rows("episodes_per_season", -1.25, -1.5, -0.9),
        ],
        "q4_ratings": [
            rating_row("movie", "return", "imdb"),
            rating_row("movie", "popularity", "no_difference"),
            rating_row("movie", "votes", "tmdb"),
            rating_row("series", "seasons", "no_difference"),
        ],
    },
    reconciliation=[
        {"source": "movies.csv", "snapshot": "movies.csv@2022-05-01#0a1b2c3d4e5f"}
        | {"raw_rows": 1045161, "trusted_rows": 1045000, "titles": 244543}
        | {"exact_duplicates": 45, "quarantined_rows": 116}
    ],
    row_counts={"Trusted.titles": 308543},
    films=[
        {"title": EVIL, "year": 1999, "budget": 63_000_000, "popularity": 61.4, "votes": 1_800_000}
        | {"genre": None},
        {"title": "M", "year": None, "budget": 9_000, "popularity": 0.6, "votes": None}
        | {"genre": "Crime"},
    ],
    genres=["Crime", "War"],
    load_date=date(2022, 5, 1),
    tmdb_fetched_at=datetime(2022, 5, 2, 13, 4, 5, tzinfo=UTC),
    version="0.1.0",
)
NOTHING = PageData(
    answers={
        "q1_popularity_cost": [
            cost_row(n=0, rho=None, **NO_INTERVAL),
            cost_row("imdb_votes", n=0, rho=None, **NO_INTERVAL),
        ],
        "q2_people": [],
        "q3_trends": [],
        "q4_ratings": [
            rating_row("movie", "return", None, n=0, difference=None, **NO_INTERVAL)
            | dict.fromkeys(("rho_imdb", "imdb_low", "imdb_high"))
            | dict.fromkeys(("rho_tmdb", "tmdb_low", "tmdb_high"))
        ],
    },
    reconciliation=[],
    row_counts={},
    films=[],
    genres=["Crime"],
    load_date=None,
    tmdb_fetched_at=None,
    version="0.1.0",
)


class Parsed(HTMLParser):
    """The page as a browser sees it: tags with attributes, and text by element."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text, self._open = [], {}, ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self._open = tag
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text[self._open] = self.text.get(self._open, "") + data

    def charts(self):
        """The JSON of the charts: the first script's text."""
        return json.JSONDecoder().raw_decode(self.text["script"])[0]


@pytest.fixture(scope="module")
def pages():
    return {language: render(PAGE, language) for language in LANGUAGES}


@pytest.fixture(scope="module")
def english(pages):
    return Parsed(pages["en"])


@pytest.mark.parametrize(
    "sentence",
    [
        "Films that cost more are more popular on TMDB: a strong relation"
        " (ρ = 0.56; 0.53 to 0.59; 5,321 films).",
        "The data show no relation of a film's budget with its IMDb votes"
        " (ρ = 0.02; −0.01 to 0.05; 5,321 films).",
        "genre by genre: War 0.40 (0.31 to 0.48; 5,321 films).",
        "is first with 8.25 of 10 (7.50 to 9.00; 7 titles). The intervals of 1 of the 2 others",
        "Directors: Cy is first with 8.25 of 10 (8.10 to 9.00; 7 titles), and no other interval",
        "Leading actors: 1 are listed, but they differ no more than the titles of one",
        "Films have become longer by 2.10 minutes a decade (1.80 to 2.40);"
        " the median of 750 films is 90.5 minutes.",
        "Seasons have lost 1.25 episodes a decade (0.90 to 1.50);",
        "Films: IMDb's rating goes more closely with return on budget (ρ IMDb 0.31, TMDB 0.22;"
        " 4,321 titles); TMDB's rating goes more closely with votes on both sites (",
        "Series: no difference that the data can show for seasons (",
        "Creators: the role's mean of 6.31 weighs as much as 2.7 titles.",
        "TMDB popularity: without a known budget: 20,123",
    ],
)
def test_the_page_says_what_the_figures_carry(english, sentence):
    assert sentence in english.text["li"]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.01, 0.05, "cost more are more popular on TMDB: a negligible relation"),
        (0.05, 0.25, "cost more are more popular on TMDB: a negligible to weak relation"),
        (-0.45, -0.35, "cost more are less popular on TMDB: a moderate relation"),
        (-0.60, -0.35, "cost more are less popular on TMDB: a moderate to strong relation"),
        (0.99, 1.00, "cost more are more popular on TMDB: a strong relation"),
        (-0.20, 0.30, "show no relation of a film's budget with its TMDB popularity"),
        (0.00, 0.30, "show no relation of a film's budget with its TMDB popularity"),
    ],
)
def test_no_claim_goes_beyond_its_interval(low, high, said):
    row = cost_row(rho=(low + high) / 2, ci_low=low, ci_high=high)
    page = render(replace(PAGE, answers=PAGE.answers | {"q1_popularity_cost": [row]}), "en")
    assert said in Parsed(page).text["li"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lake_without_tmdb_says_so_and_shows_no_empty_chart(language):
    parsed = Parsed(render(NOTHING, language))
    words = Words(language)
    assert words("q1.tmdb_popularity.unknown", n="0") in parsed.text["li"]
    assert words("q2.nobody", role=words("roles.director")) in parsed.text["li"]
    assert words("q3.film_length.unknown") in parsed.text["li"]
    assert parsed.charts()["specs"] == {}
    assert "figure" not in {tag for tag, _ in parsed.tags}


def test_numbers_and_dates_are_written_as_the_reader_writes_them(pages):
    parsed = Parsed(pages["pt-BR"])
    assert "uma relação forte (ρ = 0,56; 0,53 a 0,59; 5.321 filmes)" in parsed.text["li"]
    assert "1 de maio de 2022" in parsed.text["dd"]
    assert "1.045.161" in parsed.text["td"]
    assert parsed.charts()["format"]["decimal"] == ","


def test_the_run_and_both_notices_are_on_the_page(english):
    assert "May 1, 2022" in english.text["dd"]
    assert "May 2, 2022, 1:04:05\N{NARROW NO-BREAK SPACE}PM UTC" in english.text["dd"]
    assert "movies.csv@2022-05-01#0a1b2c3d4e5f" in english.text["td"]
    assert (
        "This product uses TMDB and the TMDB APIs but is not endorsed, certified,"
        " or otherwise approved by TMDB." in english.text["p"]
    )
    assert (
        "Information courtesy of IMDb (https://www.imdb.com). Used with permission."
        in english.text["p"]
    )


@pytest.mark.parametrize(("quarantined", "said"), [(116, "yes"), (115, "no")])
def test_a_source_that_does_not_add_up_shows(quarantined, said):
    row = PAGE.reconciliation[0] | {"quarantined_rows": quarantined, "source": "S"}
    page = render(replace(PAGE, reconciliation=[row]), "en")
    assert f"<td>{said}</td><td>movies.csv@" in page


def test_nothing_on_the_page_asks_the_network(pages, english):
    for tag, attributes in english.tags:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base"}
        assert "src" not in attributes
        assert attributes.get("href", "#").startswith("#")
    policy = [a["content"] for t, a in english.tags if "http-equiv" in a]
    assert policy[0].startswith("default-src 'none'; script-src 'unsafe-inline'; style-src")
    assert "url(" not in english.text["style"]
    assert all(len(page.encode()) < 1_500_000 for page in pages.values())


def test_text_from_the_sources_stays_text(pages, english):
    assert [tag for tag, _ in english.tags].count("script") == 2
    assert "<script>alert" not in pages["en"]
    points = english.charts()["specs"]["chart-films"]["data"]["values"]
    assert points[0]["title"] == EVIL
    assert EVIL in english.text["td"]


@given(st.text())
def test_no_text_leaves_its_script_element(text):
    written = str(_json({"title": text}))
    assert "<" not in written
    assert json.loads(written) == {"title": text}


def test_every_chart_is_drawn_somewhere_and_compiles(english):
    places = {a["id"] for t, a in english.tags if a.get("class") == "chart"}
    specs = english.charts()["specs"]
    assert set(specs) == places
    for spec in specs.values():
        assert len(spec["description"]) > 40
        assert vl_convert.vegalite_to_vega(spec)["marks"]


def test_a_screen_reader_finds_its_way(english):
    tags = [tag for tag, _ in english.tags]
    assert tags.count("h1") == tags.count("main") == 1
    assert tags.count("table") == tags.count("caption") == 5
    assert all("scope" in attributes for tag, attributes in english.tags if tag == "th")
    assert dict(english.tags)["html"] == {"lang": "en"}
    ids = {a["id"] for _, a in english.tags if "id" in a}
    for _, attributes in english.tags:
        assert attributes.get("aria-labelledby", "glance") in ids
        assert attributes.get("href", "#q1").removeprefix("#") in ids


def test_both_catalogues_have_the_same_keys_and_places_for_figures():
    first, second = (flat(Words(language).catalogue) for language in LANGUAGES)
    assert list(first) == list(second)
    for key, text in first.items():
        assert placeholders(text) == placeholders(second[key]), key


def flat(catalogue, path=""):
    """Dotted key → text, for every text of a catalogue, in its order."""
    if isinstance(catalogue, str):
        return {path: catalogue}
    items = catalogue.items() if isinstance(catalogue, dict) else enumerate(catalogue)
    return {k: t for name, entry in items for k, t in flat(entry, f"{path}.{name}").items()}


def placeholders(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_every_reason_role_and_outcome_has_a_name_in_the_catalogue():
    sources = re.findall(
        r'"(no_\w+|year_under_5|special|beyond_sample)"|(people_\w+|titles_without_both_ratings)=',
        "".join(module_text(name) for name in ("popularity_cost", "people", "trends", "ratings")),
    )
    reasons = {first or second for first, second in sources} - {"no_difference"}
    assert reasons == set(Words("en").catalogue["reasons"])


def module_text(name):
    return (files("datalake.answers") / f"{name}.py").read_text(encoding="utf-8")


def test_an_unknown_language_is_a_clear_error():
    with pytest.raises(SettingsError, match="--language fr: not one of en, pt-BR"):
        render(PAGE, "fr")
