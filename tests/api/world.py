"""A small province for the tests of the API: who is where, and an account with a token for each role."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.timezone import localdate

from canbo.accounts import tokens
from canbo.accounts.models import Mandate, User
from canbo.accounts.permissions import Permission
from canbo.accounts.roles import ROLES
from canbo.audit.changes import change
from canbo.register import documents, people, posts, qualifications, units
from canbo.register.models import Employment, Person, PostHeld

TIER, OTHER_TIER = "unit_head", "provincial_committee"
AT = datetime(2026, 1, 5, 2, tzinfo=UTC)
SECRETS = {"wrong_tier": "Mông Thị Ngoàidiện", "wrong_subtree": "Lục Văn Ngoàiđơnvị", "nobody": "Hà Thị Khôngchức"}
"""Names of people whom a limited mandate must never meet."""


@dataclass
class World:
    """Codes of people by their place, numbers of their posts, and headers by account."""

    people: dict[str, str] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)
    facts: dict[str, int] = field(default_factory=dict)
    document: int = 0
    tokens: dict[str, Any] = field(default_factory=dict)


def build() -> World:
    """T over N (with N1) and H. The mandates of the limited accounts: tier unit_head in N."""
    world = World()
    with change(by="test", at=AT, action="test"):
        made: dict[str, Any] = {}
        for code, parent, level in (("T", None, "province"), ("N", "T", "province"), ("N1", "N", "province"), ("H", "T", "commune")):  # fmt: skip # noqa: E501
            made[code] = units.enter(
                code=f"DV-{code}", name=f"Đơn vị {code}", level=level, kind="locality" if code in "TH" else "state",
                valid_from=date(2000, 1, 1), parent=made.get(parent or ""), by="test", at=AT,
            )  # fmt: skip
        decision = documents.register(
            number="12-QĐ/TU", kind="QĐ", issuer="Tỉnh ủy", issued_on=date(2019, 12, 1), issuer_unit=made["N"],
            by="test", at=AT,
        )  # fmt: skip
        world.document = decision.pk
        rows = {
            "inside": ("Nông Văn Trongđơnvị", "N", TIER),
            "below": ("Bế Thị Cấpdưới", "N1", TIER),
            "wrong_tier": (SECRETS["wrong_tier"], "N", OTHER_TIER),
            "wrong_subtree": (SECRETS["wrong_subtree"], "H", TIER),
            "own": ("Triệu Văn Chínhmình", "H", OTHER_TIER),
            "nobody": (SECRETS["nobody"], None, None),
        }
        for number, (key, (name, unit, tier)) in enumerate(rows.items()):
            person = people.enter(
                code=f"NGUOI-{key.upper()}", full_name=name, birth_date=date(1980, 2, number + 1), sex="female",
                national_id=f"01908000{number:04}", by="test", at=AT,
            )  # fmt: skip
            world.people[key] = person.code
            Employment.objects.create(person=person, staff_kind="civil_servant", valid_from=date(2020, 1, 1))
            award = qualifications.award(
                person=person, kind="professional", level="bachelor", awarded_on=date(2005, 6, 1), by="test", at=AT
            )
            world.facts[key] = award.pk
            if unit:
                row = posts.begin(
                    person=person, unit=made[unit], start=date(2020, 1, 1), document=decision, post_kind="professional",
                    stated_tier=tier, is_main=True, by="test", at=AT,
                )  # fmt: skip
                world.posts[key] = row.pk
    world.people["missing"], world.facts["missing"], world.posts["missing"] = "NGUOI-KHONG-CO", 10**9, 10**9
    world.facts["post"] = PostHeld.objects.get(person=Person.objects.get(code=world.people["inside"])).pk
    _accounts(world)
    return world


def _accounts(world: World) -> None:
    today = localdate()
    long_ago = date(2021, 1, 1)
    periods = {
        "now": (long_ago, None),
        "before": (today + timedelta(days=1), None),  # asked before the mandate begins
        "after": (long_ago, today),  # the first day on which it no longer holds
    }
    for role in ROLES:
        for reach, unit, tiers in (("part", "DV-N", [TIER]), ("whole", "", None)):
            for period, (start, end) in periods.items():
                token(world, f"{role}/{reach}/{period}", role, unit, tiers, start, end)


def token(world: World, name: str, role: str, unit: str, tiers: Any, start: date, end: date | None) -> None:
    """An account with one mandate and a token that allows everything of it; a person's account has its own file."""
    own = world.people["own"] if role == "person" else ""
    user = User.objects.create(username=name.replace("/", "."), person_code=own)
    Mandate.objects.create(user=user, role=role, unit_code=unit, tiers=tiers, valid_from=start, valid_to=end)
    at = datetime.now().astimezone()
    text = tokens.issue(
        user=user, name="test", scopes=list(Permission), expires_at=at + timedelta(days=1), by="cli:root", at=at
    )
    world.tokens[name] = {"HTTP_AUTHORIZATION": f"Bearer {text}"}
