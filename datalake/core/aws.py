"""AWS clients by region, endpoints and encryption; AWS's errors as one line with advice."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from datalake.core.errors import LakeError, SettingsError
from datalake.core.loopback import is_loopback

ENCRYPTIONS = ("AES256", "aws:kms")
_TRIES = 6

# Patterns of AWS's error codes, and advice on each; the first match counts.
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
    """How AWS is reached. Credentials come from boto3's default chain only, and are kept nowhere.

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
        """The encryption arguments of each upload, as boto3 names them."""
        headers = {"ServerSideEncryption": self.encryption, "SSEKMSKeyId": self.kms_key}
        return {name: value for name, value in headers.items() if value}


DEFAULT_AWS = Aws()


@contextmanager
def translate_errors(subject: str) -> Iterator[None]:
    """Turn an error of boto3 in the block into a one-line `LakeError` that names `subject`."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        details = error.response.get("Error", {})
        code = details.get("Code", "")
        message = advice(code) or _first_line(details.get("Message", ""))
        raise LakeError(f"{subject}: {message} ({code}, {error.operation_name})") from error
    except (Boto3Error, BotoCoreError) as error:
        kind = type(error).__name__
        message = advice(f"{kind} {error}") or _first_line(str(error))
        raise LakeError(f"{subject}: {message} ({kind})") from error


def advice(error: str) -> str | None:
    """What to do about an error, by AWS's code in its text; None for an unknown one."""
    return next((text for pattern, text in _ADVICE if re.search(pattern, error)), None)


def _first_line(text: str) -> str:
    return next(iter(text.splitlines()), "AWS failed")[:200]
