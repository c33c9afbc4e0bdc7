"""A download's HTTP: what to ask for with what is there already, and what the response means."""

import re
from pathlib import Path

import requests

from datalake.sources.download_receipt import Receipt, read_receipt


def headers_of(url: str, path: Path, part: Path, kept: Receipt | None) -> dict[str, str]:
    """The request's headers: the rest of what has come, else the file only where it changed.

    `kept` is the receipt of the part. A part without one, or of which the server told no version,
    can't be resumed: who knows what it is part of.
    """
    headers = {"Accept-Encoding": "identity"}  # gzip within gzip would be unpacked on the way
    if kept and kept.url == url and part.stat().st_size and (version := _strong_version(kept)):
        return headers | {"Range": f"bytes={part.stat().st_size}-", "If-Range": version}
    receipt = read_receipt(path) if path.exists() else None
    if receipt and receipt.url == url and _is_as_it_came(path, receipt):
        if receipt.etag:
            headers["If-None-Match"] = receipt.etag
        if receipt.last_modified:
            headers["If-Modified-Since"] = receipt.last_modified
    return headers


def receipt_of(response: requests.Response, url: str) -> Receipt:
    """What the response says of the file's version."""
    headers = response.headers
    return Receipt(
        url, headers.get("ETag", ""), headers.get("Last-Modified", ""), length_of(response)
    )


def length_of(response: requests.Response) -> int:
    """How many bytes its body has; 0 where it doesn't say."""
    text = response.headers.get("Content-Length", "")
    return int(text) if text.isdigit() else 0


def resumes(response: requests.Response, kept: Receipt, size: int) -> bool:
    """Whether a response with a part of the file goes on where `size` bytes of `kept` end."""
    match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    version = receipt_of(response, kept.url)
    same = all(
        theirs in ("", ours)
        for theirs, ours in (
            (version.etag, kept.etag),
            (version.last_modified, kept.last_modified),
        )
    )
    return same and match is not None and int(match[1]) == size


def is_complete(response: requests.Response, size: int) -> bool:
    """Whether a server that has no such range says that the file ends at `size`."""
    return response.headers.get("Content-Range", "") == f"bytes */{size}"


def _strong_version(receipt: Receipt) -> str:
    """What `If-Range` may name: no weak ETag, which stands for files that differ in bytes."""
    return (
        receipt.last_modified
        if receipt.etag.startswith("W/")
        else (receipt.etag or receipt.last_modified)
    )


def _is_as_it_came(path: Path, receipt: Receipt) -> bool:
    """Whether nobody has changed the file since, by its size and time."""
    modified, state = receipt.modified, path.stat()
    is_same_time = modified is None or int(state.st_mtime) == int(modified.timestamp())
    return is_same_time and state.st_size == receipt.size
