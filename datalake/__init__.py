"""A film and series data lake: IMDb files and the TMDB API in, answered questions out.

The public surface is what `__all__` names; each name is loaded when it is first used, so that
importing the package is instant and starts nothing. docs/api.md shows it at work.
"""

from importlib import import_module
from typing import Any

__version__ = "0.2.0"

_MODULES = {
    "datalake.api": ("OpenLake", "open_lake"),
    "datalake.core.errors": ("DatalakeError",),
    "datalake.core.lake": ("Lake",),
    "datalake.core.settings": ("Settings", "load_settings"),
    "datalake.pipeline.population": ("fetch_population",),
    "datalake.questions.registry": ("QUESTIONS",),
    "datalake.refined.dimensions": ("bridge_title_genre", "dim_genre", "dim_person", "dim_title"),
    "datalake.refined.facts": ("fact_credit", "fact_season", "fact_title"),
    "datalake.schemas.kinds": ("Kind",),
    "datalake.sources.tmdb.auth": ("ApiKey", "Bearer"),
    "datalake.sources.tmdb.client": ("TmdbClient",),
    "datalake.sql.snapshots": ("table_files",),
    "datalake.trusted.parsing": ("decimal", "listed", "number", "text"),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}

__all__ = ["__version__", *_MODULE_OF]  # noqa: PLE0604 - names, all of them


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'datalake' has no attribute {name!r}")
    return getattr(import_module(_MODULE_OF[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
