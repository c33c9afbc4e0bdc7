"""What must become of a TMDB body in Trusted, in plain Python: fields read leniently, or lost."""

import json
import math
import re
from dataclasses import dataclass, field
from datetime import date

_NUMBER = re.compile(r" *[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)? *")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
ANY = "some text"
"""A text that isn't compared: Java writes numbers and half surrogate pairs in its own way."""


@dataclass
class Reading:
    """One body, read; `lost` holds the paths of values that can't be used."""

    body: dict
    is_film: bool
    lost: list[str] = field(default_factory=list)

    def title(self):
        """The columns of its row in tmdb_titles."""
        film, body = self.is_film, self.body
        run_times = self.list_of("episode_run_time", lambda item, at: self.whole(item, at, 32))
        numbers = {
            name: self.whole(body.get(name), name, bits)
            for name, bits in (
                *(("runtime", 32), ("budget", 64), ("revenue", 64), ("vote_count", 32)),
                *(("number_of_seasons", 32), ("number_of_episodes", 32)),
            )
        }
        collection = self.object(body.get("belongs_to_collection"), "belongs_to_collection")
        collection_id = self.whole(_get(collection, "id"), "id", 64)
        average = self.number(body.get("vote_average"), "vote_average")
        texts = {
            name: self.text(body.get(name), name)
            for name in ("title", "name", "original_language", "status")
        }
        dates = {
            name: self.date(body.get(name), name)
            for name in ("release_date", "first_air_date", "last_air_date")
        }
        released = "first_air_date" if body.get("release_date") is None else "release_date"
        votes = numbers["vote_count"]
        run_time = run_times[0] if run_times else None
        return {
            "title": texts["name" if body.get("title") is None else "title"],
            "original_language": texts["original_language"],
            "status": texts["status"],
            "release_date": dates[released],
            "last_air_date": dates["last_air_date"],
            "runtime_minutes": _positive(
                run_time if numbers["runtime"] is None else numbers["runtime"]
            ),
            "budget": _positive(numbers["budget"]) if film else None,
            "revenue": _positive(numbers["revenue"]) if film else None,
            "collection_id": _positive(collection_id) if film else None,
            "popularity": self.number(body.get("popularity"), "popularity"),
            "tmdb_rating": _positive(average) if votes is not None and votes > 0 else None,
            "tmdb_votes": votes,
            "seasons": None if film else _positive(numbers["number_of_seasons"]),
            "episodes": None if film else _positive(numbers["number_of_episodes"]),
        }

    def genres(self):
        """How many genres have a name; None where there is no list of them."""
        items = self.list_of("genres", self.object)
        return None if items is None else sum(_get(item, "name") is not None for item in items)

    def credits(self):
        """How many rows of tmdb_credits: persons by role."""
        pairs = {(person, "creator") for person in self.people("created_by", self.body)}
        for name, jobs in (("credits", None), ("aggregate_credits", "jobs")):
            group = self.object(self.body.get(name), name)
            cast, crew = (_get(group, part) for part in ("cast", "crew"))
            for member in self.members(cast, f"{name}.cast"):
                pairs.add((self.whole(_get(member, "id"), "id", 64), "actor"))
                self.whole(_get(member, "order"), "order", 32)
                if jobs:
                    self.whole(_get(member, "total_episode_count"), "episodes", 32)
                    self.held(_get(member, "roles"), "roles")
            for member in self.members(crew, f"{name}.crew"):
                person = self.whole(_get(member, "id"), "id", 64)
                held = self.held(_get(member, jobs), jobs) if jobs else [member]
                pairs |= {(person, _role(_get(item, "job"))) for item in held}
        return sum(person is not None and role is not None for person, role in pairs)

    def seasons(self):
        """How many rows of tmdb_seasons."""
        numbers = set()
        for season in self.members(self.body.get("seasons"), "seasons"):
            numbers.add(self.whole(_get(season, "season_number"), "season_number", 32))
            self.whole(_get(season, "episode_count"), "episode_count", 32)
            self.date(_get(season, "air_date"), "air_date")
        return len(numbers - {None})

    def people(self, name, container):
        return [
            self.whole(_get(member, "id"), "id", 64)
            for member in self.members(container.get(name), name)
        ]

    def held(self, value, path):
        items = self.members(value, path)
        for item in items:
            self.whole(_get(item, "episode_count"), "episode_count", 32)
        return items

    def members(self, value, path):
        return self.items(value, path, self.object) or []

    def list_of(self, name, read):
        return self.items(self.body.get(name), name, read)

    def items(self, value, path, read):
        """Each item of a list as `read` gives it; None where it is none."""
        parsed = _parsed(value)
        if isinstance(parsed, list):
            return [read(item, f"{path}[]") for item in parsed]
        return self._lose(value, path)

    def object(self, value, path):
        parsed = _parsed(value)
        if isinstance(value, str) and not value.strip():
            return None  # Spark's reader takes a blank text as nothing
        return parsed if isinstance(parsed, dict) else self._lose(value, path)

    def whole(self, value, path, bits):
        number = _number(value)
        fits = number is not None and math.isfinite(number) and number == math.floor(number)
        if fits and -(2 ** (bits - 1)) <= int(number) < 2 ** (bits - 1):
            return int(number)
        return self._lose(value, path)

    def number(self, value, path):
        number = _number(value)
        return float(number) if number is not None else self._lose(value, path)

    def text(self, value, path):
        if isinstance(value, dict | list) or isinstance(_parsed(value), dict | list):
            return self._lose(value, path)
        if isinstance(value, str) and not _is_odd(value):
            return value or None
        return None if value is None else ANY

    def date(self, value, path):
        if isinstance(value, str) and _DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        return self._lose(value, path)

    def _lose(self, value, path):
        if value not in (None, ""):
            self.lost.append(path)


def _get(item, name):
    return item.get(name) if isinstance(item, dict) else None


def _role(job):
    """A job as a role; one that is no text as what it is in JSON."""
    return job.lower() if isinstance(job, str | None) and job is not None else _dumped(job)


def _dumped(job):
    return None if job is None else json.dumps(job)


def _positive(value):
    return value if value is not None and value > 0 else None


def _number(value):
    """The finite number that a JSON number or a text is; None for anything else."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value) if re.search("[.eE]", value) else int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) else None


def _parsed(value):
    """A list or an object, also where it comes as its JSON in a text."""
    if not isinstance(value, str) or not value.lstrip().startswith(("[", "{")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _is_odd(text):
    return any("\ud800" <= letter <= "\udfff" for letter in text)
