"""The page's script: what all figures share, then what each question registers; and its data."""

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from datalake.report.chapter import Chapter
from datalake.schemas.kinds import Kind
from datalake.statistics.estimate import FEWEST, NORMAL_95
from datalake.statistics.segments import MOST_BENDS, SHORTEST_PERIOD
from datalake.statistics.shrinkage import LEVEL, ROUNDING
from datalake.statistics.trend import STRONGEST

_BEFORE = ("basics", "estimators", "selection", "show", "figures")
_AFTER = ("coverage", "picture", "address", "page")

CONSTANTS = {
    **{"FEWEST": FEWEST, "NORMAL_95": NORMAL_95, "LEVEL": LEVEL},
    **{
        "ROUNDING": ROUNDING,
        "STRONGEST": STRONGEST,
        "MOST_BENDS": MOST_BENDS,
        "SHORTEST_PERIOD": SHORTEST_PERIOD,
        "KINDS": list(Kind),
    },
}
"""What the shared scripts take from Python."""


def page_script(chapters: Sequence[Chapter]) -> Markup:
    """The whole script; each question's part is a block of its own, so that names don't clash."""
    folder = files("datalake.report") / "scripts"
    shared = {
        name: (folder / f"{name}.js").read_text(encoding="utf-8") for name in (*_BEFORE, *_AFTER)
    }
    parts = [
        f"const CONSTANTS = {to_json(CONSTANTS)};",
        *(shared[name] for name in _BEFORE),
        *(_block(chapter) for chapter in chapters),
        *(shared[name] for name in _AFTER),
    ]
    return Markup("\n".join(parts))  # noqa: S704 - our own files


def _block(chapter: Chapter) -> str:
    script = (chapter.folder / "page.js").read_text(encoding="utf-8")
    return f"{{\nconst CONSTANTS = {to_json(chapter.constants)};\n{script}}}"


def to_json(value: Any) -> Markup:
    """JSON for a script element: no text in it can end the element or start a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - no `<` is left in it


def pack(columns: Mapping[str, Any]) -> str:
    """The columns as the script unpacks them: JSON, gzip, base64; the same bytes every time."""
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode("ascii")
