"""What the library logs, as one line a record."""

import io
import json
import logging

from datalake.core.logs import JsonFormatter, log_figures


def lines_of(write):
    stream, logger = io.StringIO(), logging.Logger("datalake.pipeline.enrich")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter("enrich"))
    logger.addHandler(handler)
    write(logger)
    return stream.getvalue().splitlines()


def test_a_record_is_one_line_of_json_with_its_figures():
    (line,) = lines_of(lambda log: log_figures(log, "enriched", due=913, rate=25.5))
    fields = json.loads(line)
    assert fields.pop("time").endswith("+00:00")
    assert fields == {
        "level": "INFO",
        "step": "enrich",
        "logger": "datalake.pipeline.enrich",
        "message": "enriched",
        "due": 913,
        "rate": 25.5,
    }


def test_a_traceback_is_a_field_of_the_same_line():
    def write(log):
        try:
            _ = {}["x"]
        except KeyError:
            log.exception("failed\nbadly")

    (line,) = lines_of(write)
    fields = json.loads(line)
    assert (fields["level"], fields["message"]) == ("ERROR", "failed\nbadly")
    assert fields["exception"].endswith("KeyError: 'x'\n")
