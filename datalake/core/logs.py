"""Logging: the library logs figures, whoever runs it decides what people see."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

_LIBRARY = "datalake"


def log_figures(logger: logging.Logger, message: str, **figures: object) -> None:
    """Log a message with its figures, which a formatter can show field by field."""
    logger.info(message, extra={"figures": figures})


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, step, logger, message, figures, and any exception."""

    def __init__(self, step: str) -> None:
        super().__init__()
        self._step = step

    def format(self, record: logging.LogRecord) -> str:
        """The record's line."""
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "step": self._step,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "figures", {}),
        }
        if record.exc_info:
            fields["exception"] = "".join(traceback.format_exception(*record.exc_info))
        return json.dumps(fields, ensure_ascii=False, default=str)


def show_logs(formatter: logging.Formatter, level: int = logging.INFO) -> None:
    """Show what the library logs from `level` on, on standard error and nowhere else."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logger = logging.getLogger(_LIBRARY)
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    logger.propagate = False
