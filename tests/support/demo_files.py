"""Reads what the made-up sample wrote."""

import gzip
import json
from pathlib import Path

from datalake.demo.sample import BODIES_FILE


def read_csv(path: Path) -> list[dict[str, str]]:
    header, *lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    names = header.split("|")
    rows = [line.split("|") for line in lines]
    assert all(len(row) == len(names) for row in rows)
    return [dict(zip(names, row, strict=True)) for row in rows]


def read_bodies(folder: Path) -> list[dict]:
    with gzip.open(folder / BODIES_FILE, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_tsv(path: Path) -> list[dict[str, str]]:
    header, *lines = gzip.decompress(path.read_bytes()).decode().removesuffix("\n").split("\n")
    names = header.split("\t")
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines]
