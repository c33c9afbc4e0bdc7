"""The rules of Trusted's IMDb tables once more, in plain Python."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.columns import ARTIST_COLUMNS, TITLE_COLUMNS, header
from datalake.sources.imdb_csv.raw import FILE_NAMES

BOUNDS = {  # of the column: lowest, highest; None: five years from the day of the file
    "anoLancamento": (1870, None),
    "anoTermino": (1870, None),
    "tempoMinutos": (1, 100_000),
    "notaMedia": (1, 10),
    "numeroVotos": (0, 2_000_000_000),
    "anoNascimento": (1, None),
    "anoFalecimento": (1, None),
}
INT = re.compile(r"[+-]?[0-9]+")
DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
BLANK = "".join(map(chr, range(33)))  # around a number it does no harm
ID = re.compile(r"tt[0-9]{7,}")
IDS = re.compile(r" *tt[0-9]{7,}( *, *tt[0-9]{7,})* *")


@dataclass
class Expected:
    """What must become of the files' rows."""

    titles: dict[str, dict] = field(default_factory=dict)
    credits: Counter = field(default_factory=Counter)
    quarantined: Counter = field(default_factory=Counter)  # by file and line
    reasons: dict[str, set[str]] = field(default_factory=dict)  # by line
    duplicates: Counter = field(default_factory=Counter)  # by file


def expected_outcome(files: dict[Kind, bytes], latest_year: int) -> Expected:
    """The outcome of all rows of both files."""
    expected = Expected()
    lines = {kind: _lines(kind, data) for kind, data in files.items()}
    wins, loses = _winners(lines, latest_year)
    for kind, all_lines in lines.items():
        distinct = Counter(each for each in all_lines if not _is_header(kind, each))
        expected.duplicates[FILE_NAMES[kind]] = len(all_lines) - len(distinct)
        for raw in distinct:
            text = raw.decode(errors="replace")
            reasons = _reasons(kind, text, latest_year)
            if (kind, _title_part(kind, raw)) in loses:
                reasons.add("title columns: most rows of the title say otherwise")
            if reasons:
                expected.quarantined[FILE_NAMES[kind], same(text)] += 1
                expected.reasons[same(text)] = reasons
            else:
                expected.credits[_credit(kind, text)] += 1
    for title_id, (kind, title_part) in wins.items():
        expected.titles[title_id] = _title(kind, title_part.decode())
    return expected


def same(text):
    """The text with each run of U+FFFD as one, at its end as none.

    Decoders differ in how many they put, and Spark in whether it keeps a character that is cut.
    """
    return re.sub("\ufffd+", "\ufffd", text).rstrip("\ufffd")


def _lines(kind, data):
    return [raw.removesuffix(b"\r") for raw in data.removesuffix(b"\n").split(b"\n")[1:]]


def _is_header(kind, raw):
    return raw.removeprefix(b"\xef\xbb\xbf") == "|".join(header(kind)).encode()


def _title_part(kind, raw):
    return b"|".join(raw.split(b"|")[: len(header(kind)) - len(ARTIST_COLUMNS)])


def _winners(lines, latest_year):
    votes = defaultdict(Counter)
    for kind, all_lines in lines.items():
        for raw in all_lines:
            text = raw.decode(errors="replace")
            right_width = text.count("|") + 1 == len(header(kind))
            title_part = _title_part(kind, raw)
            title_text = title_part.decode(errors="replace")
            if right_width and not _title_reasons(kind, title_text, latest_year):
                votes[text.partition("|")[0]][kind, title_part] += 1
    wins, loses = {}, set()
    for title_id, versions in votes.items():
        for version, count in versions.items():
            if count * 2 > versions.total():
                wins[title_id] = version
            else:
                loses.add(version)
    return wins, loses


def _reasons(kind, text, latest_year):
    cells = _cells(kind, text)
    reasons = {"line: wrong number of columns"} if cells is None else set()
    reasons |= _damage(text)
    if cells is not None:
        reasons |= _cell_reasons(cells, latest_year)
    return reasons


def _title_reasons(kind, title_part, latest_year):
    names = [name for name in header(kind) if name in TITLE_COLUMNS]
    cells = dict(zip(names, map(_value, title_part.split("|")), strict=True))
    return _damage(title_part) | _cell_reasons(cells, latest_year)


def _damage(text):
    reasons = {"line: not UTF-8"} if "\ufffd" in text else set()
    return reasons | ({"line: holds a NUL byte"} if "\0" in text else set())


def _cell_reasons(cells, latest_year):
    reasons = set()
    if not ID.fullmatch(cells["id"] or ""):
        reasons.add("id: not an IMDb title id")
    if cells["tituloPincipal"] is None:
        reasons.add("tituloPincipal: empty")
    if not IDS.fullmatch(cells.get("titulosMaisConhecidos") or "tt0000001"):
        reasons.add("titulosMaisConhecidos: not a list of IMDb title ids")
    for name, (lowest, highest) in BOUNDS.items():
        if (cell := cells.get(name)) is not None:
            value = _number(name, cell)
            if value is None:
                reasons.add(f"{name}: not a number")
            elif not lowest <= value <= (highest or latest_year):
                reasons.add(f"{name}: out of range")
    return reasons


def _number(name, cell):
    text = cell.strip(BLANK)
    if name == "notaMedia":
        return float(text) if DECIMAL.fullmatch(text) else None
    if not INT.fullmatch(text):
        return None
    digits = text.lstrip("+-0")[:11] or "0"  # Python refuses to read thousands of them
    value = int(digits) * (-1 if text[0] == "-" else 1)
    return value if -(2**31) <= value < 2**31 else None


def _cells(kind, text):
    cells = text.split("|")
    names = header(kind)
    return dict(zip(names, map(_value, cells), strict=True)) if len(cells) == len(names) else None


def _value(cell):
    return None if cell in ("", r"\N") else cell


def _listed(cell):
    return None if cell is None else [name.strip(" ") for name in cell.split(",")]


def _whole(cell):
    return None if cell is None else int(cell.strip(BLANK))


def _title(kind, title_part):
    names = [name for name in header(kind) if name in TITLE_COLUMNS]
    cells = dict(zip(names, map(_value, title_part.split("|")), strict=True))
    rating = cells["notaMedia"]
    return {
        "title_id": cells["id"],
        "kind": str(kind),
        "primary_title": cells["tituloPincipal"],
        "original_title": cells["tituloOriginal"],
        "start_year": _whole(cells["anoLancamento"]),
        "end_year": _whole(cells.get("anoTermino")),
        "runtime_minutes": _whole(cells["tempoMinutos"]),
        "genres": _listed(cells["genero"]),
        "imdb_rating": None if rating is None else float(rating.strip(BLANK)),
        "imdb_votes": _whole(cells["numeroVotos"]),
        "title_type": None,
        "is_adult": None,
    }


def _credit(kind, text):
    cells = _cells(kind, text)
    return str(
        {
            "title_id": cells["id"],
            "person_id": None,
            "ordering": None,
            "name": cells["nomeArtista"],
            "birth_year": _whole(cells["anoNascimento"]),
            "death_year": _whole(cells["anoFalecimento"]),
            "job": cells["generoArtista"],
            "job_text": None,
            "character": cells["personagem"],
            "characters": None,
            "professions": _listed(cells["profissao"]),
            "known_for": _listed(cells["titulosMaisConhecidos"]),
        }
    )
