"""The template environment of the pages: what every template may call. Lays out nothing itself."""

import hashlib
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils.timezone import localtime
from jinja2 import Environment, StrictUndefined

from canbo.common.language import current, pick
from canbo.common.numbers import print_count, print_day, print_percent


def environment(**options: Any) -> Environment:
    """Made once by Django. A name that a view forgot is an error, not an empty place on a page."""
    made = Environment(**{**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True})
    made.globals |= {"t": pick, "url": reverse, "asset": asset, "language": current, "address": address}
    made.filters |= {"count": print_count, "day": _day, "moment": _moment, "percent": _percent}
    return made


def asset(name: str) -> str:
    """The address of a file that the pages load; another one whenever its content is."""
    return f"{static(name)}?v={_digest(name)}"


@lru_cache(maxsize=64)
def _digest(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12]


def address(path: str, **parameters: Any) -> str:
    """A path with parameters; those that are empty are left out, so that an address says no more than it must."""
    from urllib.parse import urlencode

    given = {key: value.isoformat() if isinstance(value, date) else value for key, value in parameters.items()}
    text = urlencode({key: value for key, value in given.items() if value not in (None, "", [])}, doseq=True)
    return f"{path}?{text}" if text else path


def _day(value: date | None) -> str:
    return print_day(value) if value is not None else ""


def _moment(value: datetime) -> str:
    here = localtime(value)
    return f"{here:%H:%M} {print_day(here.date())}"


def _percent(value: Fraction | None) -> str:
    return print_percent(value, places=2) if value is not None else ""
