"""Lines of source files, damaged in every way."""

from itertools import islice

from support.damage import damaged
from support.source_files import line

from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.columns import header

ODD_CELLS = (
    *("", r"\N", "\\", '"', '"a', "a,b", ",", "\r", "\u2028", "\x00", "\ufeff", "\ufffd", "\x1f"),
    *("tt0000001\r", "tt0000001\u2028", "tt0000001,", "tt123", "٧", "NaN", "7.5d", "0x1p3", "1e1"),
    *("-1", "0", "1", "7.15", "10.0", "11", "1999", "1999.0", "3022", "2147483648", "9" * 25),
)


def wild_lines(random, kind, words, count):
    """That many lines: mostly good, of few titles, some damaged in every way."""
    lines: list[bytes] = []
    while len(lines) < count:
        cells = _wild_cells(random, kind, words)
        raw = _damaged(random, "|".join(cells), kind, lines)
        if b"\n" not in raw:
            lines += [raw] * random.choice((1, 1, 1, 1, 2))
    return lines


def wild_blocks(random, kind, words, count):
    """The lines of that many small files, each cut, doubled or altered as a whole."""
    lines = iter(wild_lines(random, kind, words, 4 * count))
    blocks = [b"\n".join(islice(lines, 4)) for _ in range(count)]
    return b"\n".join(damaged(block, random) for block in blocks).split(b"\n")


def _wild_cells(random, kind, words):
    number = random.randrange(40) + (30 if kind is Kind.SERIES else 0)  # some ids in both files
    version = random.choice(("", "", "", "", "", " II"))
    cells = line(
        kind,
        id=f"tt{number:07}",
        tituloPincipal=f"Title {number}{version}",
        numeroVotos=str(number * 7),
        genero=random.choice(("Crime", "Crime", "Crime", r"\N")),
        nomeArtista=random.choice(words),
        personagem=random.choice(words),
        anoNascimento=random.choice((r"\N", "1970", "")),
    ).split("|")
    if random.random() < 0.15:
        cells[random.randrange(len(cells))] = random.choice((*ODD_CELLS, *words))
    return cells


def _damaged(random, text, kind, lines):
    raw = text.encode()
    place = random.randrange(len(raw))
    bad_bytes = random.choice((b"\xff", b"\xc3", b"\xed\xa0\x80", b"|", b"\x00", b"\r", b"||"))
    damages = [
        raw[:place],
        raw[:place] + bad_bytes + raw[place:],
        raw[:place] + bad_bytes + raw[place + 1 :],
        "|".join(header(kind)).encode(),
        random.choice(lines or [raw]),
        raw + b"\r",
        random.randbytes(random.randrange(40)).replace(b"\n", b""),
    ]
    return random.choice(damages) if random.random() < 0.12 else raw
