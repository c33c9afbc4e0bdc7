"""Secrets that can be recognised, and the search for them in whatever a command leaves behind."""

import base64
import gzip
from pathlib import Path
from urllib.parse import quote

TOKEN, KEY = "mark-of-token+4f1c/x=", "mark-of-key+77ab/x="
MARKS = {
    "TMDB_TOKEN": TOKEN,
    "TMDB_API_KEY": KEY,
    "AWS_ACCESS_KEY_ID": "mark-of-aws-id-90de",
    "AWS_SECRET_ACCESS_KEY": "mark-of-aws-secret+31bb/x=",
    "AWS_SESSION_TOKEN": "mark-of-aws-session+5c0e/x=",
}


def forms(mark):
    """The mark as it is, as in a URL, and within base64, wherever in the bytes it begins."""
    yield mark
    yield quote(mark)
    yield quote(mark, safe="")
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + mark.encode()).decode()
        inner = whole[4 if before else 0 : -4]
        yield inner
        yield inner.replace("+", "-").replace("/", "_")


_FORMS = {form for mark in MARKS.values() for form in forms(mark)}


def marks_in(text):
    """The secrets, in any form, that the text holds."""
    return sorted(form for form in _FORMS if form in text)


def files_with_marks(folder):
    """The files below the folder that hold a secret, also in what is gzipped or in their names."""
    paths = [path for path in Path(folder).rglob("*") if path.is_file()]
    assert len(paths) > 3
    return [path for path in paths if marks_in(_text(path))]


def _text(path):
    data = path.read_bytes()
    if data.startswith(b"\x1f\x8b"):
        data += gzip.decompress(data)
    return f"{path}\n{data.decode(errors='replace')}"
