"""One file to one S3 object in parts, each with its SHA-256; a cut upload goes on later.

Until the last request nothing is visible. A run that is cut leaves its upload pending; the next
one keeps those parts whose checksum is that of the file, sends the others, and aborts what else
is pending under the key.
"""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

from datalake.core.errors import InputError

PART = 16 << 20
_AT_ONCE = 4
Part = dict[str, Any]


class Upload:
    """An upload to the object `at` (bucket and key) of the boto3 client `s3`."""

    def __init__(self, s3: Any, at: Mapping[str, str], headers: Mapping[str, str]) -> None:
        self._s3, self._at, self._headers = s3, dict(at), dict(headers)

    def run(self, path: Path, sha256: str, progress: Callable[[int], None]) -> None:
        """Send the file; `InputError`, and no object, where its SHA-256 is another."""
        pending = self._pending()
        if path.stat().st_size <= PART:
            self._abort(pending)
            self._send_whole(path, sha256)
            progress(path.stat().st_size)
            return
        upload = pending.pop() if pending else self._begin()
        self._abort(pending)
        parts, digest = self._send_parts(path, upload, progress)
        if digest != sha256:
            self._abort([upload])
            raise changed(path)
        self._s3.complete_multipart_upload(
            **self._at, UploadId=upload, MultipartUpload={"Parts": parts}
        )

    def _send_whole(self, path: Path, sha256: str) -> None:
        data = path.read_bytes()
        digest = hashlib.sha256(data)
        if digest.hexdigest() != sha256:
            raise changed(path)
        checksum = b64encode(digest.digest()).decode()
        self._s3.put_object(**self._at, Body=data, ChecksumSHA256=checksum, **self._headers)

    def _begin(self) -> str:
        begun = self._s3.create_multipart_upload(
            **self._at, ChecksumAlgorithm="SHA256", **self._headers
        )
        upload: str = begun["UploadId"]
        return upload

    def _pending(self) -> list[str]:
        """The ids of this key's unfinished uploads, the newest last."""
        pages = self._s3.get_paginator("list_multipart_uploads").paginate(
            Bucket=self._at["Bucket"], Prefix=self._at["Key"]
        )
        found = [one for page in pages for one in page.get("Uploads", ())]
        ours = [one for one in found if one["Key"] == self._at["Key"]]
        return [one["UploadId"] for one in sorted(ours, key=lambda one: one["Initiated"])]

    def _abort(self, uploads: list[str]) -> None:
        for upload in uploads:
            self._s3.abort_multipart_upload(**self._at, UploadId=upload)

    def _send_parts(
        self, path: Path, upload: str, progress: Callable[[int], None]
    ) -> tuple[list[Part], str]:
        """Every part as S3 has it in the end, and the SHA-256 of all that was read."""
        there = self._parts(upload)
        whole, parts = hashlib.sha256(), []
        with path.open("rb") as file, ThreadPoolExecutor(_AT_ONCE) as pool:
            sending: list[Future[Part]] = []
            for number, data in enumerate(_chunks(file), 1):
                whole.update(data)
                checksum = b64encode(hashlib.sha256(data).digest()).decode()
                known = there.get(number)
                if known and (known["Size"], known.get("ChecksumSHA256")) == (len(data), checksum):
                    parts.append(_named(number, known["ETag"], checksum))
                else:
                    sending.append(pool.submit(self._send, upload, number, data, checksum))
                # No more of the file in memory than is on its way.
                if len(sending) >= _AT_ONCE:
                    parts.append(sending.pop(0).result())
                progress(file.tell())
            parts.extend(one.result() for one in sending)
        return sorted(parts, key=lambda part: int(part["PartNumber"])), whole.hexdigest()

    def _parts(self, upload: str) -> dict[int, Part]:
        pages = self._s3.get_paginator("list_parts").paginate(**self._at, UploadId=upload)
        return {part["PartNumber"]: part for page in pages for part in page.get("Parts", ())}

    def _send(self, upload: str, number: int, data: bytes, checksum: str) -> Part:
        sent = self._s3.upload_part(
            **self._at, UploadId=upload, PartNumber=number, Body=data, ChecksumSHA256=checksum
        )
        return _named(number, sent["ETag"], checksum)


def changed(path: Path) -> InputError:
    """The error where a file is not what it was a moment ago."""
    return InputError(f"{path}: it changed while it was read; ingest it again")


def _named(number: int, etag: str, checksum: str) -> Part:
    return {"PartNumber": number, "ETag": etag, "ChecksumSHA256": checksum}


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while data := file.read(PART):
        yield data
