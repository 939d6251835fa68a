"""The program's log: one JSON object a line, without personal data: no query strings, bodies, names or codes.

A message is written as it stands in the code, never with what was filled into it; of an error only its type and where
it arose. Of what a record carries besides, only the fields listed here are written.
"""

import json
import logging
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any

FIELDS = ("method", "route", "status", "milliseconds")
_FRAMES = 12


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.msg if isinstance(record.msg, str) else type(record.msg).__name__,
        }
        line |= {name: getattr(record, name) for name in FIELDS if getattr(record, name, None) is not None}
        if record.exc_info and record.exc_info[0] is not None:
            frames = traceback.extract_tb(record.exc_info[2])[-_FRAMES:]
            line["error"] = record.exc_info[0].__name__
            line["where"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, ensure_ascii=False)


def logging_settings() -> dict[str, Any]:
    """Django's ``LOGGING``: all to stderr, as JSON.

    Of Django's own only errors: its line for a request holds the address, which may hold a name.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "canbo.installation.logs.JsonFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "loggers": {
            "canbo": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
            "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        },
    }
