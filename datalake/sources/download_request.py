"""A download's HTTP: the conditional or range request, and what the response means."""

import re
from pathlib import Path

import requests

from datalake.sources.download_receipt import Receipt, read_receipt


def request_headers(
    url: str, path: Path, part: Path, part_receipt: Receipt | None
) -> dict[str, str]:
    """The request's headers: for the rest of the part, else for the file only if it changed.

    A part can't be resumed without a receipt that names the file's version on the server.
    """
    headers = {"Accept-Encoding": "identity"}  # gzip within gzip would be unpacked on the way
    size = part.stat().st_size if part_receipt and part_receipt.url == url else 0
    if part_receipt and size and (version := _strong_version(part_receipt)):
        return headers | {"Range": f"bytes={size}-", "If-Range": version}
    receipt = read_receipt(path) if path.exists() else None
    if receipt and receipt.url == url and _is_as_it_came(path, receipt):
        if receipt.etag:
            headers["If-None-Match"] = receipt.etag
        if receipt.last_modified:
            headers["If-Modified-Since"] = receipt.last_modified
    return headers


def response_receipt(response: requests.Response, url: str) -> Receipt:
    """The version of the file that the response names."""
    headers = response.headers
    return Receipt(
        url, headers.get("ETag", ""), headers.get("Last-Modified", ""), content_length(response)
    )


def content_length(response: requests.Response) -> int:
    """How many bytes the response's body has; 0 where it doesn't say."""
    text = response.headers.get("Content-Length", "")
    return int(text) if text.isdigit() else 0


def continues_part(response: requests.Response, part_receipt: Receipt, size: int) -> bool:
    """Whether a partial response continues the first `size` bytes of the receipt's version."""
    match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    version = response_receipt(response, part_receipt.url)
    same = all(
        theirs in ("", ours)
        for theirs, ours in (
            (version.etag, part_receipt.etag),
            (version.last_modified, part_receipt.last_modified),
        )
    )
    return same and match is not None and int(match[1]) == size


def is_complete(response: requests.Response, size: int) -> bool:
    """Whether the server says that the file ends at `size`, so that there is no more to get."""
    return response.headers.get("Content-Range", "") == f"bytes */{size}"


def _strong_version(receipt: Receipt) -> str:
    """What `If-Range` may name: not a weak ETag, which files that differ in bytes may share."""
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
