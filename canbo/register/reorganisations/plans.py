"""A plan of reorganisation: dated operations with their decision, as written in YAML. Touches no database."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

import yaml

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import parse_day

Kind = Literal["merge", "split", "rename", "move", "abolish", "change_level"]
KINDS: tuple[Kind, ...] = ("merge", "split", "rename", "move", "abolish", "change_level")
CHANGED = ("name", "level", "kind", "sector", "parent", "party_parent", "is_city", "is_base_party", "locality_code")
"""What of a unit an operation may set. ``parent`` and ``party_parent`` are codes; None: none."""

_MORE = {"merge": {"into"}, "split": {"into", "people", "rest"}, "abolish": {"people", "rest", "children"}}
_NEEDED = {"merge": "into", "split": "into", "rename": "name", "change_level": "level"}


@dataclass(frozen=True)
class NewUnit:
    """A unit that the operation founds; ``values`` as in ``CHANGED``. What is left out comes from the predecessor."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """One operation on a day.

    ``units``: what it is done to. merge: all go into ``into[0]``, which may be one of them. split: into several, and
    abolish: into none; ``people`` says who goes where (person code: unit code), ``rest`` where all others and what
    belongs to nobody goes, ``children`` where the units below go (left out: ``rest``). ``values``: what changes of the
    unit that goes on.
    """

    kind: Kind
    day: date
    units: tuple[str, ...]
    into: tuple[str, ...] = ()
    new: tuple[NewUnit, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    rest: str | None = None
    children: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """Operations with the decision behind them: ``number``, ``kind``, ``issuer``, ``issued_on``, ``title``."""

    title: str
    document: Mapping[str, Any]
    operations: tuple[Operation, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which something changes, in order."""
        return tuple(sorted({operation.day for operation in self.operations}))

    def as_json(self) -> dict[str, Any]:
        """The plan as kept with the reorganisation."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


def read_plan(text: str) -> Plan:
    """The plan written in YAML.

    :raises Refused: it is no plan; says where and what is missing.
    """
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Refused(
            pick(f"Tệp phương án không đúng dạng YAML: {error}", f"The plan is not valid YAML: {error}")
        ) from error
    if not isinstance(raw, dict):
        raise _wrong("", pick("tệp không phải là một phương án", "the file is no plan"))
    day = None if raw.get("on_day") is None else _day(raw["on_day"], "on_day")
    entries = raw.get("operations")
    if not isinstance(entries, list) or not entries:
        raise _wrong("operations", pick("chưa có thao tác nào", "there is no operation"))
    unknown = set(raw) - {"title", "document", "on_day", "operations"}
    if unknown:
        raise _wrong(sorted(map(str, unknown))[0], pick("mục không có trong phương án", "no such entry in a plan"))
    operations = tuple(_operation(entry, number, day) for number, entry in enumerate(entries, 1))
    return Plan(_title(raw), _document(raw.get("document")), operations)


def _title(raw: Mapping[str, Any]) -> str:
    title = raw.get("title")
    if not isinstance(title, str) or not title.strip():
        raise _wrong("title", pick("chưa có tên phương án", "the plan has no title"))
    return title.strip()


def _document(raw: Any) -> dict[str, Any]:
    keys = ("number", "kind", "issuer", "issued_on")
    if not isinstance(raw, dict) or any(raw.get(key) in (None, "") for key in keys):
        raise _wrong(
            "document",
            pick(
                "phải ghi văn bản quyết định: number, kind, issuer, issued_on",
                "the decision must be given: number, kind, issuer, issued_on",
            ),
        )
    return {
        "number": str(raw["number"]),
        "kind": str(raw["kind"]),
        "issuer": str(raw["issuer"]),
        "issued_on": _day(raw["issued_on"], "document.issued_on"),
        "title": str(raw.get("title", "")),
    }


def _operation(entry: Any, number: int, day: date | None) -> Operation:
    where = f"operations[{number}]"
    kinds = [kind for kind in KINDS if isinstance(entry, dict) and kind in entry]
    if len(kinds) != 1:
        raise _wrong(where, pick(f"phải có đúng một trong {', '.join(KINDS)}", f"needs one of {', '.join(KINDS)}"))
    kind = kinds[0]
    on = _day(entry["on_day"], where) if "on_day" in entry else day
    if on is None:
        raise _wrong(where, pick("chưa có ngày (on_day)", "has no day (on_day)"))
    allowed = {kind, "on_day", *CHANGED, *_MORE.get(kind, set())}
    unknown = set(entry) - allowed
    if unknown:
        raise _wrong(f"{where}.{sorted(map(str, unknown))[0]}", pick("mục không dùng ở đây", "does not belong here"))
    needed = _NEEDED.get(kind)
    if needed is not None and not entry.get(needed):
        raise _wrong(f"{where}.{needed}", pick("chưa ghi", "is missing"))
    into, new = _targets(entry.get("into"), where)
    operation = Operation(
        kind,
        on,
        _codes(entry[kind], where),
        into,
        new,
        _people(entry.get("people"), where),
        entry.get("rest"),
        entry.get("children"),
        {key: entry[key] for key in CHANGED if key in entry},
    )
    _require_shape(operation, where)
    return operation


def _require_shape(operation: Operation, where: str) -> None:
    if operation.kind == "merge" and len(operation.into) != 1:
        raise _wrong(f"{where}.into", pick("sáp nhập vào đúng một đơn vị", "a merger goes into one unit"))
    if operation.kind == "split" and (len(operation.units) != 1 or len(operation.into) < 2):
        raise _wrong(where, pick("chia một đơn vị thành ít nhất hai đơn vị", "a split makes two or more units of one"))
    if operation.kind == "move" and not {"parent", "party_parent"} & set(operation.values):
        raise _wrong(where, pick("chưa ghi parent hoặc party_parent", "parent or party_parent is missing"))
    if operation.kind == "rename" and len(operation.units) != 1:
        raise _wrong(where, pick("mỗi lần đổi tên một đơn vị", "rename one unit at a time"))


def _targets(raw: Any, where: str) -> tuple[tuple[str, ...], tuple[NewUnit, ...]]:
    """The units that an operation leads into: codes, or new units as mappings with ``code``."""
    entries = [] if raw is None else raw if isinstance(raw, list) else [raw]
    codes, new = [], []
    for entry in entries:
        if isinstance(entry, dict):
            unknown = set(entry) - {"code", *CHANGED}
            if not entry.get("code") or unknown:
                raise _wrong(f"{where}.into", pick("đơn vị mới phải có code", "a new unit needs a code"))
            new.append(NewUnit(str(entry["code"]), {key: entry[key] for key in CHANGED if key in entry}))
            codes.append(str(entry["code"]))
        else:
            codes.append(str(entry))
    return tuple(codes), tuple(new)


def _codes(raw: Any, where: str) -> tuple[str, ...]:
    codes = tuple(str(code) for code in (raw if isinstance(raw, list) else [raw]) if code not in (None, ""))
    if not codes or len(set(codes)) != len(codes):
        raise _wrong(where, pick("mã đơn vị thiếu hoặc ghi hai lần", "a unit code is missing or given twice"))
    return codes


def _people(raw: Any, where: str) -> dict[str, str]:
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise _wrong(f"{where}.people", pick("ghi dạng mã cán bộ: mã đơn vị", "write person code: unit code"))
    return {str(person): str(unit) for person, unit in raw.items()}


def _day(value: Any, where: str) -> date:
    if isinstance(value, date):
        return value
    day = parse_day(str(value))
    if day is None or day.precision != "day":
        raise _wrong(where, pick(f"“{value}” không phải là một ngày", f"“{value}” is not a day"))
    return day.first


def _wrong(where: str, what: str) -> Refused:
    place = f" ({where})" if where else ""
    return Refused(pick(f"Phương án sắp xếp{place}: {what}.", f"Plan of reorganisation{place}: {what}."))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
