"""The sheet before the questions: all four answers, and what they stand on."""

from collections.abc import Mapping

from controls import by_parameter, by_value, equal, sheet, unknown
from visuals import DataSet, Json, kpi, table
from words import say

Parts = dict[str, tuple[Json, int, int]]
Filters = dict[str, list[Json]]

ADJUSTED = (
    "Adjusted: among films of the same year and as well known",
    "Ajustada: entre filmes do mesmo ano e igualmente conhecidos",
)
ALIKE = (
    "Adjusted: at a constant mix of genres and fame",
    "Ajustada: com mistura constante de gêneros e fama",
)


def overview(data: Mapping[str, DataSet]) -> tuple[Json, Filters]:
    """The four answers in small tables."""
    coverage, cost = data["coverage"], data["popularity_and_cost"]
    people, trends, rated = (
        data[view] for view in ("best_rated_people", "trends_per_decade", "ratings_and_success")
    )
    title, none = ("At a glance", "Em resumo"), ("Titles in scope", "Títulos no escopo")
    parts: Parts = {
        "titles": (kpi("titles", coverage, "titles", none, none), 9, 6),
        "on_tmdb": (
            kpi("on_tmdb", coverage, "on_tmdb", ("Found on TMDB", "Encontrados no TMDB"), none),
            9,
            6,
        ),
        "rated": (
            kpi(
                "rated",
                coverage,
                "with_both_ratings",
                ("Rated on both sites", "Com nota nos dois sites"),
                none,
            ),
            9,
            6,
        ),
        "budgets": (
            kpi(
                "budgets", coverage, "with_budget", ("Budgets known", "Orçamentos conhecidos"), none
            ),
            9,
            6,
        ),
        "cost_short": (
            table(
                "cost_short",
                cost,
                ["measure"],
                ["n", "rho", "adjusted"],
                ("Are films that cost more more popular?", "Filmes mais caros são mais populares?"),
                ADJUSTED,
            ),
            18,
            7,
        ),
        "people_short": (
            table(
                "people_short",
                people,
                ["role", "name"],
                ["titles", "score", "ci_low", "ci_high"],
                ("Whose titles are rated best?", "De quem são os títulos mais bem avaliados?"),
                ("The first of each role", "Quem lidera em cada função"),
            ),
            18,
            7,
        ),
        "trends_short": (
            table(
                "trends_short",
                trends,
                ["measure"],
                ["n", "trend", "adjusted_trend"],
                ("How fast do lengths change?", "Com que velocidade mudam as durações?"),
                ALIKE,
            ),
            18,
            7,
        ),
        "ratings_short": (
            table(
                "ratings_short",
                rated,
                ["kind", "outcome"],
                ["n", "rho_imdb", "rho_tmdb", "adjusted_difference"],
                (
                    "Which rating goes with success more closely?",
                    "Que nota acompanha mais de perto o sucesso?",
                ),
                ("Rank correlations, same titles", "Correlações de postos, mesmos títulos"),
            ),
            18,
            9,
        ),
        "notice": (_notice(), 36, 3),
    }
    filters: Filters = {
        one: [by_parameter(coverage, "genre", "Genre")]
        for one in ("titles", "on_tmdb", "rated", "budgets")
    }
    filters |= {
        "cost_short": [by_parameter(cost, "genre", "Genre"), unknown(cost, "decade")],
        "people_short": [
            by_parameter(people, "genre", "Genre"),
            by_value(people, "kind", "all"),
            equal(people, "rank", 1),
        ],
        "trends_short": [by_parameter(trends, "genre", "Genre")],
        "ratings_short": [by_parameter(rated, "genre", "Genre"), unknown(rated, "decade")],
    }
    about = (
        "The four answers, and what they stand on",
        "As quatro respostas, e em que se apoiam",
    )
    return sheet("overview", (title, about), parts, ["Genre"], coverage), filters


def _notice() -> Json:
    english = (
        "This product uses TMDB and the TMDB APIs but is not endorsed, certified, or otherwise"
        " approved by TMDB. Information courtesy of IMDb (https://www.imdb.com)."
    )
    portuguese = (
        "Este produto usa o TMDB e as APIs do TMDB, mas não é endossado, certificado nem aprovado"
        " pelo TMDB. Informações por cortesia do IMDb (https://www.imdb.com)."
    )
    texts = (f"<text-box>{text}</text-box>" for text in (english, portuguese))
    return {"SheetTextBoxId": "notice", "Content": say(*texts)}
