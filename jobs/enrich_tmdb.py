"""TMDB's answers on the titles in scope → Raw, as a job."""

from datalake import glue
from datalake.glue.arguments import TMDB
from datalake.pipeline.enrich import enrich_lake

TERMS = ("threads", "limit", "budget_seconds", "refresh_after")

if __name__ == "__main__":
    with glue.job("enrich_tmdb", *TMDB) as (settings, given):
        terms = {name: given[name] for name in TERMS}
        enrich_lake(settings, terms, given["rate"], glue.tell)
