"""IMDb's datasets → Trusted: what is wanted is found by its ids before anything is shuffled."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from datalake.schemas.table import Table
from datalake.schemas.title_types import TitleTypes
from datalake.schemas.trusted import CREDITS, EPISODES, PERSONS, QUARANTINE, TITLES
from datalake.sources.cleaned import Cleaned, FileAccount, ReadLines, Staged
from datalake.sources.imdb_datasets.credits import Principals
from datalake.sources.imdb_datasets.crew import Crew
from datalake.sources.imdb_datasets.episodes import Episodes
from datalake.sources.imdb_datasets.lines import read
from datalake.sources.imdb_datasets.persons import Names
from datalake.sources.imdb_datasets.ratings import Ratings
from datalake.sources.imdb_datasets.raw import BASICS, CREW, EPISODE, NAMES, PRINCIPALS, RATINGS
from datalake.sources.imdb_datasets.titles import Basics, title_ids
from datalake.sources.source_file import SourceFile


def clean(files: Sequence[SourceFile], read_lines: ReadLines, title_types: TitleTypes) -> Cleaned:
    """Titles, credits, episodes, persons and rejected lines of the six files."""
    cleaning = _Cleaning(files, read_lines, title_types)
    return Cleaned(
        titles=cleaning.titles(),
        tables={},
        rejected=cleaning.rejected,
        accounts=cleaning.accounts,
        later=(cleaning.tables_of_titles, cleaning.tables_of_credits),
        at_once=2,
    )


class _Cleaning:
    """The six files on their way: titles, then what their ids let through, then who is credited."""

    def __init__(
        self, files: Sequence[SourceFile], read_lines: ReadLines, title_types: TitleTypes
    ) -> None:
        self._files = {file.spec: file for file in files}
        lines = {spec: read(file, read_lines) for spec, file in self._files.items()}
        self._basics = Basics(lines[BASICS], title_types)
        self._ratings = Ratings(lines[RATINGS])
        self._principals = Principals(lines[PRINCIPALS])
        self._crew = Crew(lines[CREW])
        self._episodes = Episodes(lines[EPISODE])
        self._names = Names(lines[NAMES])

    def titles(self) -> DataFrame:
        """The films and series; the ids of both big files are read beside them."""
        # A file is read by one task; and a broadcast, which has a time limit, must not wait for it.
        pool = ThreadPoolExecutor(thread_name_prefix="ids")
        self._counts = [pool.submit(ids.count) for ids in (self._basics.ids, self._names.ids)]
        pool.shutdown(wait=False)
        return self._basics.titles(self._ratings.rows())

    def tables_of_titles(self, staged: Staged) -> Mapping[Table, DataFrame]:
        """Credits and episodes of the titles that are staged."""
        for future in self._counts:
            future.result()
        self._title_ids = title_ids(staged(TITLES), self._basics.ids).persist()
        self._title_ids.count()
        crew = self._crew.credits(self._title_ids, self._names.ids)
        years, ratings = self._basics.start_years(), self._ratings.rows()
        return {
            CREDITS: self._principals.credits(self._title_ids, self._names.ids, crew),
            EPISODES: self._episodes.episodes(self._title_ids, years, ratings),
        }

    def tables_of_credits(self, staged: Staged) -> Mapping[Table, DataFrame]:
        """The persons of the credits that are staged."""
        counts = staged(EPISODES).agg(F.count("*"), F.count("imdb_rating")).collect()
        self._episode_count, self._rated_episodes = counts[0]
        return {PERSONS: self._names.persons(staged(CREDITS))}

    def accounts(self) -> list[FileAccount]:
        return [
            self._basics.account(self._episode_count),
            self._ratings.account(self._title_ids, self._rated_episodes),
            self._principals.account(),
            self._crew.account(self._principals.crew_credits()),
            self._episodes.account(),
            self._names.account(),
        ]

    def rejected(self) -> DataFrame:
        """One row per rejected line of any file."""
        rejected = {
            BASICS: self._basics.rejected(),
            RATINGS: self._ratings.rejected(),
            PRINCIPALS: self._principals.rejected(),
            CREW: self._crew.rejected(),
            EPISODE: self._episodes.rejected(),
            NAMES: self._names.rejected(),
        }
        frames = [
            lines.withColumn("source", F.lit(spec.name))
            .withColumn("snapshot", F.lit(self._files[spec].id))
            .select(*QUARANTINE.names)
            for spec, lines in rejected.items()
        ]
        return reduce(DataFrame.unionByName, frames)
