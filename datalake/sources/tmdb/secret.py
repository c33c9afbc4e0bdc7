"""TMDB's token from where AWS keeps secrets: Secrets Manager, or Systems Manager's parameters."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from datalake.core.errors import SettingsError
from datalake.sources.tmdb.auth import ApiKey, Bearer, Token


def fetch_token(secret_id: str) -> Token:
    """The token in the secret of that name or ARN; an ARN of SSM means a parameter.

    The secret is the v4 token itself, or a JSON object with TMDB_TOKEN or TMDB_API_KEY.
    `SettingsError` tells what is wrong with it, never what is in it.
    """
    text = _fetch(secret_id)
    if not text.lstrip().startswith("{"):
        return Bearer(text)
    try:
        secrets = json.loads(text)
    except (ValueError, RecursionError):
        secrets = {}  # the error of parsing would quote the text
    for token_type in (Bearer, ApiKey):
        if value := secrets.get(token_type.variable):
            return token_type(str(value))
    raise SettingsError(
        f"TMDB_SECRET_ID {secret_id}: neither a token nor JSON with TMDB_TOKEN or TMDB_API_KEY"
    )


def _fetch(secret_id: str) -> str:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        with _without_debug_logs():
            if ":ssm:" in secret_id:
                parameter = boto3.client("ssm").get_parameter(Name=secret_id, WithDecryption=True)
                return str(parameter["Parameter"]["Value"])
            secret: dict[str, Any] = boto3.client("secretsmanager").get_secret_value(
                SecretId=secret_id
            )
            return str(secret.get("SecretString", ""))
    except (BotoCoreError, ClientError) as error:
        raise SettingsError(f"TMDB_SECRET_ID {secret_id}: can't be read: {error}") from error


@contextmanager
def _without_debug_logs() -> Iterator[None]:
    """Keep botocore from logging at DEBUG, where it logs whole responses."""
    logger = logging.getLogger("botocore")
    level = logger.level
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.setLevel(level)
