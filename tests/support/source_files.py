"""Made-up source files: rows of movies.csv and series.csv, and lakes that have ingested them."""

import hashlib
from datetime import date
from pathlib import Path

from datalake.core.lake import Lake
from datalake.schemas.kinds import Kind
from datalake.sources.imdb_csv.columns import header
from datalake.sources.ingestion import ingest
from datalake.sources.source import FileContents
from datalake.sources.source_file import SourceFile, folder_of_day

DAY = date(2026, 1, 10)
FILM = {
    "id": "tt0000001",
    "tituloPincipal": "The Flight",
    "tituloOriginal": "A Fuga",
    "anoLancamento": "1999",
    "anoTermino": "2003",
    "tempoMinutos": "90",
    "genero": "Crime,Drama",
    "notaMedia": "7.1",
    "numeroVotos": "123",
    "generoArtista": "actress",
    "personagem": "Inês",
    "nomeArtista": "Ana Souza",
    "anoNascimento": "1970",
    "anoFalecimento": r"\N",
    "profissao": "actress,producer",
    "titulosMaisConhecidos": "tt0000001,tt0000002",
}


def line(kind=Kind.MOVIE, **cells):
    """A row of the kind's file; cells not named are those of `FILM`."""
    assert set(cells) <= set(FILM)
    return "|".join((FILM | cells)[name] for name in header(kind))


def content(kind, *rows, end="\n"):
    """A whole file's bytes: header and rows, each as text or as bytes."""
    lines = ["|".join(header(kind)), *rows]
    return b"".join(
        (row if isinstance(row, bytes) else row.encode()) + end.encode() for row in lines
    )


def write_source(folder: Path, movies: bytes | None = None, series: bytes | None = None) -> Path:
    """A source folder with both files; a file not given has one good row."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "movies.csv").write_bytes(movies or content(Kind.MOVIE, line()))
    one = line(Kind.SERIES, id="tt0000900", tituloPincipal="Borders")
    (folder / "series.csv").write_bytes(series or content(Kind.SERIES, one))
    return folder


def put_source_file(lake: Lake, spec, day, data: bytes | str):
    """A file of that spec with this content in Raw, unchecked."""
    data = data.encode() if isinstance(data, str) else data
    key = f"{folder_of_day(spec, day)}/{spec.name}"
    contents = FileContents(len(data), hashlib.sha256(data).hexdigest(), 1, "")
    file = SourceFile(spec, day, key, contents, f"{day}T00:00:00Z")
    for name, content in ((key, data), (file.manifest_key, file.to_json().encode())):
        with lake.storage.create(name) as target:
            target.write(content)


def ingested(lake: Lake, folder: Path, movies=(), series=(), day=DAY):
    """Both files with these rows, in Raw."""
    source = write_source(
        folder,
        content(Kind.MOVIE, *movies) if movies else None,
        content(Kind.SERIES, *series) if series else None,
    )
    return ingest(lake, source, day)
