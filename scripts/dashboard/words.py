"""What people read on the dashboard, in both languages; the template's parameter chooses."""

import re
from typing import Any

WORDS: dict[str, dict[str, str]] = {"en": {}, "pt-BR": {}}


def say(english: str, portuguese: str) -> dict[str, Any]:
    """The text in the language that the stack is given."""
    key = re.sub(r"[^A-Za-z0-9]", "", english.title())[:60]
    if WORDS["en"].setdefault(key, english) != english:
        key += str(len(WORDS["en"]))
        WORDS["en"][key] = english
    WORDS["pt-BR"][key] = portuguese
    return {"Fn::FindInMap": ["Words", {"Ref": "Language"}, key]}


COLUMNS = {
    "measure": ("Measure", "Medida"),
    "genre": ("Genre", "Gênero"),
    "kind": ("Kind", "Tipo"),
    "decade": ("Decade", "Década"),
    "year": ("Year", "Ano"),
    "outcome": ("Success", "Sucesso"),
    "n": ("Counted (n)", "Contados (n)"),
    "rho": ("Correlation", "Correlação"),
    "adjusted": ("Adjusted", "Ajustada"),
    "adjusted_for": ("Adjusted for", "Ajustada por"),
    "no_tmdb": ("Not on TMDB", "Fora do TMDB"),
    "no_budget": ("No budget", "Sem orçamento"),
    "rank": ("Place", "Posição"),
    "name": ("Name", "Nome"),
    "role": ("Role", "Função"),
    "titles": ("Titles", "Títulos"),
    "mean": ("Mean rating", "Nota média"),
    "score": ("Score", "Pontuação"),
    "ci_low": ("From", "De"),
    "ci_high": ("To", "Até"),
    "adjusted_rank": ("Adjusted place", "Posição ajustada"),
    "best_known": ("Best known for", "Mais conhecidos"),
    "median": ("Median", "Mediana"),
    "q1": ("First quartile", "Primeiro quartil"),
    "q3": ("Third quartile", "Terceiro quartil"),
    "adjusted_median": ("Adjusted median", "Mediana ajustada"),
    "years": ("Years", "Anos"),
    "trend": ("Change per decade", "Mudança por década"),
    "adjusted_trend": ("Adjusted change", "Mudança ajustada"),
    "rho_imdb": ("IMDb rating", "Nota do IMDb"),
    "rho_tmdb": ("TMDB rating", "Nota do TMDB"),
    "difference": ("Lead of IMDb", "Vantagem do IMDb"),
    "adjusted_imdb": ("IMDb, adjusted", "IMDb, ajustada"),
    "adjusted_tmdb": ("TMDB, adjusted", "TMDB, ajustada"),
    "adjusted_difference": ("Lead, adjusted", "Vantagem, ajustada"),
    "on_tmdb": ("On TMDB", "No TMDB"),
    "with_both_ratings": ("With both ratings", "Com as duas notas"),
    "with_budget": ("With a budget", "Com orçamento"),
    "budget": ("Budget, US$", "Orçamento, US$"),
    "popularity": ("TMDB popularity", "Popularidade no TMDB"),
    "title": ("Title", "Título"),
    "genres": ("Genres", "Gêneros"),
}


def label(column: str) -> dict[str, Any]:
    """A column's name for people."""
    return say(*COLUMNS[column])
