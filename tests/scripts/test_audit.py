"""`make audit`: vulnerable packages, and advisories out of reach, are a line each."""

import json

import pytest

from scripts import audit

GOOD = {"name": "duckdb", "version": "1.4.0", "vulns": []}
BAD = {
    "name": "jinja2",
    "version": "3.1.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1.6"]}],
}
SKIPPED = {"name": "boto3", "skip_reason": "Dependency not found on PyPI"}
OWN = {"name": "film-datalake", "skip_reason": "distribution marked as editable"}


@pytest.mark.parametrize(
    ("by_service", "problem"),
    [
        ({"pypi": [GOOD, OWN]}, None),
        ({"pypi": [GOOD, SKIPPED], "osv": [GOOD, GOOD]}, None),
        ({"pypi": [GOOD, BAD]}, "a.txt: jinja2 3.1.0: PYSEC-1, fixed in 3.1.6"),
        ({"pypi": [SKIPPED], "osv": None}, "a.txt: not audited: neither PyPI's nor OSV's"),
        ({"pypi": None, "osv": None}, "a.txt: not audited: neither PyPI's nor OSV's"),
        ({"pypi": [GOOD, SKIPPED], "osv": None}, "a.txt: pypi doesn't know boto3"),
    ],
    ids=["good", "OSV knows more", "vulnerable", "a mirror", "no network", "one is unknown"],
)
def test_an_audit(monkeypatch, by_service, problem):
    def report(service, _):
        packages = by_service[service]
        return audit.read_report("" if packages is None else json.dumps({"dependencies": packages}))

    monkeypatch.setattr(audit, "run_audit", report)
    ended = audit.audit("a.txt", [])
    assert ended == problem if problem is None else ended.startswith(problem)
