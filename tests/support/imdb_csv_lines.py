"""Lines of movies.csv and series.csv, good and bad, with the reasons that reject each."""

from support.source_files import line

from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.columns import header

GOOD = line()
DISAGREES = ["title columns: most rows of the title say otherwise"]


def film(number, **cells):
    return line(id=f"tt{number:07}", **cells)


def show(number, **cells):
    return line(Kind.SERIES, id=f"tt{number:07}", **cells)


# Each bad line, with all that must be said of it; every line has an id of its own.
BAD = {
    "extra column": (film(101) + "|x", ["line: wrong number of columns"]),
    "not an id": (line(id="nm0000102"), ["id: not an IMDb title id"]),
    "six digits": (line(id="tt000103"), ["id: not an IMDb title id"]),
    "no id": (line(id=r"\N"), ["id: not an IMDb title id"]),
    "id and line separator": (line(id="tt0000104\u2028"), ["id: not an IMDb title id"]),
    "id and carriage return": (line(id="tt0000105\r"), ["id: not an IMDb title id"]),
    "no title": (film(106, tituloPincipal=""), ["tituloPincipal: empty"]),
    "null title": (film(107, tituloPincipal=r"\N"), ["tituloPincipal: empty"]),
    "text for a year": (film(108, anoLancamento="soon"), ["anoLancamento: not a number"]),
    "year of 3022": (film(109, anoLancamento="3022"), ["anoLancamento: out of range"]),
    "year of 1869": (film(110, anoLancamento="1869"), ["anoLancamento: out of range"]),
    "half a minute": (film(111, tempoMinutos="90.5"), ["tempoMinutos: not a number"]),
    "no minutes": (film(112, tempoMinutos="0"), ["tempoMinutos: out of range"]),
    "minutes below nothing": (film(113, tempoMinutos="-5"), ["tempoMinutos: out of range"]),
    "rating of 11": (film(114, notaMedia="11"), ["notaMedia: out of range"]),
    "rating of 0.9": (film(115, notaMedia="0.9"), ["notaMedia: out of range"]),
    "comma rating": (film(116, notaMedia="7,1"), ["notaMedia: not a number"]),
    "rating NaN": (film(117, notaMedia="NaN"), ["notaMedia: not a number"]),
    "rating with a Java suffix": (film(130, notaMedia="7.5d"), ["notaMedia: not a number"]),
    "negative votes": (film(118, numeroVotos="-1"), ["numeroVotos: out of range"]),
    "votes with a dot": (film(119, numeroVotos="1.234"), ["numeroVotos: not a number"]),
    "votes past 2^31": (film(120, numeroVotos="9999999999"), ["numeroVotos: not a number"]),
    "born never": (film(121, anoNascimento="0"), ["anoNascimento: out of range"]),
    "died in 3022": (film(122, anoFalecimento="3022"), ["anoFalecimento: out of range"]),
    "born in words": (film(123, anoNascimento="1970?"), ["anoNascimento: not a number"]),
    "known for a name": (
        film(124, titulosMaisConhecidos="tt0000001,nm0000001"),
        ["titulosMaisConhecidos: not a list of IMDb title ids"],
    ),
    "NUL": (film(125, personagem="a\0b"), ["line: holds a NUL byte"]),
    "bad UTF-8 in the artist": (
        film(126, personagem="é").encode("latin-1"),
        ["line: not UTF-8"],
    ),
    "bad UTF-8 in the title": (
        film(127, tituloPincipal="é").encode("latin-1"),
        ["line: not UTF-8"],
    ),
    "two faults": (
        film(128, notaMedia="11", anoNascimento="x"),
        ["notaMedia: out of range", "anoNascimento: not a number"],
    ),
}
BAD_SERIES = {
    "ended in 3022": (show(201, anoTermino="3022"), ["anoTermino: out of range"]),
    "ended in words": (show(202, anoTermino="now"), ["anoTermino: not a number"]),
    "a film's width": (film(203), None),
}
CUT = film(301)[:40]
# The rows of titles that disagree, and an id that stands in both files.
MAJORITY = [
    film(401, numeroVotos="5", nomeArtista="A"),
    film(401, numeroVotos="5", nomeArtista="B"),
    film(401, numeroVotos="6", nomeArtista="C"),
]
TIE = [film(402, anoLancamento="1999"), film(402, anoLancamento="2000")]
BOTH = [film(403), film(403, nomeArtista="Rui"), show(403)]
# What stands in a bad line has no say.
DAMAGED_TWIN = [film(404), film(404, tituloPincipal="é").encode("latin-1")]
WRONG_WIDTH_TWIN = [film(405), film(405, notaMedia="2.0") + "|x"]
QUOTES = [film(501, tituloPincipal='"Quoted'), film(502, tituloOriginal='a "b" c"')]
UNKNOWN = film(
    503, tituloOriginal="", anoLancamento=r"\N", tempoMinutos="", genero=r"\N", notaMedia=r"\N",
    numeroVotos="", generoArtista=r"\N", personagem="", nomeArtista=r"\N", anoNascimento="",
    profissao="", titulosMaisConhecidos=r"\N",
)  # fmt: skip
EDGES = film(
    504, anoLancamento="1870", tempoMinutos="100000", notaMedia="10.0", numeroVotos="0",
    anoNascimento="2031", genero="Crime", titulosMaisConhecidos="tt12345678",
)  # fmt: skip
MOVIES = [
    *(bad for bad, _ in BAD.values()),
    *(MAJORITY + TIE + BOTH[:2] + DAMAGED_TWIN + WRONG_WIDTH_TWIN + QUOTES),
    UNKNOWN,
    EDGES,
    *[GOOD, GOOD, GOOD + "\r"],
    "|".join(header(Kind.MOVIE)),
    "",
    "",
    CUT,
]
SERIES = [*(bad for bad, _ in BAD_SERIES.values()), BOTH[2], show(901), show(902, anoTermino="")]
