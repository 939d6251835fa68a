"""The program's log tells what happened and where, never a value."""

import io
import json
import logging

from canbo.installation.logs import JsonFormatter


def test_neither_arguments_nor_the_text_of_an_error_are_logged() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("canbo.tests.logs")
    logger.addHandler(handler)
    logger.propagate = False
    try:
        raise ValueError("019080001234")
    except ValueError:
        logger.exception("Cannot keep %s", "Trần Thị Bình", extra={"status": 500})
    finally:
        logger.removeHandler(handler)
    found = json.loads(stream.getvalue())
    assert found["message"] == "Cannot keep %s"
    assert (found["level"], found["error"], found["status"]) == ("error", "ValueError", 500)
    assert "test_logs.py:" in found["where"][0]
    assert "Bình" not in stream.getvalue() and "019080001234" not in stream.getvalue()
