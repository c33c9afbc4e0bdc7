"""Nothing collects to the driver what grows with the data: ten times the films, 1 GB of driver."""

import time
from pathlib import Path

import duckdb
import pytest
from support.big_lakes import raw_of, source, sums
from support.standalone import LONGEST, Cluster, free_port
from support.submitted import JOBS, ended_well, library_wheel, log_of, submit

pytestmark = pytest.mark.large


def test_ten_times_the_films_need_no_larger_driver(tmp_path):
    files, what = source(tmp_path / "source", copies=10)
    print(f"\ninput: {what}")
    lake, wheel = raw_of(tmp_path / "lake", files), library_wheel()
    with Cluster(tmp_path).running() as cluster:
        for name in JOBS:
            began = time.monotonic()
            process = submit(cluster, wheel, name, lake, free_port(), partitions=32)
            peak = peak_of(process)
            ended_well(process, log_of(cluster, name))
            seconds = time.monotonic() - began
            print(f"{name}: {seconds:.0f} s, the driver's JVM held {peak / 1e6:.0f} MB at most")
    assert sums(lake)["Trusted.titles"][0] == distinct_titles(files)


def peak_of(process):
    """The most memory the driver's JVM ever held, in bytes; waits for its end."""
    peak, deadline = 0, time.monotonic() + LONGEST
    while process.poll() is None and time.monotonic() < deadline:
        status = Path(f"/proc/{process.pid}/status").read_text()
        if "VmHWM:" in status:
            peak = int(status.partition("VmHWM:")[2].split()[0]) * 1024
        time.sleep(0.5)
    return peak


def distinct_titles(files):
    """How many titles the files have, as DuckDB reads them; none of them is bad."""
    query = f"""SELECT count(DISTINCT split_part(line, '|', 1)) - 1
        FROM read_csv('{files}/*.csv', columns={{'line': 'VARCHAR'}}, delim='\\x01', quote='',
            escape='', header=false, strict_mode=false)"""
    return duckdb.sql(query).fetchall()[0][0]
