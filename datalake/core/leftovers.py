"""Half-written files of killed runs, wherever the lake writes: beside tables and the page too."""

import re
from datetime import UTC, datetime, timedelta

from datalake.core.lake import Lake

_OWN_PATH = re.compile(r"(Raw|Quarantine|Publishing|Trusted|Refined|Answers)/|\.index\.html\.")
"""Where the lake writes: its folder may hold files of others, too."""


def delete_unfinished(lake: Lake, age: timedelta, dry_run: bool = False) -> list[str]:
    """Delete what killed runs left half written before that age; return the keys."""
    before = datetime.now(UTC) - age
    keys = sorted(
        key
        for key, modified in lake.storage.unfinished("").items()
        if modified < before and _OWN_PATH.match(key)
    )
    for key in () if dry_run else keys:
        lake.storage.delete(key)
    return keys
