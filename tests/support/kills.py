"""Kills `datalake` at random moments, and checks that the next run ends as if nobody had.

python tests/support/kills.py folder --kills 50 --seed 1    (or s3: an emulated one)

A trial follows from its seed: one to four kills of a lake, which commands are killed, when, and
whether their Java dies with them.
"""

import argparse
import contextlib
import gzip
import os
import re
import shutil
import signal
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Thread
from unittest import mock

from support.command import start
from support.lake_state import differences, leftovers, mixed_layers, state_of
from support.lakes import settings_at, tables_of
from support.on_aws import bucket, emulated, lake_on
from support.paths import ROOT

from datalake.core.intent import INTENT
from datalake.core.lease import leased
from datalake.core.table_paths import RELOCATION
from datalake.demo.replay import load_bodies
from datalake.demo.sample import BODIES_FILE, write_sample
from datalake.demo.server import TmdbServer
from datalake.enrichment.retention import purge
from datalake.pipeline.answers import build_answers
from datalake.pipeline.enrich import enrich_lake
from datalake.pipeline.refined import build_refined
from datalake.pipeline.report import write_report
from datalake.pipeline.status import read_status
from datalake.pipeline.trusted import build_trusted
from datalake.pipeline.up_to_date import is_up_to_date
from datalake.schemas.kinds import Kind
from datalake.sources.ingestion import ingest
from datalake.sources.tmdb.raw import response_files, tmdb_folder
from datalake.spark.relocation import relocate_tables
from datalake.spark.tables import LEASE

TOKEN, DAY, TITLES = "a-token", date(2026, 1, 10), 60
STEPS = {
    "trusted": build_trusted,
    "refined": build_refined,
    "answers": build_answers,
    "report": lambda tables, settings: write_report(tables.query, settings),
}
TABLE = "Refined.dim_title"
VARIABLE = "DATALAKE_SPARK_CONF_DIR"
FIRST_GUESS = {"run": 45, "maintain": 26, "rollback": 2, "purge": 0}
"""How many lines the commands print; each that ends before its kill corrects it."""


class Lab:
    """Two sources, a local TMDB that knows both, and lakes of one kind in a folder or a bucket."""

    def __init__(self, folder, tmdb_url, address=None):
        self.folder, self.tmdb_url, self.address = folder, tmdb_url, address
        self.lakes, self.states = 0, {}
        self.sources = {"whole": folder / "whole", "part": folder / "part"}
        self.current = None  # the source that the grown lake was last built of
        self.longest = {}  # the most lines that each command has printed

    def new_lake(self):
        """Settings of a lake that isn't there yet."""
        self.lakes += 1
        if self.address:
            return lake_on("films-kills", f"kills{self.lakes}_", self.address, f"lake{self.lakes}")
        return settings_at(self.folder / f"lake{self.lakes}")

    def words(self, settings, verb, source):
        """The command line of a verb on the lake."""
        words = [verb, "--lake", settings.lake.root]
        if settings.lake.on_s3:
            words += ["--database-prefix", settings.lake.database_prefix]
        if verb == "purge":
            return words
        words += ["--memory", "1g"]
        if verb == "maintain":
            return [*words, "--keep-days", 0, "--keep", 2]
        if verb == "rollback":
            return [*words, "--table", TABLE, "--snapshot", self.earlier_snapshot(settings)]
        words += ["--tmdb-url", self.tmdb_url, "--rate", 100]
        return [*words, "--source", self.sources[source], "--day", DAY]

    def finish(self, settings, source):
        """A run to its end, of this process's Spark; steps that are up to date are left out."""
        settings = replace(settings, source=self.sources[source], day=DAY, rate=400.0)
        settings = replace(settings, tmdb_url=self.tmdb_url, tmdb_token=TOKEN)
        ingest(settings.lake, settings.source, DAY)
        if response_files(settings.lake):
            purge(settings.lake)
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
        """The newest of the table's snapshots that readers don't see."""
        (table,) = (t for t in read_status(settings.lake)["tables"] if t["table"] == TABLE)
        return table["snapshots"][-1 if len(table["snapshots"]) < 2 else 1]["id"]


def make_old(lake):
    """Make every TMDB response one of long ago; the ledger is rebuilt from them."""
    for kind in Kind:
        for key in lake.storage.list(f"Raw/TMDB/Ledger/{tmdb_folder(kind).split('/')[-1]}"):
            lake.storage.delete(key)
    for key in response_files(lake):
        with lake.storage.open(key) as file:
            text = gzip.decompress(file.read()).decode()
        with lake.storage.create(key) as file:
            old = re.sub(r'"fetched_at": ?"[^"]+"', '"fetched_at": "2020-01-01T00:00:00Z"', text)
            file.write(gzip.compress(old.encode()))


class Output:
    """The lines that a running command prints on its error output, as they come."""

    def __init__(self, process):
        self.lines = []
        self._thread = Thread(target=self._read, args=(process.stderr,), daemon=True)
        self._thread.start()

    def _read(self, stream):
        self.lines.extend(stream)

    def all(self):
        """Every line, once the command has closed its output."""
        self._thread.join(240)
        return self.lines


def wait_for(process, is_there, seconds=float("inf")):
    """Wait until something is there, the process has ended, or the time is over."""
    until = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < until and not is_there():
        time.sleep(0.004)


def run_killed(lab, rng, settings, words, aim=None):
    """Start the command and kill it; the process, and a text that says when and how.

    The kill follows one of the lines that it prints, drawn at random, within two seconds: so it
    falls into its work, however fast the machine is. With `aim`, a key and how often it is to
    appear, it follows that within a moment.
    """
    with_java, moment = rng.random() < 0.7, rng.random()
    number = rng.randrange(lab.longest.get(words[0], FIRST_GUESS[words[0]]) + 1)
    process = start(*words, cwd=lab.folder, TMDB_TOKEN=TOKEN)
    output = Output(process)
    if aim:
        key, times = aim
        listed = partial(settings.lake.storage.list, key.partition("/")[0])
        for number in range(times):
            if number:
                wait_for(process, lambda: key not in listed())
            wait_for(process, lambda: key in listed())
        delay, after = moment * 0.6, f"{key} no. {times}"
    else:
        wait_for(process, lambda: len(output.lines) >= number)
        delay, after = moment * 2, f"line {number}"
    wait_for(process, lambda: False, delay)
    ended = process.poll() is not None
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL) if with_java else process.kill()
    process.wait()  # a lease sees that its owner is dead
    if ended:
        lab.longest[words[0]] = len(output.all())
        assert process.returncode == 0, output.lines
    java = "with its Java" if with_java else "its Java left alone"
    return process, output, "had ended" if ended else f"{delay:.1f} s after {after}, {java}"


def kill_once(lab, rng, settings, action, source, are_layers_known):
    """Kill one action on the lake; how it was killed, and what readers see wrong then."""
    aim = None
    if action == "publishing":
        aim = (INTENT, rng.randint(1, 3))
    elif action == "relocation":
        aim = (RELOCATION, 1)
    elif action == "purge":
        make_old(settings.lake)
    verb = action if action in ("maintain", "rollback", "purge") else "run"
    before = lab.states.get(lab.current)
    process, output, how = run_killed(lab, rng, settings, lab.words(settings, verb, source), aim)
    wrong = []
    if are_layers_known and action == "publishing" and process.returncode:
        wrong = mixed_layers(settings, before, lab.states[source])
    output.all()  # its Java, left alone, has ended by itself
    return how, wrong


def trial(lab, seed, actions, most=4):
    """Some kills one after another, the next run, and what is wrong then; all by the seed."""
    rng = Random(seed)
    drawn = [rng.choice(actions) for _ in range(rng.randint(1, most))]
    is_fresh = drawn[0] == "first run"
    if is_fresh:
        drawn, settings, source = [drawn[0]] * len(drawn), lab.new_lake(), "whole"
    else:
        drawn = [action for action in drawn if action != "first run"]
        settings, source = lab.grown, "part" if lab.current == "whole" else "whole"
    hows, wrong = [], []
    for action in drawn:
        if action == "relocation":
            target = lab.folder / f"moved{seed}-{len(hows)}"
            shutil.move(settings.lake.root, target)
            settings = lab.grown = settings_at(target)
        # After a purge that was killed, responses old and new are counted.
        are_layers_known = "purge" not in drawn[: len(hows)]
        how, seen = kill_once(lab, rng, settings, action, source, are_layers_known)
        hows.append(f"{action} ({how})")
        wrong += seen
    if not is_fresh:
        lab.current = source
    lab.finish(settings, source)
    wrong += [f"differs: {name}" for name in differences(state_of(settings), lab.states[source])]
    wrong += [f"left: {name}" for name in leftovers(settings)]
    verdict = "; ".join(wrong) or "as if never killed"
    print(f"seed {seed}: {', '.join(hows)}: {verdict}", flush=True)
    return Counter(how.partition(" (")[0] for how in hows if "had ended" not in how), wrong


def spark_conf(folder):
    """The tests' settings of Spark, and Java's quick compiler alone: no run here is long."""
    conf = folder / "conf"
    shutil.copytree(ROOT / "tests/support/spark-conf", conf)
    with (conf / "spark-defaults.conf").open("a") as file:
        file.write("spark.driver.defaultJavaOptions  -XX:TieredStopAtLevel=1\n")
    return conf


def altered(text):
    """The file with other votes and fewer rows; of the same titles, so TMDB is asked the same."""
    names, *rows = [line.split("|") for line in text.splitlines()]
    seen, kept, votes = set(), [names], names.index("numeroVotos")
    for number, row in enumerate(rows):
        if row[0] not in seen or number % 3:
            kept.append([*row[:votes], row[votes].replace("1", "2"), *row[votes + 1 :]])
        seen.add(row[0])
    return "".join("|".join(row) + "\n" for row in kept)


@contextlib.contextmanager
def laboratory(kind):
    """A lab with a lake that was run on either source; MiniStack behind it where the kind is s3."""
    with TemporaryDirectory(prefix="datalake-kills-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        stack.enter_context(mock.patch.dict(os.environ, {VARIABLE: str(spark_conf(folder))}))
        sample = write_sample(folder / "whole", TITLES).folder
        shutil.copytree(sample, folder / "part")
        for path in (folder / "part").glob("*.csv"):
            path.write_text(altered(path.read_text(encoding="utf-8")), encoding="utf-8")
        address = stack.enter_context(emulated(folder)) if kind == "s3" else None
        if address:
            bucket("films-kills")
        bodies = load_bodies([sample / BODIES_FILE])
        server = stack.enter_context(TmdbServer(bodies, TOKEN, latency=0.05))
        lab = Lab(folder, server.url, address)
        lab.grown = lab.new_lake()
        for lab.current in ("whole", "part"):
            lab.finish(lab.grown, lab.current)
            lab.states[lab.current] = state_of(lab.grown)
        yield lab


ACTIONS = {
    "folder": ("first run", "later run", "publishing", "maintain", "rollback", "purge",
               "relocation"),
    "s3": ("first run", "later run", "publishing", "maintain", "rollback", "purge"),
}  # fmt: skip


def main():
    """Kill until there were so many; exit status 1 where a lake ended otherwise than unkilled."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=ACTIONS)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--action")
    options = parser.parse_args()
    actions = (options.action,) if options.action else ACTIONS[options.kind]
    killed, wrong, seed = Counter(), [], options.seed
    with laboratory(options.kind) as lab:
        while killed.total() < options.kills:
            counted, found = trial(lab, seed, actions)
            killed, wrong, seed = killed + counted, wrong + found, seed + 1
    print(dict(killed))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
