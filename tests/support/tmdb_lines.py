"""Lines of Raw with TMDB's responses: a film, a show, unknown values, superseded and bad ones."""

from support.lakes import answer

from datalake.schemas.kinds import Kind

EARLY, LATE, LATER = "2026-01-01T00:00:00Z", "2026-01-10T12:00:00Z", "2026-01-10T12:00:01Z"

FILM = answer(
    "tt0000001",
    title="A Fuga\u2028",
    original_language="pt",
    status="Released",
    release_date="1999-01-02",
    runtime=91,
    budget=5_000_000_000,
    revenue=12,
    popularity=1.5,
    vote_average=6.5,
    vote_count=9,
    genres=[{"id": 80, "name": "Crime"}, {"id": 18, "name": "Drama"}],
    belongs_to_collection={"id": 10, "name": "Fugas", "poster_path": None},
    credits={
        "cast": [
            {"id": 11, "name": "Ana Souza", "character": "Inês", "order": 0},
            {"id": 11, "name": "Ana Souza", "character": "Ana", "order": 4},
            {"id": 12, "name": "Rui", "character": "", "order": 1},
            {"id": None, "name": "Nobody", "character": "x", "order": 2},
        ],
        "crew": [
            {"id": 11, "name": "Ana Souza", "job": "Director"},
            {"id": 13, "name": "Eva", "job": "Director of Photography"},
            {"id": 13, "name": "Eva", "job": None},
        ],
    },
    a_field_of_tomorrow={"x": [1]},
)
UNKNOWN_FILM = answer(
    "tt0000002",
    title="",
    original_language="",
    status="",
    release_date="",
    runtime=0,
    budget=0,
    revenue=0,
    popularity=0.6,
    vote_average=0.0,
    vote_count=0,
    genres=[],
    belongs_to_collection={"id": 0, "name": ""},
    credits={"cast": [], "crew": []},
)
SHOW = answer(
    "tt0000901",
    Kind.SERIES,
    name="Borders",
    original_language="en",
    status="Ended",
    first_air_date="2001-01-02",
    last_air_date="2003-05-06",
    episode_run_time=[45, 50],
    budget=7,
    popularity=2.5,
    vote_average=8,
    vote_count=1,
    number_of_seasons=2,
    number_of_episodes=21,
    genres=[{"name": "War & Politics"}],
    belongs_to_collection={"id": 11, "name": "No series has one"},
    created_by=[{"id": 21, "name": "Lia"}, {"id": 22, "name": "Max"}],
    seasons=[
        {"season_number": 0, "name": "Specials", "air_date": None, "episode_count": 3},
        {"season_number": 1, "name": "Season 1", "air_date": "2001-01-02", "episode_count": 10},
        {"season_number": 2, "name": "", "air_date": "", "episode_count": 0},
    ],
    aggregate_credits={
        "cast": [
            {
                "id": 21,
                "name": "Lia",
                "order": 0,
                "total_episode_count": 21,
                "roles": [
                    {"character": "Spy", "episode_count": 20},
                    {"character": "Twin", "episode_count": 1},
                ],
            }
        ],
        "crew": [
            {
                "id": 23,
                "name": "Noa",
                "jobs": [
                    {"job": "Writer", "episode_count": 4},
                    {"job": "Director", "episode_count": 2},
                ],
            }
        ],
    },
)
NO_ARRAYS = answer("tt0000902", Kind.SERIES, name="Bare", episode_run_time=[], created_by=[])
SUPERSEDED = [
    answer("tt0000003", at=EARLY, title="Old", budget=1),
    answer("tt0000003", at=LATE, title="New", budget=2),
    answer("tt0000003", at=EARLY, outcome="not_found"),
    answer("tt0000004", at=EARLY, title="Gone"),
    answer("tt0000004", at=LATER, outcome="not_found"),
]
OTHER = [
    answer("tt0000005", outcome="not_found"),
    answer("tt0000006", outcome="other_kind"),
]
BAD = {
    '{"imdb_id": "tt0000007", "media_type": "movie", "tmdb': "line: not a JSON object",
    "not JSON at all": "line: not a JSON object",
    answer("tt0000007")[:-1] + ',,"x":1}': "line: not a JSON object",
    answer("tt0000008").replace("tt0000008", "nm0000008"): "title_id: not an IMDb title id",
    answer("tt0000009").replace('"movie"', '"person"'): "media_type: neither movie nor tv",
    answer("tt0000010", at="yesterday"): "fetched_at: not a time",
    answer("tt0000011").replace('"found"', '"lost"'): "outcome: unknown",
    answer("tt0000012", outcome="not_found").replace("not_found", "found"): "body: missing",
    answer("tt0000013").replace('"tmdb_id": 13', '"tmdb_id": null'): "tmdb_id: missing",
}
LINES = [FILM, UNKNOWN_FILM, *SUPERSEDED, *OTHER, *BAD]
