"""The local server's answers against TMDB's own OpenAPI document and recorded errors."""

import gzip
import json
from datetime import date

import pytest
from jsonschema import Draft202012Validator, ValidationError
from support.demo_client import TOKEN, get
from support.paths import SHARED

from datalake.demo.endpoints import error
from datalake.demo.replay import load_bodies
from datalake.demo.sample import BODIES_FILE, write_sample
from datalake.demo.server import TmdbServer

TMDB = SHARED / "data/tmdb"
# TMDB's document shows one example a field and knows no null; real answers hold null here.
NULLABLE = {
    "backdrop_path", "poster_path", "logo_path", "profile_path", "belongs_to_collection",
    "last_episode_to_air", "next_episode_to_air", "freebase_mid", "freebase_id", "tvdb_id",
    "tvrage_id", "wikidata_id", "facebook_id", "instagram_id", "twitter_id",
}  # fmt: skip


def strict(schema, name=""):
    """The document's schema, with every field it names required and no others allowed."""
    schema = {k: v for k, v in schema.items() if k in ("type", "properties", "items")}
    if "properties" in schema:
        properties = {k: strict(v, k) for k, v in schema["properties"].items()}
        schema |= {"properties": properties, "required": sorted(properties)}
        schema["additionalProperties"] = False
    if "items" in schema:
        schema["items"] = strict(schema["items"])
    if name == "vote_average":  # an integer in the document where its example is 0
        schema["type"] = "number"
    return {"anyOf": [schema, {"type": "null"}]} if name in NULLABLE else schema


@pytest.fixture(scope="module")
def documented():
    path = TMDB / "tmdb-openapi.json.gz"
    if not path.exists():
        pytest.skip("TMDB's OpenAPI document is not beside the project")
    with gzip.open(path) as stream:
        paths = json.load(stream)["paths"]

    def validator(path, appended=()):
        def schema(path):
            answer = paths[path]["get"]["responses"]["200"]["content"]["application/json"]
            return strict(answer["schema"])

        whole = schema(path)
        for part in appended:
            extra = schema(f"{path}/{part}")
            # Appended, a part doesn't repeat the title's id.
            del extra["properties"]["id"]
            extra["required"].remove("id")
            whole["properties"][part] = extra
            whole["required"].append(part)
        return Draft202012Validator(whole)

    return validator


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    folder = write_sample(tmp_path_factory.mktemp("sample"), titles=300).folder
    with gzip.open(folder / BODIES_FILE, "rt") as lines:
        return load_bodies([folder / BODIES_FILE]), [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    ("media_type", "path", "appended"),
    [
        ("movie", "/3/movie/{movie_id}", ("credits", "external_ids")),
        ("tv", "/3/tv/{series_id}", ("aggregate_credits", "external_ids")),
    ],
)
def test_made_up_bodies_keep_to_tmdb_s_document(documented, made_up, media_type, path, appended):
    bodies, records = made_up
    plain, whole = documented(path), documented(path, appended)
    ids = [record["tmdb_id"] for record in records if record["media_type"] == media_type]
    assert ids
    with TmdbServer(bodies, TOKEN) as server:
        for tmdb_id in ids[:12]:
            plain.validate(get(server, f"/{media_type}/{tmdb_id}")[1])
            query = f"?append_to_response={','.join(appended)}"
            whole.validate(get(server, f"/{media_type}/{tmdb_id}{query}")[1])
    body = bodies.get(media_type, ids[0])
    for broken in (
        {k: v for k, v in body.items() if k != "popularity"},
        body | {"vote_count": "9"},
        body | {"genres": [{"id": "80", "name": "Crime"}]},
        body | {"unheard_of": 1},
        body | {appended[0]: {"cast": [{}], "crew": []}},
    ):
        with pytest.raises(ValidationError):
            whole.validate(broken)


def test_find_and_changes_keep_to_tmdb_s_document(documented, made_up):
    bodies, records = made_up
    film = next(record for record in records if record["media_type"] == "movie")
    found, changed = documented("/3/find/{external_id}"), documented("/3/movie/changes")
    with TmdbServer(bodies, TOKEN) as server:
        server.mark_changed("movie", film["tmdb_id"], date(2024, 5, 1))
        answer = get(server, f"/find/{film['imdb_id']}?external_source=imdb_id")[1]
        assert answer["movie_results"]
        found.validate(answer)
        days = "start_date=2024-05-01&end_date=2024-05-01"
        answer = get(server, f"/movie/changes?{days}")[1]
        assert answer["results"]
        changed.validate(answer)


@pytest.mark.parametrize(
    "file",
    [
        "401_code7_key", "404_code34", "400_code22_page", "400_code27_append", "422_code20_range",
        "429_code25", "503_code9",
    ],
)  # fmt: skip
def test_errors_are_word_for_word_those_of_tmdb(file):
    path = TMDB / f"fixtures/errors/{file}.json"
    if not path.exists():
        pytest.skip("TMDB's recorded errors are not beside the project")
    expected = json.loads(path.read_text())
    answer = error(expected["status_code"])
    assert (answer.status, answer.body) == (int(file[:3]), expected)
