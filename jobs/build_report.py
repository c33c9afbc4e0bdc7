"""The answers → the page, as a job on Glue or by spark-submit."""

from datalake import glue
from datalake.pipeline.report import write_report

if __name__ == "__main__":
    glue.run_step("report", lambda tables, settings: write_report(tables.query, settings))
