"""A plan of reorganisation as its form writes it: the fields of each kind, and the plan that they make."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import yaml

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import scoping
from canbo.register.models import Person, PostHeld, Unit, UnitVersion
from canbo.register.reorganisations.applying import Preview
from canbo.register.reorganisations.plans import KINDS, Kind, Plan, read_plan
from canbo.web.organisations import forms
from canbo.web.organisations.forms import Field, Given

PARTS = (1, 2, 3, 4)
"""Into how many new units the form can split one."""


@dataclass(frozen=True)
class KindShown:
    """A kind of reorganisation, what it is for, and how many units it needs."""

    key: Kind
    words: str
    explained: str
    least: int
    most: int


@dataclass(frozen=True)
class Going:
    """Somebody in the unit that is split, and the field that says where the person goes."""

    code: str
    name: str
    field: str


def kinds() -> tuple[KindShown, ...]:
    """All kinds, in the order of the list."""
    shown: dict[Kind, tuple[str, str, int, int]] = {
        "merge": (pick("Nhập, hợp nhất", "Merge"), pick("Nhiều đơn vị thành một: đơn vị mới, hoặc một trong các đơn vị đó.", "Several units become one: a new one, or one of them."), 2, 99),  # noqa: E501
        "split": (pick("Chia, tách", "Split"), pick("Một đơn vị thành nhiều đơn vị; chọn ai về đơn vị nào.", "One unit becomes several; you choose who goes where."), 1, 1),  # noqa: E501
        "rename": (pick("Đổi tên", "Rename"), pick("Đơn vị giữ nguyên người và việc, mang tên mới.", "The unit keeps its people and work under a new name."), 1, 1),  # noqa: E501
        "move": (pick("Chuyển cấp trên", "Move"), pick("Đơn vị chuyển sang trực thuộc đơn vị hoặc cấp ủy khác.", "The unit comes under another unit or Party committee."), 1, 99),  # noqa: E501
        "abolish": (pick("Giải thể", "Abolish"), pick("Đơn vị kết thúc; người và việc về đơn vị khác.", "The unit ends; its people and work go to another."), 1, 99),  # noqa: E501
        "change_level": (pick("Đổi cấp", "Change the level"), pick("Như huyện thành thành phố thuộc tỉnh, hoặc đơn vị cấp huyện lên cấp tỉnh.", "As when a district agency becomes a provincial one."), 1, 99),  # noqa: E501
    }  # fmt: skip
    return tuple(KindShown(kind, *shown[kind]) for kind in KINDS)


def kind_named(key: str) -> KindShown | None:
    """The kind of a key; None where there is none."""
    return next((one for one in kinds() if one.key == key), None)


def fields(kind: Kind, units: Sequence[Unit], names: dict[str, str], suggestions: str) -> list[tuple[str, list[Field]]]:
    """What is asked of a kind, in groups with their headings."""
    parent = forms.unit_field(
        "parent",
        pick("Đơn vị cấp trên", "Unit above"),
        suggestions,
        hint=pick("Để trống: như cũ.", "Left empty: as before."),
    )
    party = forms.unit_field(
        "party_parent",
        pick("Cấp ủy cấp trên", "Party committee above"),
        suggestions,
        hint=pick("Để trống: như cũ.", "Left empty: as before."),
    )
    match kind:
        case "merge":
            into = (
                ("", pick("đơn vị mới (ghi tên và mã dưới đây)", "a new unit (name and code below)")),
                *((one.code, names[one.code]) for one in units),
            )
            return [
                (
                    pick("Thành đơn vị", "Into"),
                    [Field("into", pick("Nhập vào", "Into"), "select", options=into), *_named(""), parent],
                )
            ]
        case "split":
            return [
                *((pick(f"Đơn vị {number}", f"Unit {number}"), _named(f"_{number}")) for number in PARTS),
                (pick("Người và việc còn lại", "All others"), [_rest(units, names)]),
            ]
        case "rename":
            return [(pick("Tên mới", "New name"), [Field("name", pick("Tên mới", "New name"), required=True)])]
        case "move":
            return [(pick("Trực thuộc", "Under"), [parent, party])]
        case "abolish":
            rest = forms.unit_field(
                "rest", pick("Người và việc về", "People and work go to"), suggestions, required=True
            )
            below = forms.unit_field(
                "children",
                pick("Đơn vị cấp dưới về", "Units below go to"),
                suggestions,
                hint=pick("Để trống: cùng nơi với người.", "Left empty: where the people go."),
            )
            return [(pick("Về đâu", "Where to"), [rest, below])]
    level = Field("level", pick("Cấp mới", "New level"), "select", options=forms.options("level"), required=True)
    sort = Field(
        "kind_of_unit",
        pick("Loại đơn vị mới", "New kind"),
        "select",
        options=forms.options("unit_kind"),
        empty=pick("Như cũ", "As before"),
    )
    return [(pick("Cấp mới", "New level"), [level, sort, parent])]


def people_of(who: Caller, unit: Unit, day: date) -> tuple[Going, ...]:
    """Those in post in a unit on a day, whom the visitor may see."""
    seen = scoping.people(who.scope, Permission.PEOPLE_READ, day=who.day)
    held = PostHeld.objects.as_of(day).filter(unit=unit).values("person")
    rows = Person.objects.filter(pk__in=held).filter(pk__in=seen.values("pk")).order_by("name_order", "code")
    return tuple(Going(code, name, f"to.{code}") for code, name in rows.values_list("code", "full_name"))


def targets(units: Sequence[Unit], names: dict[str, str]) -> forms.Choices:
    """Where somebody of a unit that is split can go."""
    parts = tuple((str(number), pick(f"Đơn vị {number}", f"Unit {number}")) for number in PARTS)
    return (*parts, *((one.code, pick(f"ở lại {names[one.code]}", f"stays in {names[one.code]}")) for one in units))


def suggested(kind: KindShown, units: Sequence[Unit], names: dict[str, str]) -> dict[str, str]:
    """What the form holds at first: a title, and codes that were never used."""
    title = f"{kind.words}: {', '.join(names[one.code] for one in units)}"
    values = {"title": title if len(title) <= 200 else title[:199] + "…"}
    if kind.key in ("merge", "split") and units:
        used = set(Unit.objects.filter(code__startswith=units[0].code).values_list("code", flat=True))
        free = [code for number in range(2, 99) if (code := f"{units[0].code}-{number}") not in used]
        values |= (
            {"code": free[0]} if kind.key == "merge" else {f"code_{number}": free[number - 1] for number in PARTS[:2]}
        )
    return values


def plan_in(given: Given, kind: Kind, units: Sequence[Unit]) -> Plan | None:
    """The plan that a form writes; None where it has faults, which are then in it."""
    title = given.required("title", pick("tên việc sắp xếp", "a title"))
    day = given.day("on", pick("Ngày sắp xếp", "Day"))
    document = forms.document_in(given, required=True)
    operation = {kind: [one.code for one in units] if len(units) > 1 else units[0].code} | _operation(
        given, kind, units, day
    )
    if given.faults:
        return None
    raw = {"title": title, "document": document, "on_day": day, "operations": [operation]}
    try:
        return read_plan(yaml.safe_dump(raw, allow_unicode=True))
    except Refused as refused:
        given.fault("", refused.message)
        return None


def digest(shown: Preview) -> str:
    """What a preview shows, in one word: whether it is still so when it is carried out."""
    text = json.dumps(shown.as_json(), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _named(suffix: str) -> list[Field]:
    return [
        Field(f"name{suffix}", pick("Tên", "Name"), plain=True),
        Field(f"code{suffix}", pick("Mã", "Code"), plain=True, hint=pick("Mã mới; mã đã dùng không dùng lại.", "A new one; codes are never used again.")),  # noqa: E501
    ]  # fmt: skip


def _rest(units: Sequence[Unit], names: dict[str, str]) -> Field:
    return Field(
        "rest",
        pick("Về", "Go to"),
        "select",
        options=targets(units, names),
        hint=pick(
            "Người không chọn riêng dưới đây, chức danh, biên chế, ghế trong tập thể, tài liệu.",
            "People not named below, posts, quotas, seats.",
        ),
    )


def _operation(given: Given, kind: Kind, units: Sequence[Unit], day: date | None) -> dict[str, Any]:
    on = day or given.who.day
    above = {name: found.code for name in ("parent", "party_parent") if (found := given.unit(name, on))}
    match kind:
        case "merge":
            if into := given.text("into"):
                return {"into": into, **above} | ({"name": given.text("name")} if given.text("name") else {})
            return {"into": _new(given, "") | above}
        case "split":
            return _split(given, units)
        case "rename":
            return {"name": given.required("name", pick("tên mới", "the new name"))}
        case "move":
            if not above:
                given.fault(
                    "parent",
                    pick("Chọn đơn vị cấp trên hoặc cấp ủy cấp trên mới.", "Choose the new unit or committee above."),
                )
            return above
        case "abolish":
            rest, below = given.unit("rest", on, required=True), given.unit("children", on)
            return ({"rest": rest.code} if rest else {}) | ({"children": below.code} if below else {})
    sort = given.text("kind_of_unit")
    return (
        {"level": given.required("level", pick("cấp mới", "the new level"))} | ({"kind": sort} if sort else {}) | above
    )


def _new(given: Given, suffix: str) -> dict[str, Any]:
    name = given.required(f"name{suffix}", pick("tên đơn vị mới", "the name of the new unit"))
    return {"code": given.required(f"code{suffix}", pick("mã đơn vị mới", "the code of the new unit")), "name": name}


def _split(given: Given, units: Sequence[Unit]) -> dict[str, Any]:
    """Parts with a name; who was not sent elsewhere goes where the rest goes. The old unit may be one of the parts."""
    parts = {str(number): _new(given, f"_{number}") for number in PARTS if given.text(f"name_{number}")}
    codes = {key: str(new["code"]) for key, new in parts.items()} | {one.code: one.code for one in units}
    rest = given.text("rest")
    chosen = {
        name.removeprefix("to."): value.strip()
        for name, value in given.values.items()
        if name.startswith("to.") and value.strip()
    }
    for value in {rest, *chosen.values()} - set(codes):
        given.fault(
            "rest",
            pick(
                f"Đơn vị {value} chưa có tên; hãy ghi tên hoặc chọn nơi khác.",
                f"Unit {value} has no name; give it one or choose another.",
            ),
        )
    if given.faults:
        return {}
    stays = [one.code for one in units if one.code in {rest, *chosen.values()}]
    into: list[Any] = [*parts.values(), *stays]
    if len(into) < 2:
        given.fault(
            "name_2",
            pick(
                "Chia thành ít nhất hai đơn vị: ghi tên đơn vị thứ hai.",
                "Split into two units at least: name the second.",
            ),
        )
    people = {person: codes[value] for person, value in chosen.items() if codes[value] != codes[rest]}
    return {"into": into, "rest": codes[rest]} | ({"people": people} if people else {})


def names_of(units: Sequence[Unit], day: date) -> dict[str, str]:
    """The names of units on a day, by code; the code where it does not exist then."""
    rows = UnitVersion.objects.as_of(day).filter(unit__in=units).values_list("unit__code", "name")
    return {one.code: one.code for one in units} | cast(dict[str, str], dict(rows))
