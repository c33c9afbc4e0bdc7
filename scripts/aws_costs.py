"""Write the tables of docs/aws-costs.md from prices and assumptions; `--check` only compares."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from datalake.core import options
from datalake.glue.cost import DPU_HOUR

TARGET = Path(__file__).parent.parent / "docs" / "aws-costs.md"
BEGIN, END = "<!-- costs: begin -->\n", "<!-- costs: end -->"
DAYS = 30  # a month

# The region of the examples, and AWS's cheapest. Glue is most of the cost, and its price is each
# region's own; all others are us-east-1's in both, USD without free tiers, and differ by cents.
REGIONS = ("sa-east-1", "us-east-1")
GB_SECOND_ARM = 0.0000133334
GB_MONTH = 0.023
PUTS, GETS = 0.005 / 1000, 0.0004 / 1000
TRANSITION = 0.025 / 1000
TB_SCANNED = 5.00
SECRET_MONTH, ALARM_MONTH, LOG_GB = 0.40, 0.10, 0.50
METRIC_MONTH, MONTH_HOURS = 0.30, 730  # billed for the hours in which it gets a figure

# Assumed, not measured: see the page. G.1X is 1 DPU; a run is billed a minute at least.
JOB_MINUTES = {"trusted": 4, "refined": 4, "answers": 3, "report": 3}
# With all of IMDb's datasets, each day whole: gzipped files are one task each, however many cores.
DATASETS_MINUTES = {"trusted": 10, "refined": 5, "answers": 3, "report": 3}
DATASETS_GB = 37 * 1.4 + 21 * 0.6  # up to a week more than the 30 and 14 days that upkeep keeps
FARGATE_RUN = 0.005  # the download, see docs/decisions/0032
UPKEEP_MINUTES = 4  # once a week
WORKERS = 2
TITLES = 29_128 + 13_857  # in scope on the full-size files, counted
FIRST_REQUESTS = 29_128 + 2 * 13_857  # a film takes one, a series two
RATE = options.RATE.default
REFRESH_DAYS = options.REFRESH_AFTER.default.days
DAILY_LAMBDA_SECONDS = 120  # reading the files and the ledger, the change lists, what is due
LAMBDA_GB = 0.5
STORED_GB = 5
DAILY_PUTS, DAILY_GETS = 2_000, 10_000
TRANSITIONS = 30
SCANNED_GB = 2
LOGS_GB = 0.05
ALARMS = 3
METRICS = 7 + 2 * (len(JOB_MINUTES) + 1)  # of the lake; time and cost of each job
METRIC_HOURS = 1


class Cost(NamedTuple):
    """One line of the table; USD a day."""

    what: str
    how: str
    usd: float


def jobs(region: str, job_minutes: Mapping[str, int]) -> Cost:
    """What the jobs cost in the region, a seventh of the weekly upkeep among them."""
    dpu_hour = DPU_HOUR[region]
    words = " + ".join(f"{minutes} {name}" for name, minutes in job_minutes.items())
    return Cost(
        "Glue jobs",
        f"({words} + {UPKEEP_MINUTES} / 7 upkeep) min × {WORKERS} DPU × {dpu_hour} / 60",
        (sum(job_minutes.values()) + UPKEEP_MINUTES / 7) * WORKERS * dpu_hour / 60,
    )


def daily(region: str) -> list[Cost]:
    """What a daily run costs in the region, line by line."""
    return [
        jobs(region, JOB_MINUTES),
        Cost(
            "Lambda, 512 MB, arm64",
            f"{DAILY_LAMBDA_SECONDS} s × {LAMBDA_GB} GB × {GB_SECOND_ARM:.10f}",
            DAILY_LAMBDA_SECONDS * LAMBDA_GB * GB_SECOND_ARM,
        ),
        Cost(
            "S3 storage",
            f"{STORED_GB} GB × {GB_MONTH} / {DAYS}",
            STORED_GB * GB_MONTH / DAYS,
        ),
        Cost(
            "S3 requests",
            f"({DAILY_PUTS:,} puts × {PUTS * 1000} + {DAILY_GETS:,} gets × {GETS * 1000}) / 1,000",
            DAILY_PUTS * PUTS + DAILY_GETS * GETS,
        ),
        Cost(
            "Step Functions",
            f"{TRANSITIONS} transitions × {TRANSITION * 1000} / 1,000",
            TRANSITIONS * TRANSITION,
        ),
        Cost(
            "Athena",
            f"{SCANNED_GB} GB scanned × {TB_SCANNED:.2f} / 1,000",
            SCANNED_GB * TB_SCANNED / 1000,
        ),
        Cost(
            "Logs, alarms, secret",
            f"{LOGS_GB} GB × {LOG_GB} + ({ALARMS} × {ALARM_MONTH} + {SECRET_MONTH}) / {DAYS}",
            LOGS_GB * LOG_GB + (ALARMS * ALARM_MONTH + SECRET_MONTH) / DAYS,
        ),
        Cost(
            "Metrics of its own",
            f"{METRICS} × {METRIC_MONTH} × {METRIC_HOURS} h / {MONTH_HOURS} h",
            METRICS * METRIC_MONTH * METRIC_HOURS / MONTH_HOURS,
        ),
    ]


def datasets(region: str) -> list[str]:
    """The lines of the table of a day with all of IMDb's datasets."""
    kept = Cost(
        "Files of 37 days, snapshots of 21",
        f"{DATASETS_GB:.0f} GB × {GB_MONTH} / {DAYS}",
        DATASETS_GB * GB_MONTH / DAYS,
    )
    download = Cost("Download, on Fargate", "6 min of 1 vCPU, 2 GB", FARGATE_RUN)
    others = [cost for cost in daily(region) if cost.what not in ("Glue jobs", "S3 storage")]
    rest = Cost("All else", "as above", sum(cost.usd for cost in others))
    costs = [jobs(region, DATASETS_MINUTES), kept, download, rest]
    total = sum(cost.usd for cost in costs)
    return [
        f"| IMDb's datasets, in {region} | How | USD a day |",
        "|---|---|--:|",
        *(f"| {cost.what} | {cost.how} | {cost.usd:.4f} |" for cost in costs),
        f"| **Together** | **{total * DAYS:.2f} a month** | **{total:.4f}** |",
        "",
    ]


def tables() -> str:
    """The tables as Markdown: the day, and what the first enrichment adds once."""
    lines = []
    for region in REGIONS:
        costs = daily(region)
        total = sum(cost.usd for cost in costs)
        lines += [f"| In {region} | How | USD a day |", "|---|---|--:|"]
        lines += [f"| {cost.what} | {cost.how} | {cost.usd:.4f} |" for cost in costs]
        lines += [f"| **Together** | **{total * DAYS:.2f} a month** | **{total:.4f}** |", ""]
    lines += datasets(REGIONS[0])
    seconds = FIRST_REQUESTS / RATE
    once = seconds * LAMBDA_GB * GB_SECOND_ARM
    lines += [
        f"The first enrichment, once: {FIRST_REQUESTS:,} requests for {TITLES:,} titles at"
        f" {RATE:g}\na second are {seconds / 60:.0f} minutes: {-(-seconds // 840):.0f} calls of"
        f" the Lambda and USD {once:.4f}. The same wait on {WORKERS}",
        f"Glue workers would cost USD {seconds / 3600 * WORKERS * DPU_HOUR[REGIONS[0]]:.2f} in"
        f" {REGIONS[0]}.",
        "",
        f"Later, {TITLES:,} titles / {REFRESH_DAYS} days: {TITLES / REFRESH_DAYS:.0f} titles a day",
        "are asked for again, and those that TMDB's change lists name.",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the tables into the page, or check them; 1 where a check finds them stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if stale")
    arguments = parser.parse_args()
    page = TARGET.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    expected = f"{before}{BEGIN}{tables()}{END}{after}"
    if not arguments.check:
        TARGET.write_text(expected, encoding="utf-8")
    elif page != expected:
        print("docs/aws-costs.md is stale; run: make docs", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
