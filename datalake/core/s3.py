"""S3 as storage: atomic puts with checksums, resumable uploads, reads that resume when cut."""

import io
import mimetypes
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from datalake.core.aws import DEFAULT_AWS, Aws, translate_errors
from datalake.core.upload import Upload

_MAX_REOPENS = 5  # times that a broken stream is opened again where it stopped
_CONFLICTS = ("PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey")


class S3Storage:
    """An S3 prefix; credentials come from boto3's own chain."""

    def __init__(self, root: str, aws: Aws = DEFAULT_AWS) -> None:
        bucket, _, prefix = root.removeprefix("s3://").partition("/")
        self._bucket, self._prefix = bucket, f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._aws, self._s3 = aws, aws.client("s3")

    def url(self, key: str) -> str:
        return f"s3://{self._bucket}/{self._prefix}{key}".rstrip("/")

    def list(self, prefix: str) -> list[str]:
        return sorted(self.modified(prefix))

    def modified(self, prefix: str) -> dict[str, datetime]:
        with translate_errors(self.url(prefix)):
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._folder(prefix)
            )
            items = [item for page in pages for item in page.get("Contents", ())]
        return {item["Key"].removeprefix(self._prefix): item["LastModified"] for item in items}

    def unfinished(self, prefix: str) -> dict[str, datetime]:
        return {}  # an upload is no object before its end; the bucket's lifecycle rule aborts it

    def holds(self, prefix: str) -> bool:
        with translate_errors(self.url(prefix)):
            page = self._s3.list_objects_v2(
                Bucket=self._bucket, Prefix=self._folder(prefix), MaxKeys=1
            )
        return bool(page.get("Contents"))

    def _folder(self, prefix: str) -> str:
        return f"{self._prefix}{prefix.rstrip('/')}/" if prefix else self._prefix

    def open(self, key: str) -> IO[bytes]:
        return io.BufferedReader(_Stream(self._s3, self._location(key), self.url(key)), 1 << 18)

    @contextmanager
    def create(self, key: str) -> Iterator[IO[bytes]]:
        with tempfile.TemporaryFile() as temporary:
            yield temporary
            temporary.seek(0)
            with translate_errors(self.url(key)):
                self._s3.upload_fileobj(
                    temporary,
                    self._bucket,
                    self._prefix + key,
                    ExtraArgs={"ChecksumAlgorithm": "SHA256", **self._headers(key)},
                )

    def put_file(self, key: str, path: Path, sha256: str, progress: Any) -> None:
        with translate_errors(self.url(key)):
            Upload(self._s3, self._location(key), self._headers(key)).run(path, sha256, progress)

    def compare_and_swap(self, key: str, old: bytes | None, new: bytes) -> bool:
        from botocore.exceptions import ClientError

        with translate_errors(self.url(key)):
            try:
                return self._swap(key, old, new)
            except ClientError as error:
                if error.response["Error"]["Code"] in _CONFLICTS:
                    return False
                raise

    def _swap(self, key: str, old: bytes | None, new: bytes) -> bool:
        condition = {"IfNoneMatch": "*"}
        if old is not None:
            response = self._s3.get_object(**self._location(key))
            if response["Body"].read() != old:
                return False
            condition = {"IfMatch": response["ETag"]}
        self._s3.put_object(
            **self._location(key),
            Body=new,
            ChecksumAlgorithm="SHA256",
            **self._headers(key),
            **condition,
        )
        return True

    def delete(self, key: str) -> None:
        with translate_errors(self.url(key)):
            self._s3.delete_object(**self._location(key))

    def _location(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + key}

    def _headers(self, key: str) -> dict[str, str]:
        content_type, encoding = mimetypes.guess_type(key)
        headers = {"ContentType": content_type} if content_type and not encoding else {}
        return headers | self._aws.upload_headers


class _Stream(io.RawIOBase):
    """An object's bytes; where the connection breaks it goes on with the next byte."""

    def __init__(self, s3: Any, location: dict[str, str], url: str) -> None:
        self._s3, self._location, self._url = s3, location, url
        self._position = self._failures = 0
        with translate_errors(url):
            response = s3.get_object(**location)
        self._body, self._etag = response["Body"], response["ETag"]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        from botocore.exceptions import BotoCoreError
        from urllib3.exceptions import HTTPError

        while True:
            try:
                data = self._body.read(len(buffer))
                break
            except (BotoCoreError, HTTPError, OSError) as error:
                self._reopen(error)
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def close(self) -> None:
        self._body.close()
        super().close()

    def _reopen(self, error: Exception) -> None:
        self._failures += 1
        with translate_errors(self._url):
            if self._failures > _MAX_REOPENS:
                from botocore.exceptions import ResponseStreamingError

                raise ResponseStreamingError(error=error) from error
            remainder = {"Range": f"bytes={self._position}-", "IfMatch": self._etag}
            self._body = self._s3.get_object(**self._location, **remainder)["Body"]
