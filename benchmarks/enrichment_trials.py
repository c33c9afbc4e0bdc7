"""The trials of enrichment; each returns one row per figure it measured."""

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from enrichment_checks import (
    Rows,
    file_times,
    peak_rate,
    requests_per_title,
    require,
    require_complete,
)
from enrichment_lab import (
    Tmdb,
    bare_lake,
    command,
    copy_lake,
    count_titles,
    outcomes,
    run_summary,
    tmdb,
    tmdb_titles,
)
from process_measure import measure_process

from datalake.schemas.kinds import Kind

_HERE = Path(__file__).resolve().parent
LIMITED = {"latency": 0.08, "rate_limit": 40}
FAULTS = "500=0.02,reset=0.01,cut=0.01,hang=0.01"
KILLS = 20


def rate(lake: Path, cap: float) -> Rows:
    """A whole run at that rate; then one with nothing due; then one a day later."""
    lake = copy_lake(lake, f"rate-{cap:.0f}")
    with tmdb(replay=str(lake.parent / "sample/tmdb.jsonl.gz"), **LIMITED) as server:
        run = measure_process(command(lake, server, cap), lake.with_suffix(".log"))
        counts, summary = server.count(), run_summary(lake)
        require_complete(outcomes(lake), lake.parent)
        again = _again(lake, server, cap)
        later = _a_day_later(lake, server)
    share = summary["rate"] / cap
    require(summary["too_many"] == 0, f"{summary['too_many']} responses were 429")
    require(share >= 0.97, f"{share:.1%} of the cap")
    return [
        (f"achieved of {cap:.0f} a second", f"{summary['rate']:.2f} ({share:.1%})"),
        ("most in any second, at the server", str(peak_rate(counts["times"]))),
        ("responses of 429", str(summary["too_many"])),
        ("titles a second", f"{summary['due'] / summary['seconds']:.2f}"),
        *requests_per_title(counts, lake.parent),
        ("seconds, peak MB", f"{run.seconds:.0f}, {run.megabytes:.0f}"),
        *again,
        *later,
    ]


def sequential(lake: Path) -> Rows:
    """The sequential client on 120 of the titles, at the same server."""
    on_tmdb = sorted(tmdb_titles(lake.parent))
    ids = on_tmdb[:: len(on_tmdb) // 120][:120]
    with tmdb(replay=str(lake.parent / "sample/tmdb.jsonl.gz"), **LIMITED) as server:
        arguments: list[str | Path] = [
            sys.executable,
            _HERE / "sequential_client.py",
            server.url,
            *ids,
        ]
        result = json.loads(measure_process(arguments, lake.with_name("sequential.log")).output)
    return [
        ("titles", str(result["titles"])),
        ("titles a second", f"{result['titles'] / result['seconds']:.2f}"),
    ]


def faults(lake: Path) -> Rows:
    """2 % 500s, 1 % resets, 1 % cut bodies, 1 % hangs, and half a second of 429 in every 15."""
    lake = copy_lake(lake, "faults")
    replay = str(lake.parent / "sample/tmdb.jsonl.gz")
    with tmdb(replay=replay, faults=FAULTS, bursts=True, **LIMITED) as server:
        run = measure_process(command(lake, server, 38), lake.with_suffix(".log"))
        counts, summary = server.count(), run_summary(lake)
    by_title = outcomes(lake)
    require_complete(by_title, lake.parent)
    require(not summary["failed"] and not summary["left"], f"failed: {summary['failed']}")
    titles, on_tmdb = Counter(by_title.values()), tmdb_titles(lake.parent)
    existing = sum(imdb_id in on_tmdb for imdb_id in by_title)
    met = {key: n for key, n in sorted(counts["outcomes"].items()) if key not in ("200", "404")}
    return [
        ("faults met", ", ".join(f"{key}: {count}" for key, count in met.items())),
        ("titles found / that exist", f"{titles['found']:,} / {existing:,}"),
        ("not on TMDB, recorded", f"{titles['not_found']:,}"),
        ("failed, left", f"{sum(summary['failed'].values())}, {summary['left']}"),
        ("requests, retries", f"{summary['requests']:,}, {summary['retries']:,}"),
        ("achieved of 38 a second", f"{summary['rate']:.2f}"),
        ("seconds", f"{run.seconds:.0f}"),
    ]


def kills(lake: Path, cap: float) -> Rows:
    """SIGKILL at 20 random moments, each time started again; then to the end."""
    lake = copy_lake(lake, f"kills-{cap:.0f}")
    rng = random.Random(7)
    titles = count_titles(lake.parent)
    needed = titles[Kind.MOVIE] + 2 * titles[Kind.SERIES]
    paths: Counter[str] = Counter()
    in_flight = killed = too_many = 0
    with tmdb(replay=str(lake.parent / "sample/tmdb.jsonl.gz"), **LIMITED) as server:
        for _ in range(KILLS):
            run = subprocess.Popen(command(lake, server, cap), stderr=subprocess.DEVNULL)
            time.sleep(rng.uniform(0, 2 * needed / cap / (KILLS + 1)))
            killed += run.poll() is None
            run.send_signal(signal.SIGKILL)
            run.wait()
            counts = server.count()
            in_flight += counts["open"]
            too_many += counts["outcomes"].get("429", 0)
            paths.update(counts["paths"])
        measure_process(command(lake, server, cap), lake.with_suffix(".log"))
        counts = server.count()
        too_many += counts["outcomes"].get("429", 0)
        paths.update(counts["paths"])
    by_title = outcomes(lake)
    require_complete(by_title, lake.parent)
    repeated = paths.total() - too_many - len(paths)
    expected = killed * cap * LIMITED["latency"]
    allowed = max(0.01 * paths.total(), 1.25 * expected)
    require(repeated < allowed, f"{repeated} repeated, {in_flight} cut off")
    return [
        (f"killed at {cap:.0f} a second", f"{killed} times"),
        ("titles lost", str(titles.total() - len(by_title))),
        (
            "requests, repeated ones",
            f"{paths.total():,}, {repeated} ({repeated / paths.total():.2%})",
        ),
        ("responses of 429", str(too_many)),
        ("requests in flight when killed", str(in_flight)),
        ("to be expected: kills × rate × latency", f"{expected:.0f}"),
    ]


def memory(lake: Path) -> Rows:
    """Peak memory with so many titles due, of which a run asks for 5,000 at most."""
    rows = []
    for count in (1_000, 10_000, 100_000):
        lake_of_ids = bare_lake(lake.with_name(f"due-{count}"), range(1, count + 1))
        with tmdb() as server:
            arguments = command(lake_of_ids, server, 5_000, "--limit", "5000")
            run = measure_process(arguments, lake_of_ids.with_suffix(".log"))
        summary = run_summary(lake_of_ids)
        require(summary["due"] == count and summary["found"] == min(count, 5_000), "not all found")
        rows.append((f"peak MB, {count:,} due", f"{run.megabytes:.0f}"))
    return rows


def _again(lake: Path, server: Tmdb, cap: float) -> Rows:
    before = file_times(lake)
    measure_process(command(lake, server, cap), lake.with_suffix(".log"))
    paths = server.count()["paths"]
    written = file_times(lake).items() - before.items()
    require(not written, f"a second run wrote {written}")
    require(not paths, f"a second run requested {paths}")
    return [("a second run: requests, new files", f"{len(paths)}, {len(written)}")]


def _a_day_later(lake: Path, server: Tmdb) -> Rows:
    now = datetime.now(UTC) + timedelta(days=1)
    on_tmdb, by_title = tmdb_titles(lake.parent), sorted(outcomes(lake).items())
    found = [on_tmdb[imdb_id] for imdb_id, outcome in by_title if outcome == "found"]
    chosen = random.Random(7).sample(found, 50)
    for media_type, tmdb_id in [*chosen, ("movie", 987_654_321)]:
        server.mark_changed(media_type, tmdb_id, now.date())
    script = _HERE / "enrich_at.py"
    arguments: list[str | Path] = [sys.executable, script, lake, server.url, now.isoformat()]
    measure_process(arguments, lake.with_suffix(".log"))
    paths: Counter[str] = Counter(server.count()["paths"])
    lists = sum(count for path, count in paths.items() if path.endswith("/changes"))
    details = paths.total() - lists
    require((details, lists) == (50, 2), f"{details} requests and {lists} pages a day later")
    return [("a day later, 50 changed: requests, pages of changes", f"{details}, {lists}")]
