"""Enrich as of another moment: python enrich_at.py LAKE URL ISO_TIME."""

import sys
from datetime import datetime

from tmdb_lab import TOKEN

from datalake.base.lake import Lake
from datalake.raw.enrich import Terms, enrich
from datalake.raw.tmdb import TmdbClient
from datalake.raw.token import Bearer

lake, url, now = sys.argv[1:]
moment = datetime.fromisoformat(now)
enrich(
    Lake(lake), TmdbClient(Bearer(TOKEN), url), ("Crime", "War"), terms=Terms(now=lambda: moment)
)
