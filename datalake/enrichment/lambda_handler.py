"""The Lambda of enrichment: each invocation asks for titles until its time is nearly up.

A state machine invokes it until no title is left, so an invocation makes progress or fails.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from datalake.core.errors import LakeError, SettingsError
from datalake.core.logs import log_figures
from datalake.core.options import DAY, IN_LAMBDA, LAKE, MARGIN_SECONDS, TMDB_URL, Option
from datalake.core.settings import Settings, load_settings
from datalake.enrichment.run import EnrichOptions, enrich
from datalake.sources.tmdb.client import TmdbClient
from datalake.sources.tmdb.rate_limiter import RateLimiter
from datalake.sources.tmdb.secret import fetch_token

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Invocation:
    """One invocation's settings; `secret_id` names the secret that holds TMDB's token.

    `margin_seconds` are reserved for requests in flight and for writing the last part to Raw.
    """

    settings: Settings
    secret_id: str
    margin_seconds: float = MARGIN_SECONDS.default

    @classmethod
    def of(cls, event: Mapping[str, Any], environment: Mapping[str, str]) -> "Invocation":
        """From an event, over the environment; other keys of the event are ignored.

        TMDB's URL and token come from the environment alone. `SettingsError` names a bad value.
        """
        secret_id = environment.get("TMDB_SECRET_ID", "")
        lake = event.get(LAKE.key) or environment.get(LAKE.variable)
        for name, value in ((LAKE.variable, lake), ("TMDB_SECRET_ID", secret_id)):
            if not value:
                raise SettingsError(f"{name}: not set")
        values = {option.key: _value(option, event, environment) for option in IN_LAMBDA}
        margin_seconds = values.pop(MARGIN_SECONDS.key)
        tmdb_url = TMDB_URL.parse(environment.get("TMDB_URL", ""), "TMDB_URL")
        settings = load_settings(environment=environment, tmdb_url=tmdb_url, **values)
        return cls(settings, secret_id, margin_seconds)


def enrich_within(invocation: Invocation, seconds: float) -> dict[str, Any]:
    """Enrich for `seconds` less the margin; return titles left, whether done, and the summary.

    `LakeError` where the time was too short for a single title: another invocation would fail too.
    """
    budget = seconds - invocation.margin_seconds
    if budget <= 0:
        raise SettingsError(
            f"margin_seconds {invocation.margin_seconds:g}: {seconds:.0f} s are there in all;"
            " allow the function more time"
        )
    settings = replace(invocation.settings, budget_seconds=budget)
    limiter = RateLimiter(settings.rate)
    client = TmdbClient(fetch_token(invocation.secret_id), settings.tmdb_url, limiter)
    options = EnrichOptions.from_settings(settings)
    summary = enrich(settings.lake, client, settings.genres, settings.day, options)
    if summary.due and summary.left == summary.due:
        raise LakeError(
            f"{settings.lake.root}: {budget:.0f} s went into finding what is due, none were left"
            " to ask; allow the function more time or memory"
        )
    figures = json.loads(summary.to_json())
    log_figures(_log, "enriched", **figures)
    return {"left": summary.left, "done": summary.left == 0, "summary": figures}


def _value(option: Option[Any], event: Mapping[str, Any], environment: Mapping[str, str]) -> Any:
    """The option's value by the event, else by its variable, else its default."""
    value = event.get(option.key)
    if value is None:
        value = "" if option is DAY else environment.get(option.variable, "")
    text = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return option.parse(text, f"{option.key} {value!r} ({option.variable})")
