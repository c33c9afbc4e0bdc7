"""Raw → Trusted, as a job on Glue or by spark-submit."""

from datalake import glue
from datalake.pipeline.trusted import build_trusted

if __name__ == "__main__":
    glue.run_step("trusted", build_trusted)
