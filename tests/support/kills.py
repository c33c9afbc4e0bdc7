"""Kills `datalake` at random moments, and checks that the next run ends as if nobody had.

python tests/support/kills.py folder --kills 50 --seed 1    (or s3: an emulated one)

A trial follows from its seed: which command is killed, when, and whether its Java dies with it.
"""

import argparse
import contextlib
import os
import shutil
import signal
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from support.command import start
from support.lake_state import differences, leftovers, mixed_layers, state_of
from support.lakes import settings_at, tables_of
from support.on_aws import bucket, emulated, lake_on

from datalake.core.intent import INTENT
from datalake.core.lease import leased
from datalake.core.table_paths import RELOCATION
from datalake.demo.replay import load_bodies
from datalake.demo.sample import BODIES_FILE, write_sample
from datalake.demo.server import TmdbServer
from datalake.pipeline.answers import build_answers
from datalake.pipeline.enrich import enrich_lake
from datalake.pipeline.refined import build_refined
from datalake.pipeline.report import write_report
from datalake.pipeline.trusted import build_trusted
from datalake.pipeline.up_to_date import is_up_to_date
from datalake.questions.registry import TABLES
from datalake.sources.ingestion import ingest
from datalake.spark import maintenance
from datalake.spark.publishing import load_table
from datalake.spark.relocation import relocate_tables
from datalake.spark.tables import LEASE

TOKEN, DAY, TITLES = "a-token", date(2026, 1, 10), 60
STEPS = {
    "trusted": build_trusted,
    "refined": build_refined,
    "answers": build_answers,
    "report": write_report,
}
TABLE = "Refined.dim_title"


class Lab:
    """Two sources, a local TMDB that knows both, and lakes of one kind in a folder or a bucket."""

    def __init__(self, folder, tmdb_url, address=None):
        self.folder, self.tmdb_url, self.address = folder, tmdb_url, address
        self.lakes, self.seconds, self.states = 0, {}, {}
        self.sources = {"whole": folder / "whole", "part": folder / "part"}
        self.current = None  # the source that the grown lake was last built of

    def new_lake(self):
        """Settings of a lake that isn't there yet."""
        self.lakes += 1
        if self.address:
            return lake_on("films-kills", f"kills{self.lakes}_", self.address, f"lake{self.lakes}")
        return settings_at(self.folder / f"lake{self.lakes}")

    def words(self, settings, action, source=None):
        """The command line of an action on the lake."""
        lake = ("--lake", settings.lake.root)
        if settings.lake.on_s3:
            lake += ("--database-prefix", settings.lake.database_prefix)
        if action == "maintain":
            return ("maintain", *lake, "--keep-days", 0, "--keep", 2, "--memory", "1g")
        if action == "rollback":
            snapshot = self.earlier_snapshot(settings)
            return ("rollback", *lake, "--table", TABLE, "--snapshot", snapshot, "--memory", "1g")
        tmdb = ("--tmdb-url", self.tmdb_url, "--rate", 100)
        words = ("--source", self.sources[source], "--day", DAY, "--memory", "1g")
        return ("run", *lake, *tmdb, *words)

    def measure(self):
        """Learn how long the commands take, from a run of the other source."""
        self.current, began = "part", time.monotonic()
        words = self.words(self.grown, "run", self.current)
        process = start(*words, cwd=self.folder, TMDB_TOKEN=TOKEN)
        _, errors = process.communicate(timeout=540)
        assert process.returncode == 0, errors
        run = time.monotonic() - began
        self.seconds = {"run": run, "maintain": run / 2, "rollback": run / 3}
        assert differences(state_of(self.grown), self.states["part"]) == []

    def finish(self, settings, source):
        """A run to its end, of this process's Spark; steps that are up to date are left out."""
        settings = replace(settings, source=self.sources[source], day=DAY, rate=400.0)
        settings = replace(settings, tmdb_url=self.tmdb_url, tmdb_token=TOKEN)
        ingest(settings.lake, settings.source, DAY)
        enrich_lake(settings)
        with leased(settings.lake.storage, LEASE, "the next run") as lease:
            relocate_tables(settings.lake)
            tables = tables_of(settings)
            tables.lease = lease
            tables.recover()
            for step, build in STEPS.items():
                if not is_up_to_date(step, settings):
                    build(tables, settings)
            assert all(is_up_to_date(step, settings) for step in STEPS)

    def earlier_snapshot(self, settings):
        """The snapshot that the table had before the current one."""
        tables = tables_of(settings)
        table = next(table for table in TABLES if f"{table.layer}.{table.name}" == TABLE)
        iceberg = load_table(tables.spark, tables.lake, tables.name(table))
        ids = [entry.snapshotId() for entry in iceberg.history()]
        return next(i for i in ids[-2::-1] if i != ids[-1] and iceberg.snapshot(i))


def kill(process, group):
    """Kill the command, its Java too or not; what has Java still does goes on for a moment."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL) if group else process.kill()


def wait_for(process, is_there):
    """Wait until something is there or the process has ended."""
    while process.poll() is None and not is_there():
        time.sleep(0.005)


def run_killed(lab, rng, settings, words, aim=None):
    """Start the command, kill it at a random moment; a text that says when and how.

    `aim` is a key, and how often it is to appear first; the kill follows it within a moment.
    """
    group = rng.random() < 0.7
    moment = rng.random()
    process = start(*words, cwd=lab.folder, TMDB_TOKEN=TOKEN)
    if aim:
        key, times = aim
        folder = key.partition("/")[0]
        for number in range(times):
            wait_for(process, lambda: key in settings.lake.storage.list(folder))
            if number < times - 1:
                wait_for(process, lambda: key not in settings.lake.storage.list(folder))
        delay = moment * 0.6
    else:
        delay = moment * lab.seconds[words[0]]
    began = time.monotonic()
    while process.poll() is None and time.monotonic() - began < delay:
        time.sleep(0.002)
    ended = process.poll() is not None
    kill(process, group)
    process.wait()  # a lease sees that its owner is dead
    how = f"{delay:.2f} s{f' after {key} no. {times}' if aim else ''}"
    how += ", with its Java" if group else ", its Java left alone"
    return process, how + (", had ended" if ended else "")


def trial(lab, seed, actions):
    """One kill by its seed, the next run, and what is wrong then: nothing, or texts."""
    rng = Random(seed)
    action = rng.choice(actions)
    fresh = action == "first run"
    settings = lab.new_lake() if fresh else lab.grown
    if action == "relocation":
        shutil.move(settings.lake.root, lab.folder / f"moved{seed}")
        settings = lab.grown = settings_at(lab.folder / f"moved{seed}")
    source = "whole" if fresh or lab.current == "part" else "part"
    verb = action if action in ("maintain", "rollback") else "run"
    words = lab.words(settings, verb, source)
    aim = None
    if action == "publishing":
        aim = (INTENT, rng.randint(1, 3))
    elif action == "relocation":
        aim = (RELOCATION, 1)
    before = lab.states["first" if fresh else lab.current]
    process, how = run_killed(lab, rng, settings, words, aim)
    wrong = []
    if action == "publishing" and process.returncode == -signal.SIGKILL:
        wrong += mixed_layers(settings, before, lab.states[source])
    if verb == "rollback":
        maintenance.roll_back(tables_of(settings), TABLE, words[words.index("--snapshot") + 1])
    elif verb == "run" and not fresh:
        lab.current = source
    lab.finish(settings, "whole" if fresh else lab.current)
    process.communicate(timeout=120)  # its Java has ended by itself
    expected = lab.states["first" if fresh else lab.current]
    wrong += [f"differs: {name}" for name in differences(state_of(settings), expected)]
    wrong += [f"left: {name}" for name in leftovers(settings)]
    print(f"seed {seed}: {action}, {how}: {'; '.join(wrong) or 'as if never killed'}", flush=True)
    return action, wrong


@contextlib.contextmanager
def laboratory(kind):
    """A lab with a lake that was run twice; MiniStack behind it where the kind is s3."""
    with TemporaryDirectory(prefix="datalake-kills-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        sample = write_sample(folder / "whole", TITLES).folder
        shutil.copytree(sample, folder / "part")
        for path in (folder / "part").glob("*.csv"):
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            path.write_text("".join(lines[: len(lines) * 2 // 3]), encoding="utf-8")
        address = stack.enter_context(emulated(folder)) if kind == "s3" else None
        if address:
            bucket("films-kills")
        bodies = load_bodies([sample / BODIES_FILE])
        server = stack.enter_context(TmdbServer(bodies, TOKEN, latency=0.05))
        lab = Lab(folder, server.url, address)
        lab.grown = lab.new_lake()
        for label in ("first", "part", "whole"):
            lab.current = "part" if label == "part" else "whole"
            lab.finish(lab.grown, lab.current)
            lab.states[label] = state_of(lab.grown)
        assert differences(lab.states["first"], lab.states["whole"]) == []
        yield lab


ACTIONS = {
    "folder": ("first run", "later run", "publishing", "publishing", "maintain", "rollback",
               "relocation"),
    "s3": ("first run", "later run", "publishing", "publishing", "maintain", "rollback"),
}  # fmt: skip


def main():
    """Run the trials; exit status 1 where any of them ended otherwise than an unkilled run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=ACTIONS)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--action")
    options = parser.parse_args()
    actions = (options.action,) if options.action else ACTIONS[options.kind]
    with laboratory(options.kind) as lab:
        lab.measure()
        print(f"unkilled: {lab.seconds['run']:.1f} s", flush=True)
        seeds = range(options.seed, options.seed + options.kills)
        outcomes = [trial(lab, seed, actions) for seed in seeds]
    print(Counter(action for action, _ in outcomes))
    sys.exit(any(wrong for _, wrong in outcomes))


if __name__ == "__main__":
    main()
