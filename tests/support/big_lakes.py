"""Lakes of full size for the tests on a cluster, and what tells that two lakes are equal."""

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

from support.lakes import answer, answered
from support.paths import SHARED

from datalake.core.lake import Lake
from datalake.demo.sample import write_sample
from datalake.questions.registry import TABLES
from datalake.sources.ingestion import ingest
from datalake.sql.connection import connect

MAKER = SHARED / "tools/make_full_csv.py"
DATASETS_MAKER = SHARED / "tools/make_imdb_tsv.py"
DAY = date(2026, 1, 10)
SAMPLE_TITLES = 100_000


def source(folder, copies=1):
    """A folder with both files, and what they are."""
    if MAKER.is_file():
        words = [sys.executable, MAKER, folder, "--copies", str(copies)]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        return folder, f"full size, made by {MAKER.name}, films × {copies}"
    write_sample(folder, SAMPLE_TITLES * copies)
    return folder, f"a made-up sample of {SAMPLE_TITLES * copies:,} titles: there is no {MAKER}"


def datasets(folder, titles=SAMPLE_TITLES):
    """A folder with IMDb's datasets of that many titles, and what they are."""
    if DATASETS_MAKER.is_file():
        words = [sys.executable, DATASETS_MAKER, folder, "--titles", str(titles)]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        return folder, f"IMDb's datasets of {titles:,} titles, made by {DATASETS_MAKER.name}"
    write_sample(folder, titles, source_format="imdb-datasets")
    return folder, f"a made-up sample of {titles:,} titles: there is no {DATASETS_MAKER}"


def raw_of(folder, files, answers=2_000):
    """A lake with the files in Raw, and TMDB's answers on the first films: their artists."""
    lake = Lake(str(folder))
    ingest(lake, files, DAY)
    casts = {}
    with (files / "movies.csv").open(encoding="utf-8") as lines:
        names = next(lines).rstrip("\n").split("|")
        for line in lines:
            row = dict(zip(names, line.rstrip("\n").split("|"), strict=True))
            if row["id"] not in casts and len(casts) == answers:
                break
            casts.setdefault(row["id"], []).append(row["nomeArtista"])
    answered(lake, *(_answer(title, names) for title, names in casts.items()), day=DAY)
    return lake


def _answer(title, names):
    cast = [
        {"id": sum(name.encode()), "name": name, "character": "x", "order": place}
        for place, name in enumerate(names)
    ]
    money = {"budget": int(title[2:]) * 10, "revenue": int(title[2:]) * 7}
    return answer(title, **money, credits={"cast": cast, "crew": []})


def copied(lake, folder):
    """Another lake of the same Raw."""
    shutil.copytree(Path(lake.root) / "Raw", Path(folder) / "Raw", copy_function=_linked)
    return Lake(str(folder))


def _linked(source, target):
    Path(target).hardlink_to(source)


def sums(lake, layers=("Trusted", "Refined")):
    """Each table's number of rows, and a sum over them that their order does not change."""
    with connect(lake) as duck:
        return {
            f"{table.layer}.{table.name}": duck.execute(
                "SELECT count(*), sum(hash(rows)::HUGEINT)"
                f" FROM {table.layer.lower()}.{table.name} AS rows"
            ).fetchone()
            for table in TABLES
            if table.layer in layers
        }
