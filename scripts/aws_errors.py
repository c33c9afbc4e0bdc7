"""AWS's errors in the deployment scripts: one line with the remedy, and exit status 1."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
)

from datalake.core.errors import DatalakeError

_HINTS = {
    "ExpiredToken": "; sign in again",
    "ExpiredTokenException": "; sign in again",
    "InvalidClientTokenId": "; the access key is unknown",
    "AccessDenied": "; docs/runbook.md tells what a deployer must be allowed",
}


class DeployError(DatalakeError):
    """The account, the bucket or a stack is not in a state to be deployed or deleted."""


@contextmanager
def exit_on_error() -> Iterator[None]:
    """Print an error as one line and exit with 1."""
    try:
        with _translate_errors():
            yield
    except DatalakeError as error:
        print(f"datalake: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("datalake: interrupted; AWS goes on with what it began; repeat it", file=sys.stderr)
        sys.exit(130)


@contextmanager
def _translate_errors() -> Iterator[None]:
    try:
        yield
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise DeployError("no AWS credentials; run `aws configure`, or set AWS_PROFILE") from error
    except (EndpointConnectionError, ConnectTimeoutError) as error:
        raise DeployError(f"{error}; is the region right, and is there a network?") from error
    except ClientError as error:
        hint = _HINTS.get(error.response["Error"].get("Code", ""), "")
        raise DeployError(f"{error}{hint}") from error
    except BotoCoreError as error:
        raise DeployError(str(error)) from error
