"""Write infra/dashboard.yaml from common.toml and the questions' dashboard.toml.

With `--check`, only tell whether the file is stale.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb
import yaml
from dashboard import read_dashboard
from template import build_template
from visuals import DataSet

from datalake.sql.connection import connect_empty

TARGET = Path(__file__).parents[2] / "infra" / "dashboard.yaml"
_TYPES = {"VARCHAR": "STRING", "DOUBLE": "DECIMAL", "DATE": "DATETIME"}
_STYLE = {"sort_keys": False, "width": 100, "allow_unicode": True, "default_flow_style": None}


def main() -> int:
    """Write the file, or check it; 1 where a check finds it stale, or an entry can't be shown."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if stale")
    arguments = parser.parse_args()
    try:
        dashboard = read_dashboard()
        content = build_template(dashboard, data_sets(dashboard.views))
    except (ValueError, duckdb.Error) as error:
        print(f"dashboard: {str(error).splitlines()[0]}", file=sys.stderr)
        return 1
    text = yaml.dump(content, Dumper=_WithoutAnchors, **_STYLE)
    if not arguments.check:
        TARGET.write_text(text, encoding="utf-8")
    elif not TARGET.is_file() or TARGET.read_text(encoding="utf-8") != text:
        print("infra/dashboard.yaml is stale; run: make docs", file=sys.stderr)
        return 1
    return 0


def data_sets(views: Sequence[str]) -> dict[str, DataSet]:
    """The views by name, with the columns that they have and QuickSight's types."""
    with connect_empty() as connection:
        described = {view: connection.execute(f"DESCRIBE {view}").fetchall() for view in views}
    return {
        view: DataSet(view, {name: _TYPES.get(type, "INTEGER") for name, type, *_ in columns})
        for view, columns in described.items()
    }


class _WithoutAnchors(yaml.SafeDumper):
    """CloudFormation takes no anchors."""

    def ignore_aliases(self, data: object) -> bool:
        return True


if __name__ == "__main__":
    sys.exit(main())
