"""The source files' columns, in their own Portuguese names."""

from datalake.base.lake import Kind

HEAD = ("id", "tituloPincipal", "tituloOriginal", "anoLancamento", "anoTermino")
HEAD += ("tempoMinutos", "genero", "notaMedia", "numeroVotos")
TAIL = ("generoArtista", "personagem", "nomeArtista", "anoNascimento", "anoFalecimento")
TAIL += ("profissao", "titulosMaisConhecidos")
END_YEAR = "anoTermino"


def header(kind: Kind) -> tuple[str, ...]:
    """The columns a source file of that kind has; films have no end year."""
    return tuple(name for name in HEAD + TAIL if kind is Kind.SERIES or name != END_YEAR)
