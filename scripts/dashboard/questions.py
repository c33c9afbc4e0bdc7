"""The sheets of the four questions."""

from collections.abc import Mapping

from controls import by_parameter, by_value, known, sheet, unknown
from overview import ADJUSTED, ALIKE, Filters, Parts
from visuals import DataSet, Json, bars, leaders, lines, scatter, table


def cost(data: Mapping[str, DataSet]) -> tuple[Json, Filters]:
    """Question 1."""
    found, titles = data["popularity_and_cost"], data["titles_by_genre"]
    shown = ["rho", "adjusted"]
    parts: Parts = {
        "films": (
            scatter(
                "films",
                titles,
                ("budget", "popularity"),
                ("genres", "title"),
                ("Budget and popularity", "Orçamento e popularidade"),
                ("A point a film, log scales", "Um ponto por filme, escalas logarítmicas"),
            ),
            36,
            14,
        ),
        "cost_decades": (
            bars(
                "cost_decades",
                found,
                "decade",
                shown,
                ("Correlation by decade", "Correlação por década"),
                ADJUSTED,
            ),
            18,
            10,
        ),
        "cost_genres": (
            bars(
                "cost_genres",
                found,
                "genre",
                shown,
                ("Correlation by genre", "Correlação por gênero"),
                ADJUSTED,
            ),
            18,
            10,
        ),
        "cost_table": (
            table(
                "cost_table",
                found,
                ["decade", "adjusted_for"],
                ["n", *shown, "no_tmdb", "no_budget"],
                ("The figures", "Os números"),
                ("With who was left out", "Com o que ficou de fora"),
            ),
            36,
            9,
        ),
    }
    chosen = [by_parameter(found, "genre", "Genre"), by_parameter(found, "measure", "Measure")]
    filters: Filters = {
        "films": [
            by_parameter(titles, "genre", "Genre"),
            by_value(titles, "kind", "movie"),
            known(titles, "budget", 1),
            known(titles, "popularity", 0.01),
        ],
        "cost_decades": [*chosen, known(found, "decade")],
        "cost_genres": [by_parameter(found, "measure", "Measure"), unknown(found, "decade")],
        "cost_table": chosen,
    }
    words = (
        ("1 Cost", "1 Custo"),
        ("Are films that cost more more popular?", "Filmes mais caros são mais populares?"),
    )
    return sheet("cost", words, parts, ["Genre", "Measure"], data["coverage"]), filters


def people(data: Mapping[str, DataSet]) -> tuple[Json, Filters]:
    """Question 2."""
    found = data["best_rated_people"]
    parts: Parts = {
        "leaders": (
            leaders(
                "leaders",
                found,
                "name",
                "score",
                ("The twenty best", "Os vinte melhores"),
                (
                    "Mean of both ratings, shrunk to the list's mean",
                    "Média das duas notas, encolhida para a média da lista",
                ),
            ),
            14,
            16,
        ),
        "ranking": (
            table(
                "ranking",
                found,
                ["rank", "name", "best_known"],
                ["titles", "mean", "score", "ci_low", "ci_high", "adjusted", "adjusted_rank"],
                ("The list", "A lista"),
                (
                    "Neighbours whose intervals overlap can't be told apart",
                    "Vizinhos cujos intervalos se cruzam não se distinguem",
                ),
            ),
            22,
            16,
        ),
    }
    chosen = [
        by_parameter(found, "genre", "Genre"),
        by_parameter(found, "kind", "List"),
        by_parameter(found, "role", "Role"),
    ]
    words = (
        ("2 People", "2 Pessoas"),
        ("Whose titles are rated best?", "De quem são os títulos mais bem avaliados?"),
    )
    made = sheet("people", words, parts, ["Genre", "List", "Role"], data["coverage"])
    return made, dict.fromkeys(parts, chosen)


def trends(data: Mapping[str, DataSet]) -> tuple[Json, Filters]:
    """Question 3."""
    years, slopes = data["lengths_by_year"], data["trends_per_decade"]
    parts: Parts = {
        "by_year": (
            lines(
                "by_year",
                years,
                "year",
                ["median", "q1", "q3"],
                ("Length by year", "Duração por ano"),
                (
                    "Median and quartiles: minutes of films, or episodes a season",
                    "Mediana e quartis: minutos dos filmes, ou episódios por temporada",
                ),
            ),
            36,
            11,
        ),
        "alike_by_year": (
            lines(
                "alike_by_year",
                years,
                "year",
                ["median", "adjusted_median"],
                ("As it was, and adjusted", "Como foi, e ajustada"),
                ALIKE,
            ),
            22,
            9,
        ),
        "slopes": (
            table(
                "slopes",
                slopes,
                ["genre"],
                ["n", "years", "trend", "adjusted_trend"],
                ("Change per decade", "Mudança por década"),
                ALIKE,
            ),
            14,
            9,
        ),
    }
    yearly = [by_parameter(years, "genre", "Genre"), by_parameter(years, "measure", "Length")]
    filters: Filters = {
        "by_year": yearly,
        "alike_by_year": yearly,
        "slopes": [by_parameter(slopes, "measure", "Length")],
    }
    words = (
        ("3 Lengths", "3 Durações"),
        (
            "How do film lengths and seasons change over the years?",
            "Como a duração dos filmes e das temporadas muda ao longo dos anos?",
        ),
    )
    return sheet("trends", words, parts, ["Genre", "Length"], data["coverage"]), filters


def ratings(data: Mapping[str, DataSet]) -> tuple[Json, Filters]:
    """Question 4."""
    found = data["ratings_and_success"]
    plain, adjusted = ["rho_imdb", "rho_tmdb"], ["adjusted_imdb", "adjusted_tmdb"]
    same = ("Rank correlations, same titles", "Correlações de postos, mesmos títulos")
    parts: Parts = {
        "sites": (
            bars("sites", found, "outcome", plain, ("Both ratings", "As duas notas"), same),
            18,
            11,
        ),
        "sites_alike": (
            bars("sites_alike", found, "outcome", adjusted, ("Adjusted", "Ajustadas"), ADJUSTED),
            18,
            11,
        ),
        "sites_table": (
            table(
                "sites_table",
                found,
                ["decade", "outcome"],
                ["n", *plain, "difference", *adjusted, "adjusted_difference"],
                ("The figures, by decade", "Os números, por década"),
                (
                    "A row without decade is over all years",
                    "Uma linha sem década abrange todos os anos",
                ),
            ),
            36,
            10,
        ),
    }
    chosen = [by_parameter(found, "genre", "Genre"), by_parameter(found, "kind", "Kind")]
    over_all = [*chosen, unknown(found, "decade")]
    words = (
        ("4 Ratings", "4 Notas"),
        (
            "Which rating goes with success more closely, IMDb's or TMDB's?",
            "Que nota acompanha mais de perto o sucesso, a do IMDb ou a do TMDB?",
        ),
    )
    filters: Filters = {"sites": over_all, "sites_alike": over_all, "sites_table": chosen}
    return sheet("ratings", words, parts, ["Genre", "Kind"], data["coverage"]), filters
