"""The answers → the page, as a job on Glue or by spark-submit."""

from datalake import glue
from datalake.pipeline.report import write_report

if __name__ == "__main__":
    with glue.spark_job("report") as (tables, settings):
        print(write_report(tables, settings))
