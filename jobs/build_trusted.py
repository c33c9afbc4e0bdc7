"""Raw → Trusted, as a job on Glue or by spark-submit."""

from datalake import glue
from datalake.glue.arguments import MAX_BAD
from datalake.pipeline.trusted import build_trusted

if __name__ == "__main__":
    with glue.spark_job("build_trusted", MAX_BAD) as (tables, settings, _):
        build_trusted(tables, settings)
