"""Where the project and its development data lie."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
TOOLS = Path(os.environ.get("DATALAKE_TOOLS", ROOT / ".tools"))
