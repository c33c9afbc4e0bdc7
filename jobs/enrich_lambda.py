"""The Lambda of enrichment: asks TMDB until little time is left, and returns what is left.

Call it again until `done`: {"left": titles, "done": bool, "summary": {...}}.
"""

import os
from typing import Any

from datalake.enrichment.lambda_handler import Invocation, enrich_within


def handler(event: dict[str, Any] | None, context: Any) -> dict[str, Any]:
    """Enrich as the event and, where it is silent, the environment say."""
    invocation = Invocation.of(event or {}, os.environ)
    return enrich_within(invocation, context.get_remaining_time_in_millis() / 1000)
