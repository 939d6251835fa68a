"""The types of what the API takes: text that can be stored, days in reach, numbers that fit, cursors, revisions."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from django.core import signing
from ninja import Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from canbo.common.findings import Refused
from canbo.common.language import pick

FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)


def _text(text: str) -> str:
    if any(char < " " and char not in "\n\t" for char in text) or any("\ud800" <= c <= "\udfff" for c in text):
        raise PydanticCustomError("bad_text", "control characters")
    return text


def _written(value: Any) -> Any:
    """A day is written; a number would be taken for seconds."""
    if isinstance(value, str) and len(value) != 10:
        raise PydanticCustomError("date_form", "not a day")
    if isinstance(value, (int, float)):
        raise PydanticCustomError("date_form", "not a day")
    return value


def _in_reach(day: date) -> date:
    if not FIRST <= day <= LAST:
        raise PydanticCustomError("bad_day", "out of reach")
    return day


def _written_moment(value: Any) -> Any:
    """A moment is written with its time; a number would be taken for seconds, a day for its first moment in no zone."""
    if not isinstance(value, str) or "T" not in value.upper():
        raise PydanticCustomError("moment_form", "not a moment")
    return value


def _moment_in_reach(moment: datetime) -> datetime:
    _in_reach(moment.date())
    return moment.astimezone(UTC)


def _moment(moment: datetime) -> str:
    """Whole, in UTC: what is shown can be given back as ``known`` and means the same."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


Moment = Annotated[
    datetime, PlainSerializer(_moment, return_type=str), WithJsonSchema({"type": "string", "format": "date-time"})
]
Known = Annotated[AwareDatetime, BeforeValidator(_written_moment), AfterValidator(_moment_in_reach)]
"""A moment: what is asked for is answered as it was known then."""
Text = Annotated[str, StringConstraints(max_length=500), AfterValidator(_text)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_text)]
Day = Annotated[date, BeforeValidator(_written), AfterValidator(_in_reach)]
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
Limit = Annotated[int, Field(ge=1, le=200)]
Age = Annotated[int, Field(ge=0, le=130)]
Cursor = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_text)]
Revision = Annotated[str, StringConstraints(pattern=r'^"?[0-9]{1,18}"?$', max_length=20)]


class Given(Schema):
    """What a caller sends: nothing that is not known."""

    model_config = ConfigDict(extra="forbid")


def seal_cursor(kind: str, place: list[Any]) -> str:
    """Where a list goes on, in a form that nobody can make."""
    return signing.dumps(place, salt=f"canbo.api.{kind}")


def open_cursor(kind: str, cursor: str) -> list[Any]:
    """The place of a cursor.

    :raises Refused: it was not made here, for this list.
    """
    try:
        place: list[Any] = signing.loads(cursor, salt=f"canbo.api.{kind}")
    except signing.BadSignature:
        raise Refused(
            pick(
                "Con trỏ “cursor” không dùng được. Hãy lấy lại danh sách từ đầu.",
                "The cursor cannot be used. Start the list again.",
            )
        ) from None
    return place


def revision_of(header: str) -> int:
    """The revision in an ``If-Match`` header."""
    return int(header.strip('"'))
