"""Eight people of a department and a district, and a scheme of two targets over them; every figure is by hand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

AT = datetime(2026, 1, 5, 2, tzinfo=UTC)
BY: dict[str, Any] = {"by": "test", "at": AT}
CODE = "tinh-thu-2026"
TEXT = """id: tinh-thu-2026
title: Đề án thử
province: Tỉnh Thử
documents:
  - {kind: Đề án, number: 01-ĐA/TU, issued_by: Tỉnh ủy, issued_on: 2025-01-01, effective_on: 2025-02-01}
period: {start: 2025-01-01, end: 2026-12-31}
populations:
  all:
    label: Toàn bộ cán bộ
    of: people
indicators:
  - id: T-1
    label: Thạc sĩ trở lên
    quote: trên 50% có trình độ thạc sĩ
    population: all
    satisfies: education >= 'master'
    targets:
      - {by: 2026-12-31, is: "> 50%"}
  - id: T-2
    label: Cán bộ nữ
    quote: 25% là nữ
    population: all
    satisfies: sex = 'female'
    targets:
      - {by: 2026-12-31, is: ">= 25%"}
"""

# Name, unit, tier, sex, day of birth, degrees with their days. Masters at the end of 2025: An, Bình, Hà; a year before
# not yet Hà. Of Giang no degree is known. Lâm retires in 2026; An's term ends on 20/01/2026.
PEOPLE: tuple[tuple[str, str, str, str, date, tuple[tuple[str, date], ...]], ...] = (
    ("An", "S", "unit_head", "female", date(1980, 2, 1), (("master", date(2012, 6, 1)),)),
    ("Bình", "S", "unit_head", "female", date(1980, 2, 2), (("master", date(2012, 6, 1)),)),
    ("Chi", "S", "provincial_committee", "female", date(1980, 2, 3), (("bachelor", date(2003, 6, 1)),)),
    ("Dũng", "S", "unit_head", "male", date(1980, 2, 4), (("bachelor", date(2003, 6, 1)),)),
    ("Giang", "S", "unit_head", "male", date(1980, 2, 5), ()),
    ("Hà", "H", "unit_head", "male", date(1980, 2, 6), (("bachelor", date(2003, 6, 1)), ("master", date(2025, 6, 1)))),
    ("Khánh", "H", "unit_head", "male", date(1980, 2, 7), (("bachelor", date(2003, 6, 1)),)),
    ("Lâm", "H", "provincial_committee", "male", date(1965, 1, 15), (("bachelor", date(2003, 6, 1)),)),
)


@pytest.fixture
def world(db: None) -> Iterator[dict[str, Any]]:
    """The persons by their given name; the scheme is in use."""
    from canbo.audit.changes import change
    from canbo.register import documents, qualifications, schemes
    from canbo.register.models import Employment
    from canbo.snapshot.measuring import DAYS
    from tests.register.makers import make_person, make_unit, post

    DAYS.clear()
    people: dict[str, Any] = {}
    with change(action="test", **BY):
        top = make_unit("T")
        units = {"S": make_unit("S", top, kind="state"), "H": make_unit("H", top, level="district")}
        for number, (name, unit, tier, sex, born, degrees) in enumerate(PEOPLE):
            person = people[name] = make_person(f"P{number}", full_name=f"Nông Văn {name}", born=born, sex=sex)
            Employment.objects.create(person=person, staff_kind="civil_servant", valid_from=date(2020, 1, 1))
            ends = date(2026, 1, 20) if name == "An" else None
            post(person, units[unit], post="Trưởng phòng", stated_tier=tier, term_ends_on=ends)
            for level, on in degrees:
                qualifications.award(person=person, kind="professional", level=level, awarded_on=on, **BY)
    decision = documents.register(
        number="01-ĐA/TU", kind="ĐA", issuer="Tỉnh ủy", issued_on=date(2025, 1, 1), issuer_unit=top, **BY
    )
    version = schemes.begin(TEXT, code=CODE, why="thử", **BY)
    schemes.activate(version, valid_from=date(2025, 2, 1), document=decision, **BY)
    yield people
    DAYS.clear()
