"""What AWS is told and what it answers: region, endpoints, encryption, and errors in one line."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from datalake.core.errors import LakeError, SettingsError
from datalake.core.loopback import is_loopback

ENCRYPTIONS = ("AES256", "aws:kms")
_TRIES = 6

# What AWS calls a fault, and what to do about it; the first that fits.
_ADVICE = (
    ("NoSuchBucket", "there is no such bucket; create it, or check --lake"),
    (
        "ExpiredToken|TokenRefreshRequired|RequestExpired|SSOTokenLoad|UnauthorizedSSOToken",
        "the AWS credentials have expired; sign in again",
    ),
    (
        "InvalidAccessKeyId|SignatureDoesNotMatch|UnrecognizedClient|InvalidClientTokenId"
        "|InvalidToken",
        "AWS does not know these credentials; check the profile or the role",
    ),
    (
        "NoCredentials|PartialCredentials|Unable to load (AWS )?credentials"
        "|No AWS Credentials provided",
        "no AWS credentials found; sign in, or give the machine a role",
    ),
    (
        "AccessDenied|AllAccessDisabled|Forbidden|(?i:status ?code: ?403)|^403$",
        "access is denied; the role lacks this permission, or the bucket demands encryption"
        " (DATALAKE_S3_SSE)",
    ),
    ("NoSuchUpload", "the upload was aborted meanwhile; run again"),
    ("NoSuchKey|^404$", "there is no such object"),
    (
        "PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint"
        "|(?i:status ?code: ?301)|^301$",
        "the bucket is in another region; set AWS_REGION",
    ),
    ("NoRegion|Unable to load region", "no AWS region is set; set AWS_REGION"),
    (
        "SlowDown|Throttl|TooManyRequests|RequestLimitExceeded|(?i:status ?code: ?503)|^503$",
        f"AWS asks to slow down, after {_TRIES} tries still; run again later",
    ),
    (
        "EndpointConnection|ConnectTimeout|ReadTimeout|ConnectionClosed|ConnectionError"
        "|Connection refused|UnknownHost|Unable to execute HTTP request|ResponseStreaming"
        "|IncompleteRead|SSLError|ProxyConnection",
        "AWS can't be reached; check the network, AWS_REGION and AWS_ENDPOINT_URL, or run again",
    ),
    ("InternalError|InternalFailure|(?i:status ?code: ?50.)|^50.$", "AWS failed; run again later"),
)


@dataclass(frozen=True)
class Aws:
    """How AWS is asked. Credentials come from the default chain only, and are kept nowhere.

    `region` None: boto3's own chain; endpoints None: AWS itself; `encryption` None: the bucket's
    default, else the header that its policy demands.
    """

    region: str | None = None
    s3_endpoint: str | None = None
    glue_endpoint: str | None = None
    encryption: str | None = None
    kms_key: str | None = None

    def __post_init__(self) -> None:
        if self.encryption not in (None, *ENCRYPTIONS):
            raise SettingsError(
                f"DATALAKE_S3_SSE {self.encryption}: it is one of {', '.join(ENCRYPTIONS)}"
            )
        if self.kms_key and self.encryption != "aws:kms":
            raise SettingsError(
                "DATALAKE_S3_KMS_KEY is set: set DATALAKE_S3_SSE to aws:kms as well"
            )

    def client(self, service: str) -> Any:
        """A boto3 client; it retries what is transient."""
        import boto3
        from botocore.config import Config

        endpoint = {"s3": self.s3_endpoint, "glue": self.glue_endpoint}[service]
        retries = {"mode": "standard", "total_max_attempts": _TRIES}
        # None: the environment's proxies.
        proxies: dict[str, str] | None = {} if endpoint and is_loopback(endpoint) else None
        config = Config(retries=retries, connect_timeout=10, read_timeout=60, proxies=proxies)
        with translate_errors(service):
            return boto3.client(
                service, region_name=self.region, endpoint_url=endpoint, config=config
            )

    def require_region(self) -> str:
        """The region, by setting or by boto3's chain; `SettingsError` where there is none."""
        import boto3

        region = self.region or boto3.session.Session().region_name
        if not region:
            raise SettingsError("no AWS region is set; set AWS_REGION, or a region in the profile")
        return region

    @property
    def upload_headers(self) -> dict[str, str]:
        """What each upload asks of S3's encryption, as boto3's arguments."""
        headers = {"ServerSideEncryption": self.encryption, "SSEKMSKeyId": self.kms_key}
        return {name: value for name, value in headers.items() if value}


DEFAULT_AWS = Aws()


@contextmanager
def translate_errors(what: str) -> Iterator[None]:
    """Turn an error of boto3 in the block into a `LakeError` on `what`, in one line."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        told = error.response.get("Error", {})
        code = told.get("Code", "")
        words = advice(code) or _first_line(told.get("Message", ""))
        raise LakeError(f"{what}: {words} ({code}, {error.operation_name})") from error
    except (Boto3Error, BotoCoreError) as error:
        kind = type(error).__name__
        words = advice(f"{kind} {error}") or _first_line(str(error))
        raise LakeError(f"{what}: {words} ({kind})") from error


def advice(told: str) -> str | None:
    """What to do about a fault, found by AWS's name for it in the text; None for one unknown."""
    return next((words for names, words in _ADVICE if re.search(names, told)), None)


def _first_line(text: str) -> str:
    return next(iter(text.splitlines()), "AWS failed")[:200]
