"""Leaving the service: what ends with it, what goes on, and what a withdrawn exit tells."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from canbo.audit.models import Entry
from canbo.common.findings import Refused
from canbo.register import employment, merit, posts, seats
from canbo.register.models import (
    BodySeat,
    Document,
    Employment,
    Exit,
    PartyMembership,
    Person,
    PoolEntry,
    PostHeld,
    RankHeld,
    Unit,
)

AT = datetime(2024, 5, 1, 8, tzinfo=UTC)
LATER = datetime(2024, 6, 1, 8, tzinfo=UTC)
BY: dict[str, Any] = {"by": "hoa", "at": AT}
LAST, AFTER = date(2024, 12, 31), date(2025, 1, 1)


@pytest.fixture
def serving(an: Person, agency: Unit, decision: Document) -> Person:
    """A member of the Party with a post, a seat until 2025-09-30, a place in a pool, and one given up before."""
    posts.begin(
        person=an, unit=agency, post_kind="agency_deputy", start=date(2024, 3, 1), is_main=True, document=decision, **BY
    )
    seats.take(
        person=an, unit=agency, body="executive_committee", start=date(2024, 3, 1), last_day=date(2025, 9, 30),
        document=decision, **BY,
    )  # fmt: skip
    entry = {"person": an, "unit": agency, "post_kind": "agency_head", "level": "province"}
    PoolEntry.objects.create(term="2020-2025", valid_from=date(2021, 1, 1), **entry)
    PoolEntry.objects.create(
        term="2015-2020", valid_from=date(2016, 1, 1), valid_to=date(2020, 1, 1), removed_why="Hết nhiệm kỳ", **entry
    )
    PartyMembership.objects.create(person=an, official_on=date(2005, 3, 2), valid_from=date(2004, 3, 2))
    RankHeld.objects.create(person=an, rank="principal", valid_from=date(2020, 1, 1))
    an.refresh_from_db()
    return an


def _leave(person: Person, kind: str, decision: Document | None = None) -> employment.Departure:
    return employment.end(person.employments.get(), last_day=LAST, exit_kind=kind, document=decision, **BY)


@pytest.mark.parametrize(
    ("kind", "why", "member_until"),
    [
        ("retirement", "Nghỉ hưu", None),
        ("resignation", "Thôi việc", None),
        ("transfer_out", "Chuyển khỏi tỉnh", None),
        ("dismissal", "Buộc thôi việc", None),
        ("death", "Từ trần", AFTER),
    ],
)
def test_posts_seats_and_pools_end_with_their_reason_and_the_party_only_with_a_death(
    serving: Person, decision: Document, kind: str, why: str, member_until: date | None
) -> None:
    _leave(serving, kind, decision)
    for model, field in ((PostHeld, "end_reason"), (BodySeat, "end_reason"), (PoolEntry, "removed_why")):
        row = model.objects.get(valid_from__gte=date(2021, 1, 1))
        assert (row.valid_to, getattr(row, field)) == (AFTER, why)
    earlier = PoolEntry.objects.get(term="2015-2020")
    assert (earlier.valid_to, earlier.removed_why) == (date(2020, 1, 1), "Hết nhiệm kỳ")
    assert PartyMembership.objects.get().valid_to == member_until
    assert RankHeld.objects.get().valid_to is None


def test_what_was_closed_is_returned_and_stands_in_the_log(serving: Person, decision: Document) -> None:
    left = _leave(serving, "retirement", decision)
    assert left.exit == Exit.objects.get()
    assert [(one.kind, one.was_to, one.valid_to) for one in left.closed] == [
        ("postheld", None, AFTER),
        ("bodyseat", date(2025, 10, 1), AFTER),
        ("poolentry", None, AFTER),
    ]
    assert [one.label for one in left.closed] == [
        "chức vụ từ 01/03/2024 đến nay",
        "ghế trong tập thể từ 01/03/2024 đến 30/09/2025",
        "quy hoạch từ 01/01/2021 đến nay",
    ]
    logged = Entry.objects.get(action="employment.end").detail["closed"]
    assert [(one["kind"], one["was_to"]) for one in logged] == [
        ("postheld", None),
        ("bodyseat", "2025-10-01"),
        ("poolentry", None),
    ]
    assert logged[2]["id"] == PoolEntry.objects.get(term="2020-2025").pk


@pytest.mark.parametrize(
    ("form", "family", "since", "until"),
    [
        ("Khai trừ khỏi Đảng", "party", date(2024, 12, 1), date(2024, 12, 1)),
        ("Khai trừ khỏi Đảng", "party", AFTER, AFTER),
        ("Khai trừ", "party", date(2003, 1, 1), None),  # admitted anew since
        ("Cảnh cáo", "party", date(2024, 12, 1), None),
        ("Buộc thôi việc", "state", date(2024, 12, 1), None),
    ],
)
def test_an_expulsion_on_record_ends_the_membership_on_its_own_day(
    serving: Person, decision: Document, form: str, family: str, since: date, until: date | None
) -> None:
    merit.discipline(person=serving, family=family, form=form, start=since, document=decision, **BY)
    closed = _leave(serving, "dismissal", decision).closed
    assert PartyMembership.objects.get().valid_to == until
    assert [one.valid_to for one in closed if one.kind == "partymembership"] == ([until] if until else [])


def test_a_place_in_a_pool_from_a_later_day_stops_the_exit(serving: Person, decision: Document) -> None:
    PoolEntry.objects.filter(term="2020-2025").update(valid_from=AFTER)
    with pytest.raises(Refused, match="quy hoạch từ 01/01/2025 đến nay"):
        _leave(serving, "retirement", decision)
    assert not Exit.objects.exists()


def test_an_exit_withdrawn_tells_what_is_still_closed_and_reopens_only_the_service(
    serving: Person, decision: Document
) -> None:
    left = _leave(serving, "retirement", decision)
    seat = BodySeat.objects.get()
    seat_until = date(2025, 10, 1)
    serving.refresh_from_db()
    BodySeat.objects.filter(pk=seat.pk).update(valid_to=seat_until)  # put right before by somebody
    closed = employment.withdraw_exit(left.exit, by="hoa", at=LATER)
    assert [(one.kind, one.was_to) for one in closed] == [("postheld", None), ("poolentry", None)]
    service = Employment.objects.get()
    assert (service.valid_to, service.exit_kind) == (None, None)
    assert PostHeld.objects.get().valid_to == PoolEntry.objects.get(term="2020-2025").valid_to == AFTER
    assert not Exit.objects.exists()
    logged = Entry.objects.get(action="exit.withdraw").detail["still_closed"]
    assert [one["kind"] for one in logged] == ["postheld", "poolentry"]


def test_an_exit_of_nobody_on_record_and_one_followed_by_a_new_service_are_not_withdrawn(
    serving: Person, agency: Unit, decision: Document
) -> None:
    nobody = Exit.objects.create(person_code="X1", unit=agency, left_on=LAST, kind="retirement")
    with pytest.raises(Refused, match="X1"):
        employment.withdraw_exit(nobody, by="hoa", at=LATER)
    left = _leave(serving, "resignation", decision)
    employment.begin(person=serving, unit=agency, staff_kind="official", start=date(2025, 6, 1), **BY)
    with pytest.raises(Refused, match="trùng"):
        employment.withdraw_exit(left.exit, by="hoa", at=LATER)
    assert Employment.objects.filter(valid_to=AFTER).count() == 1
    assert Exit.objects.get(pk=left.exit.pk) == left.exit
