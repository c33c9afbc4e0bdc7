"""The exceptions of the library: each message is one line that names the cause and the remedy."""

import re

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_TOO_LONG = re.compile(r"(.{600}).{300,}(.{200})")


class DatalakeError(Exception):
    """Anything a user can fix; the command line prints its message and exits with 1."""

    def __str__(self) -> str:
        """The message; what damaged files bring into it is cut, control characters are escaped."""
        text = _CONTROL.sub(lambda match: ascii(match[0])[1:-1], super().__str__())
        return _TOO_LONG.sub(r"\1 … \2", text)


class InputError(DatalakeError):
    """A source file is missing, unreadable or not what it claims to be."""


class SettingsError(DatalakeError):
    """An argument or an environment variable is missing or makes no sense."""


class LakeError(DatalakeError):
    """The lake lacks what a step needs, or can't be read or written."""


class NoLakeError(LakeError):
    """There is no lake in the place that was named."""


class NoSourceFileError(LakeError):
    """Raw has no file of a source yet: trying again won't help, ingesting will."""


class QualityError(DatalakeError):
    """A count does not add up, or too much of a source is bad: nothing was published."""


class TmdbError(DatalakeError):
    """The TMDB API refuses every request: a wrong token, or an endpoint that isn't TMDB."""


class DownloadError(DatalakeError):
    """A file can't be got from its server; `reached` is false where no server answered."""

    def __init__(self, message: str, reached: bool = True) -> None:
        super().__init__(message)
        self.reached = reached
