"""Made-up files of IMDb's datasets, a few rows each."""

import gzip

from datalake.sources.imdb_datasets.raw import (
    BASICS,
    COLUMNS,
    CREW,
    EPISODE,
    NAMES,
    PRINCIPALS,
    RATINGS,
)

ROWS = {
    BASICS: [
        "tt0000001\tmovie\tThe Flight\tA Fuga\t0\t1999\t\\N\t90\tCrime,Drama",
        "tt0000002\ttvSeries\tBorders\tFronteiras\t0\t2001\t2003\t\\N\tWar",
        "tt0000003\ttvEpisode\tOne\tUm\t0\t2001\t\\N\t42\tWar",
    ],
    RATINGS: ["tt0000001\t7.1\t123"],
    PRINCIPALS: ['tt0000001\t1\tnm0000001\tactress\t\\N\t["Inês"]'],
    CREW: ["tt0000001\tnm0000002\t\\N"],
    EPISODE: ["tt0000003\ttt0000002\t1\t1"],
    NAMES: ["nm0000001\tAna Souza\t1970\t\\N\tactress,producer\ttt0000001"],
}


def tsv(spec, *rows):
    """The file's text: header and rows, each as text or as bytes."""
    lines = ["\t".join(COLUMNS[spec]), *rows]
    return b"".join((r if isinstance(r, bytes) else r.encode()) + b"\n" for r in lines)


def gz(data):
    """Gzipped, equal for equal data."""
    return gzip.compress(data, mtime=0)


def write_datasets(folder, rows=ROWS):
    """A folder with all six files; of those that `rows` leaves out the rows are `ROWS`."""
    folder.mkdir(parents=True, exist_ok=True)
    for spec, lines in (ROWS | rows).items():
        (folder / spec.name).write_bytes(gz(tsv(spec, *lines)))
    return folder
