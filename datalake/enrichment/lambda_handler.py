"""One invocation of the enrichment where time is rationed: what it is told, and what is left.

Called again and again by a state machine until nothing is left, it must get on each time or fail.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from datalake.core.errors import LakeError, SettingsError
from datalake.core.settings import DEFAULT_GENRES, TMDB_URL, Settings, load_settings
from datalake.enrichment.due import REFRESH_AFTER
from datalake.enrichment.run import EnrichOptions, enrich
from datalake.sources.tmdb.client import DEFAULT_RATE, TmdbClient
from datalake.sources.tmdb.rate_limiter import RateLimiter
from datalake.sources.tmdb.secret import fetch_token

_VARIABLES = {
    "lake": "DATALAKE_LAKE",
    "genres": "DATALAKE_GENRES",
    "rate": "DATALAKE_RATE",
    "threads": "DATALAKE_THREADS",
    "limit": "DATALAKE_LIMIT",
    "refresh_after": "DATALAKE_REFRESH_AFTER",
    "margin_seconds": "DATALAKE_MARGIN_SECONDS",
}


@dataclass(frozen=True)
class Invocation:
    """What an invocation is told; `secret_id` names the secret that holds TMDB's token.

    `margin_seconds` are kept to finish the requests on the way and to persist the last part.
    """

    settings: Settings
    secret_id: str
    terms: EnrichOptions
    rate: float = DEFAULT_RATE
    margin_seconds: float = 60

    @classmethod
    def of(cls, event: Mapping[str, Any], environment: Mapping[str, str]) -> "Invocation":
        """From an event, over the environment; other keys of the event are passed over.

        Where TMDB and its token are found no event decides. `SettingsError` names a bad value.
        """
        told = {key: environment[name] for key, name in _VARIABLES.items() if environment.get(name)}
        told |= {key: event[key] for key in (*_VARIABLES, "day") if event.get(key) is not None}
        secret_id = environment.get("TMDB_SECRET_ID", "")
        for name, value in (("DATALAKE_LAKE", told.get("lake")), ("TMDB_SECRET_ID", secret_id)):
            if not value:
                raise SettingsError(f"{name}: not set")
        return cls(
            load_settings(
                str(told["lake"]),
                _genres(told.get("genres", DEFAULT_GENRES)),
                _day(told.get("day")),
                environment,
                tmdb_url=environment.get("TMDB_URL") or TMDB_URL,
            ),
            secret_id,
            _terms(told),
            _number(told, "rate", DEFAULT_RATE),
            _number(told, "margin_seconds", 60),
        )


def enrich_within(invocation: Invocation, seconds: float) -> dict[str, Any]:
    """Enrich for so many seconds less the margin; what is left, whether all is done, the summary.

    `LakeError` where no title could be asked for in that time: calling again would be in vain.
    """
    budget = seconds - invocation.margin_seconds
    if budget <= 0:
        raise SettingsError(
            f"margin_seconds {invocation.margin_seconds:g}: {seconds:.0f} s are there in all;"
            " allow the function more time"
        )
    given = invocation.settings
    limit = RateLimiter(invocation.rate)
    client = TmdbClient(fetch_token(invocation.secret_id), given.tmdb_url, limit)
    options = replace(invocation.terms, budget_seconds=budget)
    summary = enrich(given.lake, client, given.genres, given.day, options)
    if summary.due and summary.left == summary.due:
        raise LakeError(
            f"{given.lake.root}: {budget:.0f} s went into finding what is due, none were left to"
            " ask; allow the function more time or memory"
        )
    told = json.loads(summary.to_json())
    return {"left": summary.left, "done": summary.left == 0, "summary": told}


def _terms(told: Mapping[str, Any]) -> EnrichOptions:
    days = _number(told, "refresh_after", REFRESH_AFTER.days, least=1)
    return EnrichOptions(
        threads=int(_number(told, "threads", EnrichOptions.threads, least=1)),
        limit=int(_number(told, "limit", 0, least=1)) or None,
        refresh_after=timedelta(days=days),
    )


def _genres(value: Any) -> str:
    return value if isinstance(value, str) else ",".join(map(str, value))


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except (TypeError, ValueError):
        raise SettingsError(f"day {value!r}: expected YYYY-MM-DD") from None


def _number(told: Mapping[str, Any], key: str, default: float, least: float = 0) -> float:
    if key not in told:
        return default
    try:
        number = float(told[key])
    except (TypeError, ValueError):
        number = math.nan
    if not least <= number < math.inf:
        raise SettingsError(
            f"{key} {told[key]!r} ({_VARIABLES[key]}): expected a number from {least:g}"
        )
    return number
