"""Two versions of a scheme beside each other: what differs, field by field, and what it does to the counts of a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from canbo.common.language import pick
from canbo.register import schemes
from canbo.register.models import EditedScheme, SchemeVersion
from canbo.web.frame import show
from canbo.web.schemes.days import asked_day
from canbo.web.schemes.figures import Shown, Standing
from canbo.web.schemes.figures import shown as figures_of
from canbo.web.schemes.texts import plain
from canbo.web.schemes.views import WRITE
from canbo.web.visitors import page, visitor


@dataclass(frozen=True)
class Difference:
    """One field that differs."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Changed:
    """An indicator that differs: with its standing on the day by both versions."""

    id: str
    label: str
    kind: str
    differences: tuple[Difference, ...]
    before: Standing | None
    after: Standing | None


@page(*WRITE, whole=True)
def compare(request: HttpRequest, scheme: str) -> HttpResponse:
    """Two versions of a scheme, field by field, with the counts of a day by each."""
    edited = schemes.find_edited(scheme)
    last = schemes.last_version(edited).number
    first, second = (_version(request, edited, name, start) for name, start in (("a", max(last - 1, 1)), ("b", last)))
    asked = asked_day(request)
    old, new = (schemes.values_of(one.text, edited.code) for one in (first, second))
    readers = visitor(request)
    figures = [figures_of(readers, schemes.scheme_of(one), asked.day) for one in (first, second)]
    changed = _indicators(old, new, figures[0], figures[1])
    return show(
        request,
        "schemes/compare.html",
        here="schemes",
        edited=edited,
        scheme=schemes.scheme_of(second),
        first=first,
        second=second,
        asked=asked,
        changed=changed,
        general=_general(old, new),
        reason=figures[1].reason,
    )


def _version(request: HttpRequest, edited: EditedScheme, name: str, start: int) -> SchemeVersion:
    written = request.GET.get(name, "")
    return schemes.version_of(edited, int(written) if written.isdigit() else start)


def _name(key: str) -> str:
    """What a key of the file is called; the key itself where officials have no word for it."""
    names = {
        "title": pick("Tên đề án", "Title"),
        "period": pick("Thời kỳ", "Period"),
        "documents": pick("Văn bản", "Documents"),
        "label": pick("Tên", "Label"),
        "label_en": pick("Tên tiếng Anh", "Label in English"),
        "quote": pick("Nguyên văn", "Exact words"),
        "objective": pick("Mục tiêu", "Objective"),
        "population": pick("Nhóm đối tượng", "Population"),
        "of": pick("Bảng", "Dataset"),
        "measure": pick("Cách đo", "Measure"),
        "where": pick("Thu hẹp nhóm", "Narrowed to"),
        "satisfies": pick("Ai được tính", "Who is counted"),
        "says": pick("Lời diễn giải", "In words"),
        "targets": pick("Mức phải đạt", "Targets"),
        "baseline": pick("Hiện trạng ban đầu", "Baseline"),
        "note": pick("Ghi chú", "Note"),
    }
    return names.get(key, key)


def _general(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """What differs beside the indicators; populations one by one."""
    keys = [key for key in dict.fromkeys([*old, *new]) if key not in ("indicators", "populations")]
    found = list(_differences(old, new, keys))
    groups = [one.get("populations") or {} for one in (old, new)]
    for name in dict.fromkeys([*groups[0], *groups[1]]):
        inner = [one.get(name) or {} for one in groups]
        for one in _differences(inner[0], inner[1], list(dict.fromkeys([*inner[0], *inner[1]]))):
            found.append(Difference(f"populations.{name}.{one.field}", one.before, one.after))
    return found


def _indicators(old: Mapping[str, Any], new: Mapping[str, Any], before: Shown, after: Shown) -> list[Changed]:
    olds, news = ({str(one.get("id")): one for one in side.get("indicators") or []} for side in (old, new))
    found = []
    for name in dict.fromkeys([*olds, *news]):
        first, second = olds.get(name, {}), news.get(name, {})
        differences = tuple(_differences(first, second, list(dict.fromkeys([*first, *second]))))
        if not differences:
            continue
        kind = pick("sửa", "changed")
        if not first or not second:
            kind = pick("thêm", "added") if not first else pick("bỏ", "removed")
        label = str((second or first).get("label", name))
        found.append(Changed(name, label, kind, differences, before.of(name), after.of(name)))
    return found


def _differences(old: Mapping[str, Any], new: Mapping[str, Any], keys: list[str]) -> list[Difference]:
    pairs = [(key, plain(old.get(key)), plain(new.get(key))) for key in keys]
    return [Difference(_name(key), first, second) for key, first, second in pairs if first != second]
