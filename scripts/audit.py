"""Compares locks, and what is installed, with the known vulnerabilities; exit status 1 for any.

.audit/bin/python scripts/audit.py --path .venv/lib/python3.11/site-packages LOCK ...

PyPI's advisories are asked, then OSV's where a package wasn't found there: behind a mirror that
only hands out packages neither can be reached, and that is said in one line.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass

SERVICES = ("pypi", "osv")
_EDITABLE = "editable"


@dataclass(frozen=True)
class Audit:
    """What a service says: how many packages it knows, those it doesn't, what is vulnerable."""

    known: int
    unknown: list[str]
    vulnerable: list[str]


def read_report(text: str) -> Audit | None:
    """pip-audit's JSON report; None where it ended before it could write one."""
    if not text.strip():
        return None
    packages = json.loads(text)["dependencies"]
    skipped = [package for package in packages if "skip_reason" in package]
    known = [package for package in packages if "skip_reason" not in package]
    return Audit(
        len(known),
        [package["name"] for package in skipped if _EDITABLE not in package["skip_reason"]],
        [
            f"{package['name']} {package['version']}: {vulnerability['id']}, fixed in"
            f" {', '.join(vulnerability['fix_versions']) or 'no version yet'}"
            for package in known
            for vulnerability in package["vulns"]
        ],
    )


def run_audit(service: str, target: list[str]) -> Audit | None:
    """What the service says of a lock or a folder; None where it can't be reached."""
    command = [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off"]
    result = subprocess.run(
        [*command, f"--vulnerability-service={service}", *target],
        capture_output=True,
        text=True,
        check=False,
    )
    report = read_report(result.stdout)
    if report is None:
        print(f"{service}: {(result.stderr.splitlines() or ['no answer'])[-1]:.200}")
    return report


def audit(name: str, target: list[str]) -> str | None:
    """The problems of one target, in lines; None where all packages are known to be safe."""
    unknown = None
    for service in SERVICES:
        result = run_audit(service, target)
        if result is None or not result.known:
            continue
        if result.vulnerable:
            return "\n".join(f"{name}: {line}" for line in result.vulnerable)
        if not result.unknown:
            print(f"{name}: {result.known} packages, no known vulnerability ({service})")
            return None
        unknown = f"{name}: {service} doesn't know {', '.join(result.unknown)}"
    return unknown or (
        f"{name}: not audited: neither PyPI's nor OSV's advisories can be reached from here;"
        " run this where the network is open"
    )


def main() -> None:
    """Audit each lock, then the folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--path", help="The folder of installed packages.")
    parser.add_argument("locks", nargs="*")
    options = parser.parse_args()
    lock = ["--disable-pip", "--require-hashes", "--requirement"]
    audits = {name: [*lock, name] for name in options.locks}
    if options.path:
        audits["what is installed"] = ["--skip-editable", "--path", options.path]
    problems = [problem for name, target in audits.items() if (problem := audit(name, target))]
    sys.exit("\n".join(problems) or None)


if __name__ == "__main__":
    main()
