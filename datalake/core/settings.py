"""What a run is told: from arguments and the environment, read here and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from datalake.core.aws import Aws
from datalake.core.errors import SettingsError
from datalake.core.lake import DATABASE_PREFIX, Lake

DEFAULT_GENRES = ("Crime", "War")
# IMDb's own names; the files are in English, whoever reads them.
GENRES = frozenset(
    [
        "Action",
        "Adult",
        "Adventure",
        "Animation",
        "Biography",
        "Comedy",
        "Crime",
        "Documentary",
        "Drama",
        "Family",
        "Fantasy",
        "Film-Noir",
        "Game-Show",
        "History",
        "Horror",
        "Music",
        "Musical",
        "Mystery",
        "News",
        "Reality-TV",
        "Romance",
        "Sci-Fi",
        "Short",
        "Sport",
        "Talk-Show",
        "Thriller",
        "War",
        "Western",
    ]
)
TMDB_URL = "https://api.themoviedb.org/3"


@dataclass(frozen=True)
class Settings:
    """One run's settings; the token never shows in `repr`."""

    lake: Lake
    genres: tuple[str, ...] = DEFAULT_GENRES
    day: date | None = None
    max_bad_share: float = 0.01
    tmdb_url: str = TMDB_URL
    tmdb_token: str | None = field(default=None, repr=False)
    tmdb_api_key: str | None = field(default=None, repr=False)
    memory: str = "4g"
    cores: str = "*"
    java_home: str | None = None
    jar_cache: str = ""
    maven_mirror: str | None = None


def load_settings(
    lake: str | Lake,
    genres: str = ",".join(DEFAULT_GENRES),
    day: date | None = None,
    environment: Mapping[str, str] = os.environ,
    **others: object,
) -> Settings:
    """Settings from the command line and the environment; `SettingsError` names a bad one."""
    names = tuple(dict.fromkeys(name.strip() for name in genres.split(",") if name.strip()))
    if not names:
        raise SettingsError("--genres: name at least one IMDb genre, such as Crime,War")
    if unknown := sorted(set(names) - GENRES):
        raise SettingsError(
            f"--genres {','.join(unknown)}: no IMDb genre; they are {', '.join(sorted(GENRES))}"
        )
    given = {name: value for name, value in others.items() if value is not None}
    share = given.get("max_bad_share", 0.0)
    if not isinstance(share, float) or not 0 <= share <= 1:
        raise SettingsError(f"--max-bad-share {share}: a share lies between 0 and 1")
    return Settings(
        lake_at(lake, environment=environment) if isinstance(lake, str) else lake,
        names,
        day,
        tmdb_token=environment.get("TMDB_TOKEN") or None,
        tmdb_api_key=environment.get("TMDB_API_KEY") or None,
        java_home=environment.get("JAVA_HOME") or None,
        jar_cache=environment.get("DATALAKE_JARS") or str(_cache_folder(environment) / "jars"),
        maven_mirror=environment.get("DATALAKE_MAVEN_MIRROR") or None,
        **given,  # type: ignore[arg-type]
    )


def lake_at(
    root: str,
    database_prefix: str | None = None,
    region: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Lake:
    """The lake at that root, as the environment says AWS is to be asked."""
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


def _cache_folder(environment: Mapping[str, str]) -> Path:
    base = environment.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "datalake"
