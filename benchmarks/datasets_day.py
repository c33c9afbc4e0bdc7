"""IMDb's datasets a day later: other votes for all, other ratings for a tenth, 1 % new films.

python benchmarks/datasets_day.py SOURCE OUT

Files without changes are links to those of SOURCE.
"""

import gzip
import random
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

CREDITS_OF_A_FILM = 8
_FIRST_NEW = 90_000_000


def main() -> None:
    """Write the files of the next day."""
    source, out = map(Path, sys.argv[1:])
    out.mkdir(parents=True)
    changed = {
        "title.ratings.tsv.gz": _rated_anew(_lines(source / "title.ratings.tsv.gz")),
        "title.basics.tsv.gz": _with(_lines(source / "title.basics.tsv.gz"), _films()),
        "title.principals.tsv.gz": _with(
            _lines(source / "title.principals.tsv.gz"), _credits(_person_ids(source))
        ),
    }
    for path in source.glob("*.tsv.gz"):
        if path.name not in changed:
            (out / path.name).symlink_to(path.resolve())
    for name, lines in changed.items():
        with gzip.open(out / name, "wt", 1, encoding="utf-8", newline="\n") as file:
            file.writelines(lines)


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        yield from file


def _with(lines: Iterable[str], more: Iterable[str]) -> Iterator[str]:
    yield from lines
    yield from more


def _rated_anew(lines: Iterator[str]) -> Iterator[str]:
    draw = random.Random(2)
    yield next(lines)
    for line in lines:
        title, rating, votes = line.split("\t")
        if draw.random() < 0.1:
            rating = f"{min(10, float(rating) + 0.1):.1f}"
        yield f"{title}\t{rating}\t{int(votes) + draw.randint(1, 9)}\n"


def _new_ids() -> Iterator[tuple[int, str]]:
    return ((number, f"tt{_FIRST_NEW + number}") for number in range(10_000))


def _films() -> Iterator[str]:
    for number, title in _new_ids():
        genre = "Crime" if number % 5 == 0 else "Drama"
        names = f"New {number}\tNew {number}"
        yield f"{title}\tmovie\t{names}\t0\t2026\t\\N\t{80 + number % 60}\t{genre}\n"


def _person_ids(source: Path) -> list[str]:
    lines = islice(_lines(source / "name.basics.tsv.gz"), 1, 5_000)
    return [line.partition("\t")[0] for line in lines]


def _credits(persons: list[str]) -> Iterator[str]:
    for number, title in _new_ids():
        for place in range(CREDITS_OF_A_FILM):
            person = persons[(number * CREDITS_OF_A_FILM + place) % len(persons)]
            yield f'{title}\t{place + 1}\t{person}\tactor\t\\N\t["Role {place}"]\n'


if __name__ == "__main__":
    main()
