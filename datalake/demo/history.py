"""The sample a month before: fewer votes, and one film that has risen since."""

from random import Random

from datalake.demo.facts import Facts
from datalake.demo.titles import Title
from datalake.schemas.kinds import Kind

MONTH_BEFORE = "month-before"
"""The folder beside the sample's files that holds theirs of a month before."""

_GAIN, _RISERS_GAIN = 0.02, 0.6
_FEWEST_VOTES = 1_000


class MonthBefore:
    """A title's facts a month before; the first film in scope with 1,000 votes is the riser."""

    def __init__(self) -> None:
        self.riser: str | None = None

    def __call__(self, title: Title, facts: Facts) -> Facts:
        """Fewer votes: by a fiftieth, more or less, the riser's by three fifths."""
        gained = facts.votes * _GAIN * Random(title.title_id).lognormvariate(0, 0.5)  # noqa: S311
        if self.riser is None and _can_rise(title, facts):
            self.riser, gained = title.title_id, facts.votes * _RISERS_GAIN
        return facts._replace(votes=max(facts.votes - round(gained), 5))


def _can_rise(title: Title, facts: Facts) -> bool:
    is_film = title.in_scope and title.kind is Kind.MOVIE
    return is_film and not title.acclaimed and facts.votes >= _FEWEST_VOTES
