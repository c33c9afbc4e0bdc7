"""A run's settings, typed: from the options that people choose, and from the environment."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from datalake.core import options
from datalake.core.aws import Aws
from datalake.core.errors import SettingsError
from datalake.core.lake import DATABASE_PREFIX, Lake


@dataclass(frozen=True)
class Settings:
    """One run's settings; neither token nor key shows in `repr`."""

    lake: Lake
    genres: tuple[str, ...] = options.GENRES.default
    day: date | None = None
    source: Path | None = None
    format: str | None = None
    film_types: tuple[str, ...] = options.FILM_TYPES.default
    series_types: tuple[str, ...] = options.SERIES_TYPES.default
    max_bad_share: float = options.MAX_BAD_SHARE.default
    max_dangling_share: float = options.MAX_DANGLING_SHARE.default
    tmdb_url: str = options.TMDB_URL.default
    tmdb_token: str | None = field(default=None, repr=False)
    tmdb_api_key: str | None = field(default=None, repr=False)
    rate: float = options.RATE.default
    threads: int = options.THREADS.default
    limit: int | None = None
    budget_seconds: float | None = None
    refresh_after: timedelta = options.REFRESH_AFTER.default
    memory: str = options.MEMORY.default
    cores: str = "*"
    java_home: str | None = None
    jar_cache: str = ""
    maven_mirror: str | None = None
    spark_conf_dir: str | None = None
    output: str | None = None
    language: str = options.LANGUAGE.default
    force: bool = False

    @property
    def source_folder(self) -> Path:
        """The folder of source files; `SettingsError` where none was named."""
        if self.source is None:
            raise SettingsError("--source is missing: name the folder with the source files")
        return self.source


def load_settings(
    lake: str | Lake,
    environment: Mapping[str, str] = os.environ,
    database_prefix: str | None = None,
    region: str | None = None,
    **values: object,
) -> Settings:
    """Settings of a run on the lake, with secrets and folders from the environment.

    `values` are those of the options, by their keys; what is not among them has its default.
    """
    if isinstance(lake, str):
        lake = lake_at(lake, database_prefix, region, environment)
    return Settings(
        lake,
        tmdb_token=environment.get("TMDB_TOKEN") or None,
        tmdb_api_key=environment.get("TMDB_API_KEY") or None,
        java_home=environment.get("JAVA_HOME") or None,
        jar_cache=environment.get("DATALAKE_JARS") or str(cache_folder(environment) / "jars"),
        maven_mirror=environment.get("DATALAKE_MAVEN_MIRROR") or None,
        spark_conf_dir=environment.get("DATALAKE_SPARK_CONF_DIR") or None,
        **values,  # type: ignore[arg-type]
    )


def lake_at(
    root: str,
    database_prefix: str | None = None,
    region: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Lake:
    """The lake at that root, with AWS's region, endpoints and encryption of the environment."""
    endpoint = environment.get("AWS_ENDPOINT_URL") or None
    prefix = environment.get("DATALAKE_DATABASE_PREFIX") or DATABASE_PREFIX
    return Lake(
        root,
        prefix if database_prefix is None else database_prefix,
        Aws(
            region or environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION"),
            environment.get("AWS_ENDPOINT_URL_S3") or endpoint,
            environment.get("AWS_ENDPOINT_URL_GLUE") or endpoint,
            environment.get("DATALAKE_S3_SSE") or None,
            environment.get("DATALAKE_S3_KMS_KEY") or None,
        ),
    )


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The user's folder for what can be fetched or made again, and for logs."""
    base = environment.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "datalake"


def ensure_home() -> None:
    """Give this process a HOME where it has none, as a container's user id without a name.

    Libraries look for it as they are imported.
    """
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = str(Path(tempfile.gettempdir()) / f"datalake-home-{os.getuid()}")
