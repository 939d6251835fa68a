"""A small province, counted by hand, and a merger as its form posts it."""

from datetime import date
from typing import Any

from canbo.audit.changes import change
from canbo.register.models import Unit, UnitVersion
from tests.register.makers import AT, employ, make_person, make_unit, post

DAY = date(2025, 7, 1)
MERGER: dict[str, Any] = {
    "kind": "merge", "unit": ["A", "B"], "into": "", "name": "Xã Ánh Bình", "code": "AB", "on": "01/07/2025",
    "title": "Nhập hai xã", "doc_number": "15/NQ-HĐND", "doc_issued_on": "15/06/2025", "doc_kind": "resolution",
    "doc_issuer": "Hội đồng nhân dân tỉnh",
}  # fmt: skip


def build() -> Unit:
    """In service: 3 in A, 2 in B, 1 in C, 1 in H1 itself; A has a secretary and B has one too."""
    with change(by="test", at=AT, action="test"):
        top = make_unit("T")
        for district, communes in (("H1", "AB"), ("H2", "C")):
            above = make_unit(district, top, level="district")
            for code in communes:
                make_unit(code, above, level="commune")
        for number, code in enumerate(["A", "A", "A", "B", "B", "C", "H1"]):
            person = make_person(f"P{number}", full_name=f"Nguyễn Thị {'ABCDEĐG'[number]}")
            employ(person)
            more: dict[str, Any] = {"post_kind": "party_secretary", "is_head": True} if number in (0, 3) else {}
            post(person, Unit.objects.get(code=code), **more)
        UnitVersion.objects.filter(unit__code="A").update(name="Xã Ánh Dương")
        UnitVersion.objects.filter(unit__code="B").update(name="Xã Bình Minh")
    return top
