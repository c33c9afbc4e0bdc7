"""Good files cut and altered: their bytes, and where they are JSON their values."""

import gzip
import json

from support.odd_bodies import mutated

_BAD_BYTES = (
    b"\0",
    b"\xff",
    b"\xc3",
    b"\r",
    b"\n",
    b"\xef\xbb\xbf",
    b'"',
    b"{",
    b"]",
    b"9" * 5_000,
)
_WHOLES = (
    *(b"", b"null", b"0", b"[]", b"{}", b'"x"', b"[null]", b'{"": 0}', b"\0" * 600, b"\n\n"),
    *(b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5_000, b"\xff\xfe{\0}\0"),
)


def damaged(data, chance):
    """The bytes with one kind of damage, at times the same."""
    place, width = chance.randrange(len(data) + 1), chance.choice((1, 1, 8, 512))
    return chance.choice(
        (
            data,
            data[:place],
            data[place:],
            data[:place] + chance.choice(_BAD_BYTES) + data[place:],
            data[:place] + chance.choice(_BAD_BYTES) + data[place + width :],
            data[:place] + b"\0" * width + data[place + width :],
            data[:place] + data[place - width :],
            data + data,
            chance.choice(_WHOLES),
        )
    )


def damaged_json(data, chance):
    """The same for JSON: one time in two a value in it is another, and the text is valid."""
    if chance.random() < 0.5:
        return damaged(data, chance)
    return json.dumps(mutated(json.loads(data), chance)).encode()


def damaged_lines(data, chance):
    """JSON lines with one line damaged, all of it cut, or lines lost or swapped."""
    lines = data.splitlines(keepends=True)
    what = chance.choice(("line", "line", "line", "all", "order"))
    if what == "all":
        return damaged(data, chance)
    if what == "order":
        chance.shuffle(lines)
        return b"".join(lines[: chance.randrange(len(lines) + 1)])
    place = chance.randrange(len(lines))
    lines[place] = damaged_json(lines[place].rstrip(b"\n"), chance) + b"\n"
    return b"".join(lines)


def damaged_gzip(data, chance):
    """Gzipped lines, damaged before or after they were packed."""
    if chance.random() < 0.5:
        return damaged(data, chance)
    return gzip.compress(damaged_lines(gzip.decompress(data), chance), 1)
