"""Trusted → Refined, as a job on Glue or by spark-submit."""

from datalake import glue
from datalake.pipeline.refined import build_refined

if __name__ == "__main__":
    glue.run_step("refined", build_refined)
