"""An error's message is fit for a terminal, whatever a damaged file brings into it."""

import pytest

from datalake.core.errors import LakeError


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("movies.csv: 2 × title: empty\n  the rows: a.jsonl", None),
        ("a\x1b[31m\x85b\u2028\r\x00", r"a\x1b[31m\x85b\u2028\r\x00"),
        ("half \ud83c", r"half \ud83c"),
        (f"lake/{'9' * 5_000}: damaged", f"lake/{'9' * 595} … {'9' * 191}: damaged"),
        ("x" * 1_000, None),
    ],
    ids=["plain", "control characters", "half a pair", "a long value", "a long line"],
)
def test_a_message(text, shown):
    assert str(LakeError(text)) == (shown or text)
