"""Units entered, renamed, moved and ended, each as a version from a day on (ORG-01, ORG-02, ORG-05).

A merger, a split and what goes with them is one operation of its own; it is made of these.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Max

from canbo.audit.changes import change as changing
from canbo.audit.models import Entry
from canbo.codes import code_list
from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.text import tidy
from canbo.register import trees
from canbo.register.models import Document, Unit, UnitVersion
from canbo.register.refusals import explained

_LOCK = 5_201_127  # one at a time changes a tree, so that two cannot close a circle together
_CODED = {"level": "level", "kind": "unit_kind", "sector": "sector"}
FIELDS = (
    "name",
    "parent",
    "party_parent",
    "level",
    "kind",
    "sector",
    "is_city",
    "is_base_party",
    "locality_code",
    "minority_share",
)


def enter(
    *,
    code: str,
    name: str,
    level: str,
    kind: str,
    valid_from: date,
    by: str,
    at: datetime,
    document: Document | None = None,
    **more: Any,
) -> Unit:
    """Enter a unit that exists from ``valid_from`` on. ``more``: other fields of ``FIELDS`` and ``valid_to``.

    :raises Refused: the code was used before (also by a unit long gone), a code list does not know a value, the unit
        above does not exist for as long, or a circle would arise.
    """
    code = tidy(code)
    if not code or not tidy(name):
        raise Refused(pick("Đơn vị phải có mã và tên.", "A unit needs a code and a name."))
    if Unit.objects.filter(code=code).exists():
        raise Refused(
            pick(
                f"Mã đơn vị “{code}” đã dùng cho “{_known_as(code)}”. Mã không được dùng lại, kể cả của đơn vị đã "
                "giải thể: hãy đặt mã khác.",
                f"The code “{code}” was used for “{_known_as(code)}”. Codes are never used again, not even of units "
                "long gone: choose another.",
            )
        )
    fields = {"name": tidy(name), "level": level, "kind": kind} | more
    _require_known(fields, also=("valid_to", "since_known"))
    with explained(who=code), changing(by=by, at=at, action="unit.enter", subject=f"unit:{code}"):
        _lock()
        unit = Unit.objects.create(code=code)
        UnitVersion.objects.create(unit=unit, valid_from=valid_from, document=document, **fields)
        _require_sound(unit)
    return unit


def revision(unit: Unit) -> int:
    """The number of the last change of a unit's versions, for ``seen``; 0 where there is none."""
    events = apps.get_model("register", "UnitVersionEvent")._default_manager
    last: int | None = events.filter(unit_id=unit.id).aggregate(last=Max("pgh_id"))["last"]
    return last or 0


def change(
    unit: Unit,
    *,
    on: date,
    by: str,
    at: datetime,
    document: Document | None = None,
    seen: int | None = None,
    **fields: Any,
) -> UnitVersion:
    """Give a unit another name, parent, level … from ``on`` until its next version begins; ``on`` may lie ahead.

    ``seen`` is the ``revision`` of the unit that the author looked at (None: not asked).

    :raises Refused: the unit does not exist on that day, was changed since ``seen``, or as in ``enter``.
    """
    _require_known(fields)
    _require_not_itself(unit, fields)
    with explained(who=unit.code), changing(by=by, at=at, action="unit.change", subject=f"unit:{unit.code}"):
        _lock()
        _require_seen(unit, seen)
        held = version(unit, on)
        if held.valid_from == on:
            return _rewritten(unit, held, fields, document)
        values = {name: getattr(held, name) for name in FIELDS} | fields
        end = held.valid_to
        held.valid_to = on
        held.save(update_fields=["valid_to"])
        new = UnitVersion.objects.create(unit=unit, valid_from=on, valid_to=end, document=document, **values)
        _require_sound(unit)
        return new


def correct(unit: Unit, *, on: date, by: str, at: datetime, seen: int | None = None, **fields: Any) -> UnitVersion:
    """Put right the version that holds on a day, for its whole period; what was believed stays in the history.

    :raises Refused: as in ``change``.
    """
    _require_known(fields)
    _require_not_itself(unit, fields)
    with explained(who=unit.code), changing(by=by, at=at, action="unit.correct", subject=f"unit:{unit.code}"):
        _lock()
        _require_seen(unit, seen)
        return _rewritten(unit, version(unit, on), fields, None)


def end(
    unit: Unit, *, on: date, by: str, at: datetime, document: Document | None = None, seen: int | None = None
) -> None:
    """End a unit: ``on`` is the first day it no longer exists. Versions planned for later are dropped.

    :raises Refused: it does not exist on the day before, or units still stand under it.
    """
    with explained(who=unit.code), changing(by=by, at=at, action="unit.end", subject=f"unit:{unit.code}"):
        _lock()
        _require_seen(unit, seen)
        held = unit.versions.filter(valid_from__lt=on).order_by("-valid_from").first()
        if held is None or (held.valid_to is not None and held.valid_to < on):
            raise _absent(unit, on)
        unit.versions.filter(valid_from__gte=on).delete()
        held.valid_to = on
        held.document = document or held.document
        held.save(update_fields=["valid_to", "document"])
        _require_sound(unit)


def version(unit: Unit, day: date) -> UnitVersion:
    """The version of a unit that holds on a day.

    :raises Refused: there is none.
    """
    held = unit.versions.filter(valid_from__lte=day).order_by("-valid_from").first()
    if held is None or (held.valid_to is not None and held.valid_to <= day):
        raise _absent(unit, day)
    return held  # type: ignore[no-any-return]


def locality_type(name: str) -> str | None:
    """What kind of locality a name tells: huyện, thị xã, thành phố, xã, phường, thị trấn, tỉnh, đặc khu."""
    words = tidy(name).casefold()
    for kind in ("thị trấn", "thị xã", "thành phố", "đặc khu", "phường", "huyện", "quận", "tỉnh", "xã"):
        if words.startswith(kind + " "):
            return kind
    return None


def _require_not_itself(unit: Unit, fields: Mapping[str, Any]) -> None:
    if any(getattr(fields.get(tree), "id", None) == unit.id for tree in ("parent", "party_parent")):
        raise Refused(
            pick(
                f"Đơn vị “{unit.code}” không thể là cấp trên của chính nó. Hãy chọn đơn vị cấp trên khác.",
                f"Unit “{unit.code}” cannot stand above itself. Choose another unit above it.",
            )
        )


def _rewritten(unit: Unit, held: UnitVersion, fields: Mapping[str, Any], document: Document | None) -> UnitVersion:
    for name, value in fields.items():
        setattr(held, name, value)
    held.document = document or held.document
    held.save()
    _require_sound(unit)
    return held


def _require_known(fields: Mapping[str, Any], also: tuple[str, ...] = ()) -> None:
    for name, value in fields.items():
        if name not in FIELDS and name not in also:
            raise TypeError(name)
        codes = _CODED.get(name)
        if codes is not None and value is not None and value not in code_list(codes):
            near = code_list(codes).suggest(str(value))
            hint = pick(f" Có phải “{near}” không?", f" Did you mean “{near}”?") if near else ""
            raise Refused(
                pick(
                    f"Giá trị “{value}” không có trong danh mục “{codes}”.",
                    f"“{value}” is not in the code list “{codes}”.",
                )
                + hint
            )


def _require_sound(unit: Unit) -> None:
    found: list[Finding] = trees.faults([unit.id])
    if found:
        raise Refused(found[0].message + " " + (found[0].suggestion or ""), found)


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _require_seen(unit: Unit, seen: int | None) -> None:
    """What the author looked at is still so. Stands after ``_lock``."""
    if seen is None or seen == revision(unit):
        return
    events = apps.get_model("register", "UnitVersionEvent")._default_manager
    changes = set(events.filter(unit_id=unit.id, pgh_id__gt=seen).values_list("pgh_context_id", flat=True))
    entries = Entry.objects.filter(change__in=changes).order_by("id")
    told = "; ".join(f"{one.moment.astimezone():%d/%m/%Y %H:%M} {one.actor}: {one.action}" for one in entries)
    raise Refused(
        pick(
            f"Đơn vị “{unit.code}” đã thay đổi sau khi bạn mở: {told}. Chưa ghi gì. Hãy tải lại, xem thay đổi rồi làm "
            "lại.",
            f"Unit “{unit.code}” was changed after you opened it: {told}. Nothing was written. Reload, look at the "
            "change, and try again.",
        )
    )


def _known_as(code: str) -> str:
    last = UnitVersion.objects.filter(unit__code=code).order_by("-valid_from").first()
    return last.name if last else code


def _absent(unit: Unit, day: date) -> Refused:
    first = unit.versions.order_by("valid_from").first()
    if first is not None and not first.since_known and day < first.valid_from:
        return Refused(
            pick(
                f"Chưa rõ đơn vị “{unit.code}” trước {first.valid_from:%d/%m/%Y} (nguồn chỉ cho biết từ ngày đó). "
                "Hãy nhập ngày thành lập trước.",
                f"Unit “{unit.code}” is unknown before {first.valid_from:%d/%m/%Y} (the source only tells from then). "
                "Enter since when it exists first.",
            )
        )
    return Refused(
        pick(
            f"Đơn vị “{unit.code}” không tồn tại vào ngày {day:%d/%m/%Y}. Hãy chọn ngày khác.",
            f"Unit “{unit.code}” does not exist on {day:%d/%m/%Y}. Choose another day.",
        )
    )
