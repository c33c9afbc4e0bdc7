"""The trials of enrichment; each gives rows of what was measured: name, value."""

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from enrichment_checks import Rows, expect, files, most, per_title, require
from enrichment_lab import (
    Tmdb,
    bare_lake,
    command,
    copied,
    known,
    manifest,
    outcomes,
    titles,
    tmdb,
)
from measure import measure

from datalake.schemas.kinds import Kind

_HERE = Path(__file__).resolve().parent
LIMITED = {"latency": 0.08, "rate_limit": 40}
FAULTS = "500=0.02,reset=0.01,cut=0.01,hang=0.01"
KILLS = 20


def rate(lake: Path, cap: float) -> Rows:
    """A whole run at that rate; then one with nothing due; then one a day later."""
    lake = copied(lake, f"rate-{cap:.0f}")
    with tmdb(replay=str(lake.parent / "sample/tmdb.jsonl.gz"), **LIMITED) as server:
        run = measure(command(lake, server, cap), lake.with_suffix(".log"))
        asked, told = server.count(), manifest(lake)
        expect(outcomes(lake), lake.parent)
        again = _again(lake, server, cap)
        later = _a_day_later(lake, server)
    share = told["rate"] / cap
    require(told["too_many"] == 0, f"{told['too_many']} answers were 429")
    require(share >= 0.97, f"{share:.1%} of the cap")
    return [
        (f"achieved of {cap:.0f} a second", f"{told['rate']:.2f} ({share:.1%})"),
        ("most in any second, at the server", str(most(asked["moments"]))),
        ("answers of 429", str(told["too_many"])),
        ("titles a second", f"{told['due'] / told['seconds']:.2f}"),
        *per_title(asked, lake.parent),
        ("seconds, peak MB", f"{run.seconds:.0f}, {run.megabytes:.0f}"),
        *again,
        *later,
    ]


def sequential(lake: Path) -> Rows:
    """The plain client on 120 of the titles, at the same server."""
    told = known(lake.parent)
    ids = sorted(told)[:: len(told) // 120][:120]
    with tmdb(replay=str(lake.parent / "sample/tmdb.jsonl.gz"), **LIMITED) as server:
        words: list[str | Path] = [sys.executable, _HERE / "sequential_client.py", server.url, *ids]
        result = json.loads(measure(words, lake.with_name("sequential.log")).output)
    return [
        ("titles", str(result["titles"])),
        ("titles a second", f"{result['titles'] / result['seconds']:.2f}"),
    ]


def faults(lake: Path) -> Rows:
    """2 % 500s, 1 % resets, 1 % cut bodies, 1 % hangs, and half a second of 429 in every 15."""
    lake = copied(lake, "faults")
    replay = str(lake.parent / "sample/tmdb.jsonl.gz")
    with tmdb(replay=replay, faults=FAULTS, bursts=True, **LIMITED) as server:
        run = measure(command(lake, server, 38), lake.with_suffix(".log"))
        asked, told = server.count(), manifest(lake)
    found = outcomes(lake)
    expect(found, lake.parent)
    require(not told["failed"] and not told["left"], f"failed: {told['failed']}")
    counts, exist = Counter(found.values()), known(lake.parent)
    existing = sum(imdb_id in exist for imdb_id in found)
    met = {key: n for key, n in sorted(asked["outcomes"].items()) if key not in ("200", "404")}
    return [
        ("faults met", ", ".join(f"{key}: {count}" for key, count in met.items())),
        ("titles found / that exist", f"{counts['found']:,} / {existing:,}"),
        ("not on TMDB, recorded", f"{counts['not_found']:,}"),
        ("failed, left", f"{sum(told['failed'].values())}, {told['left']}"),
        ("requests, retries", f"{told['requests']:,}, {told['retries']:,}"),
        ("achieved of 38 a second", f"{told['rate']:.2f}"),
        ("seconds", f"{run.seconds:.0f}"),
    ]


def kills(lake: Path, cap: float) -> Rows:
    """SIGKILL at 20 random moments, each time started again; then to the end."""
    lake = copied(lake, f"kills-{cap:.0f}")
    chance = random.Random(7)
    counts = titles(lake.parent)
    needed = counts[Kind.MOVIE] + 2 * counts[Kind.SERIES]
    paths: Counter[str] = Counter()
    on_the_way = killed = too_many = 0
    with tmdb(replay=str(lake.parent / "sample/tmdb.jsonl.gz"), **LIMITED) as server:
        for _ in range(KILLS):
            run = subprocess.Popen(command(lake, server, cap), stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0, 2 * needed / cap / (KILLS + 1)))
            killed += run.poll() is None
            run.send_signal(signal.SIGKILL)
            run.wait()
            asked = server.count()
            on_the_way += asked["open"]
            too_many += asked["outcomes"].get("429", 0)
            paths.update(asked["paths"])
        measure(command(lake, server, cap), lake.with_suffix(".log"))
        asked = server.count()
        too_many += asked["outcomes"].get("429", 0)
        paths.update(asked["paths"])
    found = outcomes(lake)
    expect(found, lake.parent)
    repeated = paths.total() - too_many - len(paths)
    least = killed * cap * LIMITED["latency"]
    allowed = max(0.01 * paths.total(), 1.25 * least)
    require(repeated < allowed, f"{repeated} repeated, {on_the_way} cut off")
    return [
        (f"killed at {cap:.0f} a second", f"{killed} times"),
        ("titles lost", str(counts.total() - len(found))),
        ("calls, repeated ones", f"{paths.total():,}, {repeated} ({repeated / paths.total():.2%})"),
        ("answers of 429", str(too_many)),
        ("calls still on the way when killed", str(on_the_way)),
        ("to be expected: kills × rate × latency", f"{least:.0f}"),
    ]


def memory(lake: Path) -> Rows:
    """Peak memory with so many titles due, of which a run asks for 5,000 at most."""
    rows = []
    for count in (1_000, 10_000, 100_000):
        bare = bare_lake(lake.with_name(f"due-{count}"), range(1, count + 1))
        with tmdb() as server:
            words = command(bare, server, 5_000, "--limit", "5000")
            run = measure(words, bare.with_suffix(".log"))
        told = manifest(bare)
        require(told["due"] == count and told["found"] == min(count, 5_000), "not all found")
        rows.append((f"peak MB, {count:,} due", f"{run.megabytes:.0f}"))
    return rows


def _again(lake: Path, server: Tmdb, cap: float) -> Rows:
    before = files(lake)
    measure(command(lake, server, cap), lake.with_suffix(".log"))
    asked = server.count()["paths"]
    written = files(lake).items() - before.items()
    require(not written, f"a second run wrote {written}")
    require(not asked, f"a second run asked {asked}")
    return [("a second run: calls, new files", f"{len(asked)}, {len(written)}")]


def _a_day_later(lake: Path, server: Tmdb) -> Rows:
    now = datetime.now(UTC) + timedelta(days=1)
    exist = known(lake.parent)
    have = [exist[one] for one, how in sorted(outcomes(lake).items()) if how == "found"]
    chosen = random.Random(7).sample(have, 50)
    for media_type, tmdb_id in [*chosen, ("movie", 987_654_321)]:
        server.changed(media_type, tmdb_id, now.date())
    script = _HERE / "enrich_at.py"
    words: list[str | Path] = [sys.executable, script, lake, server.url, now.isoformat()]
    measure(words, lake.with_suffix(".log"))
    paths: Counter[str] = Counter(server.count()["paths"])
    lists = sum(count for path, count in paths.items() if path.endswith("/changes"))
    details = paths.total() - lists
    require((details, lists) == (50, 2), f"{details} calls and {lists} pages a day later")
    return [("a day later, 50 changed: calls, pages of changes", f"{details}, {lists}")]
