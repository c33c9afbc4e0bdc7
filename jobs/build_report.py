"""The answers → the page, as a job on Glue or by spark-submit."""

from datalake import glue
from datalake.glue.arguments import LANGUAGE, OUTPUT
from datalake.pipeline.report import write_report

if __name__ == "__main__":
    with glue.spark_job("build_report", OUTPUT, LANGUAGE) as (tables, _, given):
        print(write_report(tables, given["output"], given["language"]))
