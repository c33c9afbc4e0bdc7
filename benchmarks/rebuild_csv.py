"""The course's movies.csv, rebuilt from IMDb's datasets: python rebuild_csv.py SOURCE TITLES OUT.

TITLES names its titles, by `id` in its first column. The recipe is films of five votes or more, of
2022 or before, with each actor and actress; quotes go from titles, and characters run together.
Prints the rows, the titles, and those of Crime and of War.
"""

import json
import sys
from pathlib import Path

import duckdb

_QUERY = r"""
    WITH chosen AS (
        SELECT split_part(line, '|', 1) AS tconst FROM read_csv(
            getvariable('titles'), delim = '\x1f', quote = '', escape = '', header = true,
            columns = {'line': 'VARCHAR'}))
    SELECT concat_ws('|', tconst, replace(coalesce(primaryTitle, '\N'), '"', ''),
        replace(coalesce(originalTitle, '\N'), '"', ''), coalesce(startYear, '\N'),
        coalesce(runtimeMinutes, '\N'), coalesce(genres, '\N'), averageRating, numVotes, category,
        coalesce(regexp_replace(characters, '[\[\]",\\]', '', 'g'), '\N'),
        coalesce(primaryName, '\N'), coalesce(birthYear, '\N'), coalesce(deathYear, '\N'),
        coalesce(primaryProfession, '\N'), coalesce(knownForTitles, '\N')) AS line,
        tconst, genres
    FROM tsv('title.basics') SEMI JOIN chosen USING (tconst)
    JOIN tsv('title.ratings') USING (tconst)
    JOIN tsv('title.principals') USING (tconst)
    LEFT JOIN tsv('name.basics') USING (nconst)
    WHERE titleType = 'movie' AND category IN ('actor', 'actress')
        AND numVotes::INT >= 5 AND coalesce(startYear::INT, 0) <= 2022
"""
_COUNTS = """
    SELECT count(*), count(DISTINCT tconst),
        count(DISTINCT tconst) FILTER (list_contains(string_split(genres, ','), 'Crime')),
        count(DISTINCT tconst) FILTER (list_contains(string_split(genres, ','), 'War'))
    FROM lines
"""
_HEADER = (
    "id|tituloPincipal|tituloOriginal|anoLancamento|tempoMinutos|genero|notaMedia|numeroVotos"
    "|generoArtista|personagem|nomeArtista|anoNascimento|anoFalecimento|profissao"
    "|titulosMaisConhecidos"
)
_MACRO = r"""
    CREATE MACRO tsv(file) AS TABLE SELECT * FROM read_csv(
        getvariable('source') || '/' || file || '.tsv.gz', delim = '\t', header = true,
        quote = '', escape = '', nullstr = '\N', all_varchar = true)
"""


def rebuild(source: Path, titles: Path, out: Path) -> tuple[int, ...]:
    """Write movies.csv; return its rows, its titles, and those of Crime and War."""
    with duckdb.connect() as database:
        database.execute("SET VARIABLE source = ?", [str(source)])
        database.execute("SET VARIABLE titles = ?", [str(titles)])
        database.execute(_MACRO)
        database.execute(f"CREATE TEMP TABLE lines AS {_QUERY}")
        out.mkdir(parents=True, exist_ok=True)
        with (out / "movies.csv").open("w", encoding="utf-8", newline="") as csv:
            csv.write(_HEADER + "\n")
            rows = database.execute("SELECT line FROM lines ORDER BY tconst, line")
            while chunk := rows.fetchmany(100_000):
                csv.writelines(f"{line}\n" for (line,) in chunk)
        (counts,) = database.execute(_COUNTS).fetchall()
    return tuple(counts)


if __name__ == "__main__":
    print(json.dumps(rebuild(*map(Path, sys.argv[1:4]))))
