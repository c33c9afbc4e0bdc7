# Puts IMDb's files into a lake's Raw. The files are a volume, credentials come from
# the environment: neither is in the image. docs/runbook.md has the commands.
FROM python:3.11.14-slim-trixie

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1

COPY infra/requirements-ingest.txt /build/
RUN pip install --require-hashes --requirement /build/requirements-ingest.txt

COPY setup.py pyproject.toml /build/
COPY datalake /build/datalake
RUN pip install --no-deps --no-build-isolation /build && rm -rf /build

# No user of that number is needed: it owns nothing and may write to nothing but /tmp.
USER 10001
WORKDIR /tmp
VOLUME /data
ENTRYPOINT ["datalake", "ingest", "--source", "/data"]
