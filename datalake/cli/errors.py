"""How a command ends: an error is one line, a traceback goes to a file, a closed pipe is no error.

Exit status 1: it failed; 2: the command line is wrong; 130 and 141: interrupted, as shells say.
"""

import os
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from datalake import __version__
from datalake.cli.demo import DEMOS
from datalake.core.errors import DatalakeError, NoLakeError
from datalake.core.install import INSTALL
from datalake.core.settings import cache_folder

_SECRETS = (
    *("TMDB_TOKEN", "TMDB_API_KEY"),
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
)


@contextmanager
def exit_on_error() -> Iterator[None]:
    """Exit with an error of the block printed as one line."""
    try:
        yield
        sys.stdout.flush()  # here, where a closed pipe is caught
    except click.ClickException as error:
        _exit(error.exit_code, error.format_message().rstrip(".") + _hint(error))
    except (click.Abort, KeyboardInterrupt):
        _exit(130, "interrupted; what is published stays as it was")
    except NoLakeError as error:
        _exit(1, f"{error}{_demo_lakes()}")
    except DatalakeError as error:
        _exit(1, str(error))
    except ModuleNotFoundError as error:
        _exit(1, f"{error.name} is not installed; run: {INSTALL}")
    except BrokenPipeError:
        # What is still buffered has no reader, and the interpreter would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except Exception as error:  # noqa: BLE001 - the last handler
        log = write_log(os.environ)
        _exit(1, f"unexpected {_in_one_line(error)}; please report it with the log {log}")


def write_log(environment: Mapping[str, str]) -> Path:
    """Write the traceback of the exception at hand, without secrets, to a file of its own."""
    now = datetime.now(UTC)
    text = (
        f"datalake {__version__}, Python {sys.version}, {sys.platform}, {now.isoformat()}\n"
        f"{' '.join(sys.argv)}\n\n{traceback.format_exc()}"
    )
    name = f"{now:%Y%m%dT%H%M%S}-{os.getpid()}.log"
    for folder in (cache_folder(environment) / "logs", Path(tempfile.gettempdir())):
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            path.write_text(_without_secrets(text, environment), encoding="utf-8")
            return path
    sys.stderr.write(_without_secrets(text, environment))
    return Path(os.devnull)


def _without_secrets(text: str, environment: Mapping[str, str]) -> str:
    for name in _SECRETS:
        if value := environment.get(name):
            text = text.replace(value, "***")
    return text


def _in_one_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    shown = f"{type(error).__name__}: {text[:300]}" if text else type(error).__name__
    return _without_secrets(shown, os.environ)


def _hint(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"; see {context.command_path} --help" if context else ""


def _demo_lakes() -> str:
    """Where the made-up sample's lakes are, of those that are there."""
    lakes = [f"--lake {demo.lake}" for demo in DEMOS.values() if Path(demo.lake).is_dir()]
    return f"; the made-up sample's is {' or '.join(lakes)}" if lakes else ""


def _exit(status: int, message: str) -> None:
    with suppress(OSError):
        click.echo(f"datalake: {message}", err=True)
    sys.exit(status)
