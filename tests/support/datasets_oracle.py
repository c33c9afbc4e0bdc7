"""What a lake of IMDb's datasets alone must hold and answer, computed by DuckDB from the files."""

from collections import defaultdict

import duckdb

FILES = {
    "basics": "title.basics.tsv.gz",
    "ratings": "title.ratings.tsv.gz",
    "principals": "title.principals.tsv.gz",
    "crew": "title.crew.tsv.gz",
    "episode": "title.episode.tsv.gz",
    "names": "name.basics.tsv.gz",
}
CREATORS = "('creator', 'co-creator', 'created by', 'co-created by')"
VIEWS = {
    "titles": """
        select tconst as title_id, if(titleType = 'movie', 'movie', 'series') as kind,
            startYear::int as start_year, runtimeMinutes::int as minutes,
            coalesce(string_split(genres, ','), []) as genres,
            averageRating::double as rating, numVotes::int as votes
        from basics left join ratings using (tconst)
        where titleType in ('movie', 'tvSeries', 'tvMiniSeries') and primaryTitle is not null
    """,
    "scope": "select * from titles where list_has_any(genres, ['Crime', 'War'])",
    "named": "select p.* from principals p join names using (nconst)",
    # A director or writer of the crew file alone counts too.
    "makers": f"""
        select tconst as title_id, nconst as person_id, 'director' as role
        from named where category = 'director'
        union select tconst, nconst, 'creator' from named
        where category = 'writer' and job in {CREATORS}
        union select tconst, nconst, 'director' from (
            select tconst, unnest(string_split(directors, ',')) as nconst from crew)
        join names using (nconst)
        union all
        select tconst, arg_min(nconst, ordering::int), 'lead_actor' from named
        where category in ('actor', 'actress') group by tconst
    """,
    "seasons": """
        select parentTconst as title_id, seasonNumber::int as season,
            min(b.startYear::int) as year, count(*) as episodes
        from episode e join basics b on b.tconst = e.tconst
        join titles t on t.title_id = e.parentTconst and t.kind = 'series'
        where seasonNumber is not null group by all
    """,
}


def connect(folder):
    """DuckDB with the files as tables of texts, and what follows from them as views."""
    duck = duckdb.connect()
    for name, file in FILES.items():
        duck.execute(
            f"create table {name} as select * from read_csv('{folder}/{file}', delim='\t',"
            r" quote='', escape='', header=true, nullstr='\N', all_varchar=true)"
        )
    for name, sql in VIEWS.items():
        duck.execute(f"create view {name} as {sql}")
    return duck


def means(duck):
    """(titles, mean rating) of each role and person with rated titles in scope."""
    rows = duck.execute(
        """select role, person_id, count(*), avg(rating) from makers join scope using (title_id)
        where rating is not null group by all"""
    ).fetchall()
    return {(role, person): (titles, mean) for role, person, titles, mean in rows}


def film_lengths(duck):
    """Minutes of films in scope by year of release."""
    return _by_year(
        duck,
        """select start_year, minutes from scope where kind = 'movie' and minutes is not null
        and start_year is not null""",
    )


def season_lengths(duck):
    """Episodes of seasons of series in scope, by the year they began."""
    return _by_year(
        duck,
        """select year, episodes from seasons join scope using (title_id)
        where season != 0 and year is not null""",
    )


def _by_year(duck, sql):
    by_year = defaultdict(list)
    for year, value in duck.execute(sql).fetchall():
        by_year[year].append(value)
    return by_year
