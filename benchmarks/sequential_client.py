"""How public pipelines call TMDB: one title after another, two calls, a pause of half a second.

python sequential_client.py URL IMDB_ID...    prints titles, responses and seconds as JSON

No session, no retry, an error is a title lost; kept as simple as its models.
"""

import json
import sys
import time

import requests
from tmdb_lab import TOKEN


def main(url: str, ids: list[str]) -> None:
    """Ask for each title, films by the movie page and series by the TV page."""
    started, responses = time.perf_counter(), 0
    for imdb_id in ids:
        matches = requests.get(
            f"{url}/find/{imdb_id}",
            params={"api_key": TOKEN, "external_source": "imdb_id"},
            timeout=30,
        ).json()
        for media_type in ("movie", "tv"):
            for result in matches.get(f"{media_type}_results", [])[:1]:
                page = f"{url}/{media_type}/{result['id']}"
                response = requests.get(page, params={"api_key": TOKEN}, timeout=30)
                responses += response.status_code == 200
        time.sleep(0.5)
    seconds = time.perf_counter() - started
    print(json.dumps({"titles": len(ids), "responses": responses, "seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
