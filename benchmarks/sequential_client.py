"""How public pipelines ask: one title after another, two calls, a pause of half a second.

python sequential_client.py URL IMDB_ID...    prints titles, answers and seconds as JSON

No session, no retry, an error is a title lost; kept as plain as its models.
"""

import json
import sys
import time

import requests
from tmdb_lab import TOKEN


def main(url: str, ids: list[str]) -> None:
    """Ask for each title, films by the movie page and series by the TV page."""
    began, answers = time.perf_counter(), 0
    for imdb_id in ids:
        found = requests.get(
            f"{url}/find/{imdb_id}",
            params={"api_key": TOKEN, "external_source": "imdb_id"},
            timeout=30,
        ).json()
        for media_type in ("movie", "tv"):
            for result in found.get(f"{media_type}_results", [])[:1]:
                page = f"{url}/{media_type}/{result['id']}"
                answer = requests.get(page, params={"api_key": TOKEN}, timeout=30)
                answers += answer.status_code == 200
        time.sleep(0.5)
    seconds = time.perf_counter() - began
    print(json.dumps({"titles": len(ids), "answers": answers, "seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
