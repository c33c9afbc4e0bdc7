"""Enrich as of another moment: python enrich_at.py LAKE URL ISO_TIME."""

import sys
from datetime import datetime

from tmdb_lab import TOKEN

from datalake.core.lake import Lake
from datalake.enrichment.run import EnrichOptions, enrich
from datalake.sources.tmdb.auth import Bearer
from datalake.sources.tmdb.client import TmdbClient

lake, url, now = sys.argv[1:]
moment = datetime.fromisoformat(now)
enrich(
    Lake(lake),
    TmdbClient(Bearer(TOKEN), url),
    ("Crime", "War"),
    options=EnrichOptions(now=lambda: moment),
)
