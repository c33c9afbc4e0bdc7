"""The TMDB secret: it signs requests, and is masked everywhere else."""

import logging
from urllib.parse import quote

from requests import PreparedRequest
from requests.auth import AuthBase

from datalake.core.errors import SettingsError


class Token(AuthBase):
    """A TMDB secret; `repr` and `str` are masked. `SettingsError` for what can't be one."""

    variable: str

    def __init__(self, value: str) -> None:
        value = value.strip()
        # The HTTP library quotes a header it can't send in its error message.
        if not value or not value.isascii() or not value.isprintable() or " " in value:
            raise SettingsError(f"{self.variable}: empty, or holds characters that no token has")
        self._value = value

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Sign the request."""
        raise NotImplementedError


class Bearer(Token):
    """A v4 read access token: sent as a header."""

    variable = "TMDB_TOKEN"

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Sign the request by a header."""
        request.headers["Authorization"] = f"Bearer {self._value}"
        return request


class ApiKey(Token):
    """A v3 key: TMDB takes it in the URL only, so URLs are kept out of messages and logs."""

    variable = "TMDB_API_KEY"

    def __init__(self, value: str) -> None:
        super().__init__(value)
        logging.getLogger("urllib3.connectionpool").addFilter(self._mask)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Sign the request by its query."""
        request.prepare_url(request.url, {"api_key": self._value})
        return request

    def _mask(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        for form in (self._value, quote(self._value, safe="")):
            message = message.replace(form, "***")
        record.msg, record.args = message, ()
        return True
