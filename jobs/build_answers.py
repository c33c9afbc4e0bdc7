"""Refined → the answers, as a job on Glue or by spark-submit."""

from datalake import glue
from datalake.pipeline.answers import build_answers

if __name__ == "__main__":
    glue.run_step("answers", build_answers)
