"""Resumable multipart upload of a file to S3, with the SHA-256 of each part.

Until the last request nothing is visible. An interrupted run leaves its upload pending; the next
one keeps the parts whose checksums match the file, sends the others, and aborts any other upload
that is pending under the key.
"""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

from datalake.core.errors import InputError

PART = 16 << 20
_PARALLEL_PARTS = 4
Part = dict[str, Any]


class Upload:
    """An upload to the object `location` (bucket and key) of the boto3 client `s3`."""

    def __init__(self, s3: Any, location: Mapping[str, str], headers: Mapping[str, str]) -> None:
        self._s3, self._location, self._headers = s3, dict(location), dict(headers)

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
            raise changed_while_read(path)
        self._s3.complete_multipart_upload(
            **self._location, UploadId=upload, MultipartUpload={"Parts": parts}
        )

    def _send_whole(self, path: Path, sha256: str) -> None:
        data = path.read_bytes()
        digest = hashlib.sha256(data)
        if digest.hexdigest() != sha256:
            raise changed_while_read(path)
        checksum = b64encode(digest.digest()).decode()
        self._s3.put_object(**self._location, Body=data, ChecksumSHA256=checksum, **self._headers)

    def _begin(self) -> str:
        response = self._s3.create_multipart_upload(
            **self._location, ChecksumAlgorithm="SHA256", **self._headers
        )
        upload: str = response["UploadId"]
        return upload

    def _pending(self) -> list[str]:
        """The ids of this key's unfinished uploads, the newest last."""
        pages = self._s3.get_paginator("list_multipart_uploads").paginate(
            Bucket=self._location["Bucket"], Prefix=self._location["Key"]
        )
        uploads = [upload for page in pages for upload in page.get("Uploads", ())]
        uploads_of_key = [upload for upload in uploads if upload["Key"] == self._location["Key"]]
        uploads_of_key.sort(key=lambda upload: upload["Initiated"])
        return [upload["UploadId"] for upload in uploads_of_key]

    def _abort(self, uploads: list[str]) -> None:
        for upload in uploads:
            self._s3.abort_multipart_upload(**self._location, UploadId=upload)

    def _send_parts(
        self, path: Path, upload: str, progress: Callable[[int], None]
    ) -> tuple[list[Part], str]:
        """The parts to complete the upload with, and the SHA-256 of the whole file."""
        uploaded = self._parts(upload)
        digest, parts = hashlib.sha256(), []
        with path.open("rb") as file, ThreadPoolExecutor(_PARALLEL_PARTS) as pool:
            futures: list[Future[Part]] = []
            for number, data in enumerate(_chunks(file), 1):
                digest.update(data)
                checksum = b64encode(hashlib.sha256(data).digest()).decode()
                part = uploaded.get(number)
                if part and (part["Size"], part.get("ChecksumSHA256")) == (len(data), checksum):
                    parts.append(_completed_part(number, part["ETag"], checksum))
                else:
                    futures.append(pool.submit(self._send, upload, number, data, checksum))
                # Only the parts in flight are held in memory.
                if len(futures) >= _PARALLEL_PARTS:
                    parts.append(futures.pop(0).result())
                progress(file.tell())
            parts.extend(future.result() for future in futures)
        return sorted(parts, key=lambda part: int(part["PartNumber"])), digest.hexdigest()

    def _parts(self, upload: str) -> dict[int, Part]:
        pages = self._s3.get_paginator("list_parts").paginate(**self._location, UploadId=upload)
        return {part["PartNumber"]: part for page in pages for part in page.get("Parts", ())}

    def _send(self, upload: str, number: int, data: bytes, checksum: str) -> Part:
        response = self._s3.upload_part(
            **self._location, UploadId=upload, PartNumber=number, Body=data, ChecksumSHA256=checksum
        )
        return _completed_part(number, response["ETag"], checksum)


def changed_while_read(path: Path) -> InputError:
    """The error for a file whose content changed between its check and its upload."""
    return InputError(f"{path}: it changed while it was read; ingest it again")


def _completed_part(number: int, etag: str, checksum: str) -> Part:
    return {"PartNumber": number, "ETag": etag, "ChecksumSHA256": checksum}


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while data := file.read(PART):
        yield data
