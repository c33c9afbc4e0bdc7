"""Write infra/dashboard.yaml from the definition here; with `--check`, only tell if it is stale."""

import argparse
import sys
from pathlib import Path

import yaml
from sheets import VIEWS
from template import template
from visuals import DataSet

from datalake.sql.connection import connect_empty

TARGET = Path(__file__).parents[2] / "infra" / "dashboard.yaml"
_TYPES = {"VARCHAR": "STRING", "DOUBLE": "DECIMAL", "DATE": "DATETIME"}


def main() -> int:
    """Write the file, or check it; 1 where a check finds it stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if stale")
    arguments = parser.parse_args()
    with connect_empty() as connection:
        data = {
            view: DataSet(view, {name: _type(kind) for name, kind, *_ in described})
            for view in VIEWS
            if (described := connection.execute(f"DESCRIBE {view}").fetchall())
        }
    style = {"sort_keys": False, "width": 100, "allow_unicode": True, "default_flow_style": None}
    wanted = yaml.dump(template(data), Dumper=_Plain, **style)
    if not arguments.check:
        TARGET.write_text(wanted, encoding="utf-8")
    elif not TARGET.is_file() or TARGET.read_text(encoding="utf-8") != wanted:
        print("infra/dashboard.yaml is stale; run: make docs", file=sys.stderr)
        return 1
    return 0


def _type(kind: str) -> str:
    return _TYPES.get(kind, "INTEGER")


class _Plain(yaml.SafeDumper):
    """Without anchors, which CloudFormation doesn't take."""

    def ignore_aliases(self, data: object) -> bool:
        return True


if __name__ == "__main__":
    sys.exit(main())
