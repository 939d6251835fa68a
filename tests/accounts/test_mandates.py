"""What an account may do: role × permission, mandates by day, what is refused, what the log keeps."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps

from canbo.accounts import mandates
from canbo.accounts.models import Mandate
from canbo.accounts.permissions import Permission as P
from canbo.accounts.roles import ROLES
from canbo.accounts.scopes import Grant, Scope
from canbo.audit.models import Entry
from canbo.audit.verifying import verify
from canbo.common.findings import Refused
from tests.accounts.makers import AT, DAY, give, make_admin, make_user

# As an official would fill in the form: one line a right, one column a role.
_COLUMNS = ("specialist", "unit_officer", "leader", "inspector", "analyst", "it_admin", "person")
_TABLE = {
    P.PEOPLE_READ: "x x x x . . .",
    P.PEOPLE_WRITE: "x x . . . . .",
    P.ORGANISATIONS_READ: "x x x x x . .",
    P.ORGANISATIONS_WRITE: "x . . . . . .",
    P.INDICATORS_READ: "x x x x x . .",
    P.SNAPSHOTS_READ: "x . x x x . .",
    P.SNAPSHOTS_SEAL: "x . . . . . .",
    P.IMPORT_PREVIEW: "x x . . . . .",
    P.IMPORT_APPLY: "x x . . . . .",
    P.EXPORT: "x x . . . . .",
    P.ACCOUNTS_MANAGE: ". . . . . x .",
    P.LOG_READ: ". . . x . . .",
    P.OWN_FILE: ". . . . . . x",
}


def test_each_role_may_do_what_its_column_says() -> None:
    said = {
        role: {permission for permission, line in _TABLE.items() if line.split()[place] == "x"}
        for place, role in enumerate(_COLUMNS)
    }
    assert {key: set(role.permissions) for key, role in ROLES.items()} == said
    assert set(_TABLE) == set(P)


@pytest.mark.parametrize(
    ("role", "reads", "second_factor"),
    [
        ("specialist", "sensitive", True),
        ("unit_officer", "sensitive", True),
        ("leader", "internal", False),
        ("inspector", "sensitive", True),
        ("analyst", "public", False),
        ("it_admin", "public", True),
        ("person", "public", False),
    ],
)
def test_how_deep_a_role_reads_and_who_needs_a_second_factor(role: str, reads: str, second_factor: bool) -> None:
    assert (ROLES[role].field_class, ROLES[role].needs_second_factor) == (reads, second_factor)


def test_who_gives_out_accounts_reads_no_file() -> None:
    assert not [role for role in ROLES.values() if {P.ACCOUNTS_MANAGE, P.PEOPLE_READ} <= role.permissions]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2025, 2, 28), False),
        (date(2025, 3, 1), True),
        (date(2025, 6, 30), True),
        (date(2025, 7, 1), False),
    ],
    ids=["day before", "first day", "last day", "day after"],
)
def test_a_mandate_holds_from_its_first_to_its_last_day(day: date, holds: bool) -> None:
    user = make_user()
    give(user, "leader", valid_to=date(2025, 7, 1))
    assert mandates.scope_of(user, day).allows(P.PEOPLE_READ) is holds


@pytest.mark.django_db
def test_mandates_add_up_and_may_overlap() -> None:
    user = make_user(person_code="P1")
    give(user, "leader", unit_code="T1", tiers=["unit_head", "central"])
    give(user, "unit_officer", unit_code="T1")
    give(user, "leader", unit_code="T1", tiers=["unit_head", "central"])
    leader = Grant(ROLES["leader"].permissions, frozenset({"unit_head", "central"}), "T1", "internal")
    officer = Grant(ROLES["unit_officer"].permissions, None, "T1", "sensitive")
    own = Grant(frozenset({P.OWN_FILE}), None, None, "sensitive")
    assert mandates.scope_of(user, DAY) == Scope("an", "P1", (leader, officer, leader, own))


@pytest.mark.django_db
def test_a_closed_account_may_do_nothing() -> None:
    user = make_user(person_code="P1")
    give(user, "specialist")
    user.is_active = False
    assert mandates.scope_of(user, DAY) == Scope("an", "", ())


@pytest.mark.parametrize(
    ("kept", "allowed"),
    [
        ([P.PEOPLE_READ], {P.PEOPLE_READ}),
        ([P.PEOPLE_READ, P.LOG_READ], {P.PEOPLE_READ}),
        ([P.LOG_READ], set()),
        ([], set()),
    ],
)
def test_a_token_narrows_and_never_widens(kept: list[P], allowed: set[P]) -> None:
    leader = Grant(ROLES["leader"].permissions, None, "T1", "internal")
    own = Grant(frozenset({P.OWN_FILE}), None, None, "sensitive")
    narrowed = Scope("an", "P1", (leader, own)).narrowed(kept)
    assert {permission for permission in P if narrowed.allows(permission)} == allowed
    assert all(grant.unit_code == "T1" for grant in narrowed.grants)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"role": "king"}, "Không có vai trò “king”"),
        ({"tiers": ["county"]}, "Diện quản lý không đúng: county"),
        ({"tiers": []}, "Diện quản lý không đúng: để trống"),
        ({"valid_to": DAY}, "phải kết thúc sau"),
        ({"by": "an"}, "tự giao nhiệm vụ"),
    ],
)
def test_what_is_refused_writes_nothing(wrong: dict[str, Any], said: str) -> None:
    user = make_user()
    before = Entry.objects.count()
    with pytest.raises(Refused, match=said):
        give(user, **({"role": "leader"} | wrong))
    assert (Mandate.objects.count(), Entry.objects.count()) == (0, before)


@pytest.mark.django_db
def test_every_change_of_a_mandate_is_in_the_log_and_in_the_history() -> None:
    user = make_user()
    mandate = give(user, "leader", unit_code="T1")
    mandates.revoke(mandate=mandate, on=date(2025, 9, 1), by="binh", at=AT)
    entries = Entry.objects.filter(action__startswith="mandate").order_by("id")
    assert [(one.actor, one.action, one.subject, one.rows) for one in entries] == [
        ("cli:root", "mandate-grant", "account:an", 1),
        ("binh", "mandate-revoke", "account:an", 1),
    ]
    history = apps.get_model("accounts", "MandateEvent").objects.order_by("pgh_id")
    assert [row.valid_to for row in history] == [None, date(2025, 9, 1)]
    assert verify(at=AT) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on", "left"),
    [
        (date(2025, 2, 1), []),
        (DAY, []),
        (date(2025, 3, 2), [date(2025, 3, 2)]),
    ],
)
def test_a_mandate_ends_on_its_day_and_one_not_begun_is_taken_away(on: date, left: list[date]) -> None:
    mandate = give(make_user(), "leader")
    mandates.revoke(mandate=mandate, on=on, by="binh", at=AT)
    assert [one.valid_to for one in Mandate.objects.all()] == left


@pytest.mark.django_db
def test_a_mandate_that_has_ended_is_not_ended_again() -> None:
    mandate = give(make_user(), "leader", valid_to=date(2025, 7, 1))
    with pytest.raises(Refused, match="đã kết thúc từ 01/07/2025"):
        mandates.revoke(mandate=mandate, on=date(2025, 7, 1), by="binh", at=AT)


@pytest.mark.django_db
def test_mandates_follow_a_unit_to_its_successors() -> None:
    on, user = date(2025, 7, 1), make_user()
    give(user, "leader", unit_code="OLD", tiers=["unit_head"], valid_to=date(2026, 1, 1))
    give(user, "leader", unit_code="OLD", valid_from=date(2025, 9, 1))
    give(user, "leader", unit_code="OLD", valid_to=on)
    give(user, "leader", unit_code="OTHER")
    assert mandates.follow(unit_code="OLD", successors=["N1", "N2"], on=on, by="cli:root", at=AT) == 2
    rows = Mandate.objects.order_by("unit_code", "valid_from", "pk")
    assert [(one.unit_code, one.tiers, one.valid_from, one.valid_to) for one in rows] == [
        ("N1", ["unit_head"], on, date(2026, 1, 1)),
        ("N1", None, date(2025, 9, 1), None),
        ("N2", ["unit_head"], on, date(2026, 1, 1)),
        ("N2", None, date(2025, 9, 1), None),
        ("OLD", ["unit_head"], DAY, on),
        ("OLD", None, DAY, on),
        ("OTHER", None, DAY, None),
    ]


@pytest.mark.django_db
def test_a_unit_without_successor_takes_its_mandates_along() -> None:
    give(make_user(), "leader", unit_code="OLD")
    mandates.follow(unit_code="OLD", successors=[], on=date(2025, 7, 1), by="cli:root", at=AT)
    assert [one.valid_to for one in Mandate.objects.all()] == [date(2025, 7, 1)]


@pytest.mark.django_db
def test_the_last_administrator_keeps_the_mandate() -> None:
    first, second = make_admin("first"), make_admin("second")
    mandates.revoke(mandate=first.mandates.get(), on=date(2025, 4, 1), by="second", at=AT)
    with pytest.raises(Refused, match="quản trị viên cuối cùng"):
        mandates.revoke(mandate=second.mandates.get(), on=date(2025, 4, 1), by="cli:root", at=AT)
    assert second.mandates.get().valid_to is None


@pytest.mark.django_db
def test_an_administrator_for_a_time_is_no_reason_to_let_the_last_one_go() -> None:
    first = make_admin("first")
    give(make_user("deputy"), "it_admin", valid_to=date(2025, 12, 1))
    with pytest.raises(Refused, match="quản trị viên cuối cùng"):
        mandates.revoke(mandate=first.mandates.get(), on=date(2025, 4, 1), by="deputy", at=AT)
