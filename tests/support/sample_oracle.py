"""What a lake built from a made-up sample must hold, computed by DuckDB, NumPy and SciPy.

Everything comes from the sample's own files: the two CSVs and TMDB's bodies.
"""

import hashlib
from collections import defaultdict

import duckdb
import numpy as np
from scipy import stats
from support.demo_files import read_bodies

GENRES = {"Crime", "War"}
COLUMNS = """
    id as title_id, kind, tituloPincipal as primary_title, tituloOriginal as original_title,
    anoLancamento::int as start_year, anoTermino::int as end_year,
    tempoMinutos::int as runtime_minutes, string_split(genero, ',') as genres,
    notaMedia::double as imdb_rating, numeroVotos::int as imdb_votes,
    nomeArtista as name, anoNascimento::int as birth_year, anoFalecimento::int as death_year,
    generoArtista as job, personagem as character, string_split(profissao, ',') as professions,
    string_split(titulosMaisConhecidos, ',') as known_for
"""
TITLE = """
    title_id, kind, primary_title, original_title, start_year, end_year, runtime_minutes,
    genres, imdb_rating, imdb_votes
"""
PERSONS = """
    with named as (
        select title_id, min(name) as name, min(birth_year) as birth_year, min(person) as person
        from credits join people using (title_id)
        where lower(credits.name) = lower(people.person_name)
        group by title_id, lower(name)
        having count(distinct person) = 1 and count(distinct (name, birth_year)) = 1
    ), usual as (
        select name, birth_year, min(person) as person from named
        where birth_year is not null group by all having count(distinct person) = 1
    ), known as (
        select coalesce(named.person, usual.person)::varchar as person, credits.*
        from credits
        left join named on named.title_id = credits.title_id and named.name = credits.name
            and named.birth_year is not distinct from credits.birth_year
        left join usual on usual.name = credits.name and usual.birth_year = credits.birth_year
    )
    select count(distinct person) from (
        select coalesce(person, name || '/' || coalesce(birth_year::varchar, '')) as person
        from known union all select person::varchar from people
    )
"""


def connect(folder):
    """DuckDB with the distinct rows of both files as `credits`, and TMDB's `people`."""
    duck = duckdb.connect()
    files = " union all by name ".join(
        f"select '{kind}' as kind, * from read_csv('{folder}/{name}', delim='|', quote='',"
        r" escape='', header=true, nullstr=['\N', ''], all_varchar=true)"
        for kind, name in (("movie", "movies.csv"), ("series", "series.csv"))
    )
    duck.execute(f"create table raw as {files}")
    duck.execute(f"create table credits as select {COLUMNS} from (select distinct * from raw)")
    duck.execute("create table people (title_id varchar, person bigint, person_name varchar)")
    people = {
        (t, who["id"], who["name"]) for t, body in bodies(folder).items() for who in crowd(body)
    }
    duck.executemany("insert into people values (?, ?, ?)", sorted(people))
    return duck


def bodies(folder):
    """TMDB's bodies by IMDb id."""
    return {record["imdb_id"]: record["body"] for record in read_bodies(folder)}


def crowd(body):
    """Everyone whom a body names."""
    yield from body.get("created_by", ())
    for credits in (body.get("credits", {}), body.get("aggregate_credits", {})):
        yield from credits.get("cast", ())
        yield from credits.get("crew", ())


def person_key(tmdb_id):
    return int(hashlib.md5(str(tmdb_id).encode()).hexdigest()[:15], 16)


def scope(duck, folder):
    """Titles in scope, each with both sources' figures; what is unknown is NaN."""
    bodies_by_id = bodies(folder)
    titles = []
    names = [name.strip() for name in TITLE.split(",")]
    for row in duck.execute(f"select distinct {TITLE} from credits").fetchall():
        title = dict(zip(names, row, strict=True))
        if GENRES.isdisjoint(title["genres"] or ()):
            continue
        body = bodies_by_id.get(title["title_id"], {})
        last_year = title["end_year"] or int((body.get("last_air_date") or "0")[:4])
        years = last_year - (title["start_year"] or 0) + 1
        series = title["kind"] == "series"
        titles.append(
            title
            | {
                "body": body,
                "runtime": title["runtime_minutes"] or body.get("runtime") or 0,
                "tmdb_rating": positive(body.get("vote_average")),
                "tmdb_votes": body.get("vote_count", np.nan),
                "popularity": body.get("popularity", np.nan),
                "return": positive(body.get("revenue")) / positive(body.get("budget")),
                "budget": positive(body.get("budget")),
                "seasons": positive(body.get("number_of_seasons")),
                "episodes": positive(body.get("number_of_episodes")),
                "years_on_air": float(years)
                if series and title["start_year"] and years > 0
                else np.nan,
            }
        )
    return titles


def positive(value):
    return float(value) if value else np.nan


def column(titles, name):
    return np.array([np.nan if t[name] is None else t[name] for t in titles], dtype=float)


def spearman(titles, first, second):
    """Spearman's rho and how many titles have both."""
    x, y = column(titles, first), column(titles, second)
    both = ~np.isnan(x) & ~np.isnan(y)
    return int(both.sum()), stats.spearmanr(x[both], y[both]).statistic


def people_of(title):
    """Who made a title or leads it, by role."""
    body = title["body"]
    roles = {("creator", who["id"]) for who in body.get("created_by", ())}
    roles |= {("director", w["id"]) for w in crew(body) if "Director" in w["jobs"]}
    cast = [*body.get("credits", {}).get("cast", ())]
    cast += body.get("aggregate_credits", {}).get("cast", ())
    if cast:
        _, lead = min((who["order"], person_key(who["id"])) for who in cast)
        roles.add(("lead_actor", lead))
    return {(role, who if role == "lead_actor" else person_key(who)) for role, who in roles}


def crew(body):
    for who in body.get("credits", {}).get("crew", ()):
        yield {"id": who["id"], "jobs": {who["job"]}}
    for who in body.get("aggregate_credits", {}).get("crew", ()):
        yield {"id": who["id"], "jobs": {held["job"] for held in who["jobs"]}}


def means(titles):
    """(titles, works, mean IMDb rating, mean TMDB rating) of each role and person key."""
    ratings, works = defaultdict(list), defaultdict(set)
    for title in titles:
        pair = (title["imdb_rating"], title["tmdb_rating"])
        if pair[0] is not None and not np.isnan(pair[1]):
            for person in people_of(title):
                ratings[person].append(pair)
                collection = title["body"].get("belongs_to_collection")
                works[person].add(collection["id"] if collection else title["title_id"])
    return {
        person: (len(pairs), len(works[person]), *np.mean(pairs, axis=0))
        for person, pairs in ratings.items()
    }


def film_lengths(titles):
    """Minutes of films by year of release."""
    by_year = defaultdict(list)
    for title in titles:
        if title["kind"] == "movie" and title["runtime"] and title["start_year"]:
            by_year[title["start_year"]].append(title["runtime"])
    return by_year


def season_lengths(titles):
    """Episodes of seasons, specials aside, by the year they began."""
    by_year = defaultdict(list)
    for title in titles:
        for season in title["body"].get("seasons", ()):
            if season["season_number"] and season["episode_count"] and season["air_date"]:
                by_year[int(season["air_date"][:4])].append(season["episode_count"])
    return by_year


def slope(by_year):
    """Theil and Sen's slope of yearly medians of five or more, per decade."""
    years = sorted(year for year, values in by_year.items() if len(values) >= 5)
    medians = [np.median(by_year[year]) for year in years]
    return stats.theilslopes(medians, years).slope * 10
