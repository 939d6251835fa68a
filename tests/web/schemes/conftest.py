"""A department and a district with eight people, a scheme of two targets over them, and accounts by role."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

AT = datetime(2026, 1, 5, 2, tzinfo=UTC)
BY: dict[str, Any] = {"by": "test", "at": AT}
DAY = "31/12/2025"
CODE = "tinh-thu-2026"
TEXT = """# The scheme of a test.
id: tinh-thu-2026
title: Đề án thử
province: Tỉnh Thử
documents:
  - {kind: Đề án, number: 01-ĐA/TU, issued_by: Tỉnh ủy, issued_on: 2025-01-01, effective_on: 2025-02-01}
period: {start: 2025-01-01, end: 2026-12-31}
objectives:
  - id: "1"
    text: Phấn đấu trên 50% có trình độ thạc sĩ
  - id: "2"
    text: Từng bước trẻ hóa
    no_indicator: Nguồn không in con số.
populations:
  all:
    label: Toàn bộ cán bộ
    of: people
indicators:
  # one in two
  - id: T-1
    label: Thạc sĩ trở lên
    quote: trên 50% có trình độ thạc sĩ
    objective: "1"
    population: all
    satisfies: education >= 'master'
    says: có bằng thạc sĩ
    targets:
      - {by: 2026-12-31, is: "> 50%"}
  # the last one
  - id: T-2
    label: Nữ
    quote: 40% là nữ
    population: all
    satisfies: sex = 'female'
    targets:
      - {by: 2026-12-31, is: ">= 25%"}
"""

# Name, unit, sex, degree: three masters of eight; three women, two of them masters.
PEOPLE = (
    ("An", "S", "female", "master"),
    ("Bình", "S", "female", "master"),
    ("Chi", "S", "female", "bachelor"),
    ("Dũng", "S", "male", "bachelor"),
    ("Giang", "S", "male", "bachelor"),
    ("Hà", "H", "male", "master"),
    ("Khánh", "H", "male", "bachelor"),
    ("Lâm", "H", "male", "bachelor"),
)


@pytest.fixture
def world(db: None) -> Iterator[Any]:
    """The register, and its document of 2025 with number 02-QĐ/TU."""
    from canbo.audit.changes import change
    from canbo.register import documents, people, posts, qualifications, units
    from canbo.register.models import Employment
    from canbo.snapshot.measuring import DAYS

    DAYS.clear()
    with change(action="test", **BY):
        top = units.enter(
            code="T", name="Tỉnh Thử", level="province", kind="locality", valid_from=date(2000, 1, 1), **BY
        )
        places = {
            code: units.enter(
                code=code, name=name, level=level, kind=kind, parent=top, valid_from=date(2000, 1, 1), **BY
            )
            for code, name, level, kind in (
                ("S", "Sở Thử", "province", "state"),
                ("H", "Huyện Thử", "district", "locality"),
            )
        }
        decision = documents.register(
            number="02-QĐ/TU", kind="QĐ", issuer="Tỉnh ủy", issued_on=date(2025, 3, 1), issuer_unit=top, **BY
        )
        for number, (name, unit, sex, level) in enumerate(PEOPLE):
            person = people.enter(
                code=f"P{number}", full_name=f"Nông Văn {name}", birth_date=date(1980, 2, number + 1), sex=sex, **BY
            )
            Employment.objects.create(person=person, staff_kind="civil_servant", valid_from=date(2020, 1, 1))
            qualifications.award(person=person, kind="professional", level=level, awarded_on=date(2010, 6, 1), **BY)
            posts.begin(
                person=person, unit=places[unit], start=date(2025, 3, 1), document=decision, post_kind="professional",
                is_main=True, **BY,
            )  # fmt: skip
    yield decision
    DAYS.clear()


@pytest.fixture
def account(db: None) -> Callable[..., Client]:
    """Signs in somebody with a role, over the province or over a unit."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from canbo.accounts import sign_ins
    from canbo.accounts.models import Mandate, User

    def signed_in(role: str, unit: str = "") -> Client:
        user = User.objects.create_user(f"{role}{unit}")
        TOTP.activate(user, generate_totp_secret())
        Mandate.objects.create(user=user, role=role, unit_code=unit, valid_from=date(2020, 1, 1))
        client = Client()
        client.force_login(user, backend="canbo.accounts.sign_ins.Backend")
        session = client.session
        session[sign_ins.BEGAN] = time.time()
        session.save()
        return client

    return signed_in


@pytest.fixture
def draft(world: Any) -> Any:
    """The scheme as an edited one, in its first version."""
    from canbo.register import schemes

    return schemes.begin(TEXT, code=CODE, why="lần đầu", **BY).scheme
