"""Pages of the lake's questions: with everything, without anything, and without TMDB."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np

from datalake.questions.charts import MEASURES
from datalake.questions.registry import QUESTIONS
from datalake.report.data import PageData
from datalake.report.i18n import Translator
from datalake.report.page import render

EVIL = '"Zé" <script>alert(1)</script> & {braces} \u2028'
NO_INTERVAL = {"ci_low": None, "ci_high": None}


def translator(language):
    """All texts of the page and its questions."""
    return Translator(language, [question.folder for question in QUESTIONS])


def render_page(data, language="en", questions=QUESTIONS):
    return render(data, [question.chapter for question in questions], language)


def write_page(data, folder, language="en", questions=QUESTIONS):
    """The page's address."""
    file = folder / "index.html"
    file.write_text(render_page(data, language, questions), encoding="utf-8")
    return file.as_uri()


def many_times(data, copies):
    """The page's data with each title, its seasons and its credits so many times, shuffled."""
    whole = data.chart_data
    n, people = len(whole["titles"]["id"]), len(whole["people"])
    order = np.random.default_rng(1).permutation(n * copies)
    titles = {
        name: [column[place % n] for place in order] for name, column in whole["titles"].items()
    }
    titles["id"] = [f"tt{place:07}" for place in order]
    titles["name"] = [f"The title of number {place}" for place in order]
    now_at = np.argsort(order)  # where the title of that place is now
    tables = {}
    for name in ("seasons", "credits"):
        tables[name] = {column: list(of) * copies for column, of in whole[name].items()}
        title = np.concatenate([np.array(whole[name]["title"]) + n * i for i in range(copies)])
        tables[name]["title"] = now_at[title].tolist()
    tables["credits"]["person"] = [
        person + people * i for i in range(copies) for person in whole["credits"]["person"]
    ]
    rising = whole["rising"] | {"title": now_at[whole["rising"]["title"]].tolist()}
    changed = {
        **{"titles": titles, **tables, "rising": rising, "all": n * copies},
        **{name: list(whole[name]) * copies for name in ("people", "person_keys")},
    }
    return replace(data, chart_data=whole | changed)


def cost_row(measure="tmdb_popularity", genre="all", decade=None, **values):
    row = {"n": 5321, "rho": 0.56, "ci_low": 0.53, "ci_high": 0.59}
    adjusted = {"adjusted": 0.21, "adjusted_low": 0.18, "adjusted_high": 0.24}
    rest = {"adjusted_for": "votes_and_year", "left_out": {"no_budget": 20123}}
    natural = {"cheapest_median": 4.5, "dearest_median": 12.25, "lost": None}
    change = {"per_decade_low": 0.02, "per_decade_high": 0.07}
    over = {"over_others_low": -0.02, "over_others_high": 0.3}
    votes = {"votes_with_budget": 9000.0, "votes_without": 2000.0}
    place = {"measure": measure, "genre": genre, "decade": decade}
    return place | row | adjusted | rest | natural | change | over | votes | values


def person(role, rank, name, **values):
    row = {"person_key": rank, "titles": 7, "imdb_mean": 8.6, "tmdb_mean": 8.4, "score": 8.25}
    ends = {"ci_low": 7.5, "ci_high": 9.0, "prior_mean": 6.31, "prior_weight": 2.68}
    votes = {"imdb_votes": 1234567, "tmdb_votes": 4567, "best_known": ["Laura", EVIL]}
    adjusted = {"adjusted": 8.1, "adjusted_low": 7.4, "adjusted_high": 8.8, "adjusted_rank": 2}
    counts = {"chance_of_first": 0.34, "left_out": {"people_under_3_works": 9876}}
    counts |= {"rated_by": "imdb_and_tmdb", "high_on_both": 5, "works": 6}
    place = {"kind": "all", "genre": "all", "role": role, "rank": rank, "name": name}
    return place | row | ends | votes | adjusted | counts | values


def trend_rows(measure, slope, low, high):
    of = {"measure": measure, "genre": "all"}
    middle = {"median": 90.5, "q1": 80.0, "q3": 101.5, "adjusted_median": None}
    none = dict.fromkeys(("trend", "ci_low", "ci_high", "adjusted_trend"))
    years = [of | middle | none | {"year": y, "n": 50, "left_out": {}} for y in (1990, 2005)]
    ends = {"trend": slope, "ci_low": low, "ci_high": high, "left_out": {"no_year": 3}}
    adjusted = {"adjusted_trend": slope / 2, "adjusted_low": low / 2, "adjusted_high": high / 2}
    ends |= {"bends": [1996], "bends_low": [1994], "bends_high": [1999], "slopes": [slope, 0.0]}
    ends |= {"slopes_low": [low, -0.2], "slopes_high": [high, 0.2]}
    return [*years, of | middle | ends | adjusted | {"year": None, "n": 750}]


def rating_row(kind, outcome, verdict, **values):
    imdb = {"n": 4321, "rho_imdb": 0.31, "imdb_low": 0.28, "imdb_high": 0.34}
    tmdb = {"rho_tmdb": 0.22, "tmdb_low": 0.19, "tmdb_high": 0.25}
    lead = {"difference": 0.09, "ci_low": 0.05, "ci_high": 0.13, "verdict": verdict}
    rest = {"adjusted_verdict": verdict, "left_out": {"no_both_ratings": 500}}
    place = {"kind": kind, "genre": "all", "decade": None, "outcome": outcome}
    skill = {"skill_imdb": 0.034, "skill_tmdb": 0.058, "skill_both": 0.054, "skill_low": 0.02}
    gain = {"skill_high": 0.09, "gain_low": -0.01, "gain_high": 0.005, "ratings_alike": 0.82}
    quarters = {"worst_quarter": 0.25, "best_quarter": 0.5}
    return place | imdb | tmdb | lead | rest | skill | gain | quarters | values


RISING = ("title", "per_day", "expected_per_day", "excess", "low", "high", "z", "holm")


def rising_row(kind, measure, place, title, **values):
    loads = {"since": date(2022, 4, 1), "until": date(2022, 5, 1), "days": 30.0}
    figures = {"before": 900.0, "after": 1800.0, "per_day": 30.0, "expected_per_day": 2.5}
    excess = {"excess": 12.0, "ci_low": 11.2, "ci_high": 12.9, "z": 5.1, "holm": 0.001}
    counts = {"is_rising": True, "n": 4321, "rising": 3, "gone": 2, "redated": 1}
    share = dict.fromkeys(("top_share", "top_low", "top_high"))
    foretold = {"rho": 0.21, "rho_low": 0.18, "rho_high": 0.24, "adjusted": 0.09}
    ends = {"adjusted_low": 0.06, "adjusted_high": 0.12, "left_out": {"new": 7, "few_votes": 90}}
    key = {"span": 30, "measure": measure, "kind": kind, "genre": "all"}
    named = {"place": place, "title_key": place, "title": title}
    return key | named | loads | figures | excess | counts | share | foretold | ends | values


def variant(question, subject, name, agrees, **values):
    row = {"question": question, "subject": subject, "variant": name, "agrees": agrees}
    figures = {"n": 900, "value": 0.5, "ci_low": 0.4, "ci_high": 0.6, "leader": None}
    return row | figures | {"moved": 0.0, "p": 0.01, "holm": None} | values


def chart_columns(**titles):
    """The data of all charts, of titles given column by column; others are unknown."""
    n = len(next(iter(titles.values()), ()))
    whole = {name: [0] * n for name in ("kind", "genres")} | {
        name: [""] * n for name in ("id", "name")
    }
    unknown = {name: [None] * n for name in MEASURES.values()}
    return {
        "titles": whole | unknown | titles,
        "seasons": {"title": [], "year": [], "episodes": []},
        "credits": {"role": [], "person": [], "title": []},
        "people": [],
        "person_keys": [],
        "rating_of_people": ["imdb_rating", "tmdb_rating"],
        "rising": {name: [] for name in RISING},
        "all": n,
    }


PAGE = PageData(
    answers={
        "q1_popularity_cost": [
            cost_row(),
            cost_row("imdb_votes", rho=0.02, ci_low=-0.01, ci_high=0.05),
            cost_row(genre="War", rho=0.4, ci_low=0.31, ci_high=0.48),
            cost_row(decade=1920, n=4, rho=None, **NO_INTERVAL),
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
            rating_row("series", "seasons", "no_difference", adjusted_verdict="imdb"),
        ],
        "q5_rising": [
            rising_row("movie", "imdb_votes", 1, EVIL),
            rising_row("movie", "imdb_votes", 2, "M", is_rising=False),
            rising_row("movie", "imdb_votes", 1, EVIL, genre="War", top_share=0.12)
            | {"top_low": 0.09, "top_high": 0.15, "gone": None},
            rising_row("series", "imdb_votes", 1, "N", is_rising=False, rho=None),
            rising_row("movie", "popularity", 1, "M", ci_low=None, ci_high=None),
            rising_row("series", "popularity", None, None, n=12, is_rising=None),
        ],
        "sensitivity": [
            variant("q1", "tmdb_popularity", "as_answered", True, holm=0.02),
            variant("q1", "imdb_votes", "as_answered", True, holm=0.4),
            variant("q1", "tmdb_popularity", "log_pearson", True),
            variant("q1", "imdb_votes", "min_votes_100", False),
            variant("q1", "imdb_votes", "within_year", None, ci_low=None, ci_high=None),
            variant("q2", "director", "plain_mean", True, leader=EVIL),
            variant("q4", "movie.return", "log_pearson", True),
        ],
    },
    chart_data=chart_columns(
        id=["tt0000001", "tt0000002"],
        name=[EVIL, "M"],
        year=[1999, None],
        budget=[63_000_000, 9_000],
        popularity=[61.4, 0.6],
        imdb_votes=[1_800_000, None],
        genres=[3, 1],
    ),
    genres=["Crime", "War"],
    reconciliation=[
        {"source": "movies.csv", "snapshot": "movies.csv@2022-05-01#0a1b2c3d4e5f"}
        | {"raw_rows": 1045161, "trusted_rows": 1045000, "titles": 244543}
        | {"exact_duplicates": 45, "quarantined_rows": 116, "filtered_rows": 0, "dangling_rows": 0}
        | {"made_up": False}
    ],
    quarantine=[{"source": "movies.csv", "reason": EVIL, "rows": 1160}],
    coverage=[
        {"kind": "movie", "in_scope": 28000, "found": 5400, "not_found": 600, "other_kind": 1}
        | {"answers": 6100, "superseded": 99, "quarantined": 0}
    ],
    steps=[
        {"kind": "movie", "titles": 244543, "in_scope": 28000}
        | {"found": 5400, "rated": 5321, "budgeted": 2222, "rated_by_imdb": 27000}
    ],
    row_counts={"Trusted.titles": 308543},
    load_date=date(2022, 5, 1),
    tmdb_fetched_at=datetime(2022, 5, 2, 13, 4, 5, tzinfo=UTC),
    has_tmdb=True,
    version="0.1.0",
)
NOTHING = PageData(
    answers={
        "q1_popularity_cost": [
            cost_row(n=0, rho=None, cheapest_median=None, adjusted=None, **NO_INTERVAL),
            cost_row("imdb_votes", n=0, rho=None, **NO_INTERVAL),
        ],
        "q2_people": [],
        "q3_trends": [],
        "q4_ratings": [
            rating_row("movie", "return", None, n=0, difference=None, **NO_INTERVAL)
            | dict.fromkeys(("rho_imdb", "imdb_low", "imdb_high"))
            | dict.fromkeys(("rho_tmdb", "tmdb_low", "tmdb_high"))
            | dict.fromkeys(("skill_both", "gain_low", "best_quarter", "worst_quarter"))
        ],
        "q5_rising": [],
        "sensitivity": [],
    },
    chart_data=chart_columns(),
    genres=["Crime"],
    reconciliation=[],
    quarantine=[],
    coverage=[],
    steps=[],
    row_counts={},
    load_date=None,
    tmdb_fetched_at=None,
    has_tmdb=True,
    version="0.1.0",
)
MADE_UP = replace(PAGE, reconciliation=[PAGE.reconciliation[0] | {"made_up": True}])
WITHOUT_TMDB = replace(
    PAGE,
    answers={
        **{
            name: PAGE.answers[name]
            for name in ("q1_popularity_cost", "q3_trends", "q4_ratings", "q5_rising")
        },
        "q2_people": [
            row | {"rated_by": "imdb", "tmdb_mean": None, "tmdb_votes": None}
            for row in PAGE.answers["q2_people"]
        ],
        "sensitivity": [row for row in PAGE.answers["sensitivity"] if row["question"] == "q2"],
    },
    chart_data=PAGE.chart_data | {"rating_of_people": ["imdb_rating"]},
    tmdb_fetched_at=None,
    has_tmdb=False,
)
