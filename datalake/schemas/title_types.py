"""Which of IMDb's title types are films and which are series: one rule for Python and Spark."""

from dataclasses import dataclass

from datalake.core import options
from datalake.core.errors import SettingsError
from datalake.core.settings import Settings
from datalake.schemas.kinds import Kind


@dataclass(frozen=True)
class TitleTypes:
    """IMDb's title types of each kind; titles of other types are in no table."""

    film: tuple[str, ...] = options.FILM_TYPES.default
    series: tuple[str, ...] = options.SERIES_TYPES.default

    def __post_init__(self) -> None:
        if both := set(self.film) & set(self.series):
            raise SettingsError(
                f"--film-types {','.join(self.film)}: {', '.join(sorted(both))} is in"
                " --series-types, too; a title is a film or a series"
            )

    @classmethod
    def from_settings(cls, settings: Settings) -> "TitleTypes":
        """The types in a run's settings; `SettingsError` where one is of both kinds."""
        return cls(settings.film_types, settings.series_types)

    def of(self, kind: Kind) -> tuple[str, ...]:
        """The title types of that kind."""
        return {Kind.MOVIE: self.film, Kind.SERIES: self.series}[kind]


DEFAULT_TITLE_TYPES = TitleTypes()
