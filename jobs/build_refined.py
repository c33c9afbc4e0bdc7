"""Trusted → Refined, as a job on Glue or by spark-submit."""

from datalake import glue
from datalake.pipeline.refined import build_refined

if __name__ == "__main__":
    with glue.spark_job("refined") as (tables, settings):
        build_refined(tables, settings)
