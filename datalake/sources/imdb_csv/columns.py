"""The source files' columns, in their own Portuguese names."""

from datalake.schemas.kinds import Kind

TITLE_COLUMNS: tuple[str, ...] = (
    "id",
    "tituloPincipal",
    "tituloOriginal",
    "anoLancamento",
    "anoTermino",
    "tempoMinutos",
    "genero",
    "notaMedia",
    "numeroVotos",
)
"""The title's columns, first in a line; the misspelt one is the source's own."""

ARTIST_COLUMNS: tuple[str, ...] = (
    "generoArtista",
    "personagem",
    "nomeArtista",
    "anoNascimento",
    "anoFalecimento",
    "profissao",
    "titulosMaisConhecidos",
)
"""One artist's columns, last in a line."""

END_YEAR = "anoTermino"


def header(kind: Kind) -> tuple[str, ...]:
    """The columns a source file of that kind has; films have no end year."""
    return tuple(
        name for name in TITLE_COLUMNS + ARTIST_COLUMNS if kind is Kind.SERIES or name != END_YEAR
    )
