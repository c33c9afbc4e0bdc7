"""The episodes of made-up series, each a title of its own, as in IMDb's datasets."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from datalake.demo.dataset_credits import Credit, credit_rows, crew_row
from datalake.demo.dataset_rows import EPISODES, RATINGS, Row, basics_row
from datalake.demo.facts import Facts
from datalake.demo.people import NULL
from datalake.demo.titles import Season, Title

_FIRST_ID = 20_000_000
_NO_TITLE = "tt0000001"


@dataclass
class Episodes:
    """Makes up episodes, numbered on from one series to the next."""

    rng: Random

    def __post_init__(self) -> None:
        self._ids = (f"tt{number}" for number in count(_FIRST_ID))

    def rows(self, title: Title, facts: Facts) -> Iterator[Row]:
        """The rows of a series' episodes; of a film none."""
        for number, season in enumerate(title.seasons, 1):
            yield from self._season(title, facts, number, season)
        if title.seasons and title.number % 60 == 3:
            yield (EPISODES, next(self._ids), title.title_id, "1", "999")  # no title of its own
        if title.seasons and title.number % 60 == 23:
            yield (EPISODES, next(self._ids), _NO_TITLE, "1", "1")

    def _season(self, title: Title, facts: Facts, number: int, season: Season) -> Iterator[Row]:
        for episode in range(1, season.episodes + 1):
            episode_id = next(self._ids)
            # IMDb doesn't know to which season many an episode belongs.
            place = (NULL, NULL) if title.number % 40 == 7 else (str(number), str(episode))
            yield (EPISODES, episode_id, title.title_id, *place)
            yield from self._basics(title, facts, season, episode_id, episode)
            yield crew_row(episode_id)
            if self.rng.random() < 0.1:
                rating, votes = self.rng.gauss(7, 1), self.rng.randint(5, 500)
                yield (RATINGS, episode_id, f"{min(10, max(1, rating)):.1f}", str(votes))
            if episode == 1:
                lead, played = title.cast[0]
                yield from credit_rows(episode_id, [Credit(lead, lead.job, NULL, played)])

    def _basics(
        self, title: Title, facts: Facts, season: Season, episode_id: str, episode: int
    ) -> Iterator[Row]:
        late = title.number % 20 == 3 and episode > season.episodes * 2 // 3
        year = NULL if self.rng.random() < 0.02 else season.year + late
        name = f"Episode {episode}" if title.number % 12 != 3 or episode > 1 else '"The Beginning'
        own = facts._replace(year=year, end_year=NULL)
        yield basics_row(episode_id, "tvEpisode", (name, name), own)
