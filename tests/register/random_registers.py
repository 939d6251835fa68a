"""Small registers by chance of a fixed seed: on a handful of days everything begins and ends, so that days meet."""

from datetime import UTC, date, datetime
from random import Random
from typing import Any

from canbo.codes import code_list
from canbo.register.models import (
    Assessment,
    BodySeat,
    DelegationRule,
    Employment,
    ImportBatch,
    PartyMembership,
    Person,
    PostHeld,
    Qualification,
    RankHeld,
    Standing,
    Unit,
    UnitVersion,
)
from canbo.register.models.people import ASSESSED, STATED
from tests.register.makers import AT, make_person

DAYS = tuple(date(year, month, 1) for year in (2019, 2020, 2021, 2022) for month in (1, 5, 9))
"""The days on which something may begin or end."""
KINDS = ("professional", "political", "state", "medical")
Period = tuple[date, date | None]


def keys(codes: str) -> list[str]:
    return list(code_list(codes).keys)


class Chance:
    """What the makers below draw from."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def happens(self, share: float) -> bool:
        return self.random.random() < share

    def one(self, values: Any) -> Any:
        return self.random.choice(list(values))

    def maybe(self, values: Any, share: float = 0.5) -> Any:
        values = list(values)
        return self.one(values) if values and self.happens(share) else None

    def period(self) -> Period:
        start = self.one(DAYS[:-1])
        return start, self.maybe([day for day in DAYS if day > start], 0.6)

    def apart(self, most: int) -> list[Period]:
        """Periods that do not overlap, some of them back to back, the last one open or not."""
        cuts = sorted(self.random.sample(DAYS, self.random.randint(1, most) + 1))
        found: list[Period] = [(start, end) for start, end in zip(cuts, cuts[1:], strict=False) if self.happens(0.75)]
        if found and self.happens(0.6):
            found[-1] = (found[-1][0], None)
        return found


def make_units(chance: Chance, count: int = 6) -> list[Unit]:
    """Units whose kind and level change on days; on some days some are not in being."""
    units = []
    for number in range(count):
        unit = Unit.objects.create(code=f"U{number}")
        for start, end in chance.apart(3) or [(DAYS[0], None)]:
            UnitVersion.objects.create(
                unit=unit, name=unit.code, level=chance.one(keys("level")), kind=chance.one(("state", "locality")),
                valid_from=start, valid_to=end,
            )  # fmt: skip
        units.append(unit)
    return units


def make_rules(chance: Chance, posts: int = 8, seats: int = 8) -> None:
    """Delegation rules of every number of conditions."""
    for number in range(posts + seats):
        of_seats = number >= posts
        start, end = chance.period()
        DelegationRule.objects.create(
            tier=chance.one(keys("managed_by")),
            post_kind=None if of_seats and chance.happens(0.9) else chance.maybe(_POSTS),
            body=chance.one(_BODIES) if of_seats else None,
            body_role=chance.maybe(keys("body_role"), 0.4 if of_seats else 0.1),
            unit_kind=chance.maybe(("state", "locality"), 0.3),
            level=chance.maybe(keys("level"), 0.3),
            valid_from=start,
            valid_to=end,
        )


def make_people(chance: Chance, units: list[Unit], count: int = 25, *, by_hand: bool = False) -> None:
    """People with everything that tells who they are on a day. ``by_hand``: all posts with their own dates, no imports.

    No two posts of a person are alike in all that decides which is the main one.
    """
    batches = [None]
    if not by_hand:
        made = datetime(2024, 1, 1, tzinfo=UTC)
        batches += [
            ImportBatch.objects.create(file_name=name, content=name, as_of=DAYS[5], applied_at=made, by="an")
            for name in ("a", "b")
        ]
    people: list[Person] = []
    for number in range(count):
        gone = {"merged_into": people[0]} if people and chance.happens(0.05) else {}
        person = make_person(f"P{number:02d}", **gone)
        people.append(person)
        _serve(chance, person, units, by_hand)
        _hold(chance, person, units, batches, by_hand)
        _reach(chance, person, batches)


def fill(seed: int, *, by_hand: bool = False) -> None:
    """A register with all of it."""
    from canbo.audit.changes import change

    chance = Chance(seed)
    with change(by="an", at=AT, action="enter"):
        units = make_units(chance)
        make_rules(chance)
        make_people(chance, units, by_hand=by_hand)


_POSTS = ("party_secretary", "division_head", "professional")
_BODIES = ("standing_committee", "executive_committee", "council")


def _serve(chance: Chance, person: Person, units: list[Unit], by_hand: bool) -> None:
    for start, end in chance.apart(3):
        Employment.objects.create(
            person=person, unit=chance.maybe(units, 0.7), staff_kind=chance.one(keys("staff_kind")),
            since_known=by_hand or chance.happens(0.7), recruited_on=chance.maybe(DAYS),
            high_quality_recruit=chance.happens(0.3), valid_from=start, valid_to=end,
        )  # fmt: skip
    if chance.happens(0.5):
        for start, end in chance.apart(2):
            PartyMembership.objects.create(person=person, official_on=start, valid_from=start, valid_to=end)


def _hold(chance: Chance, person: Person, units: list[Unit], batches: list[Any], by_hand: bool) -> None:
    main = [(start, end, True) for start, end in chance.apart(3)] if chance.happens(0.8) else []
    others = [(*chance.period(), False) for _ in range(chance.one((0, 0, 1, 2)))]
    seen = set()
    for start, end, is_main in main + others:
        unit, kind = chance.one(units), chance.one(_POSTS)
        if (unit, kind, start, is_main) in seen:
            continue
        seen.add((unit, kind, start, is_main))
        PostHeld.objects.create(
            person=person, unit=unit, post_kind=kind, post=f"{kind} {start}", is_main=is_main,
            stated_tier=chance.maybe(keys("managed_by"), 0.3), since_known=by_hand or chance.happens(0.7),
            origin=chance.one(batches), is_key_leader=chance.happens(0.3), is_head=chance.happens(0.3),
            appointed_on=chance.maybe(DAYS), term_ends_on=chance.maybe(DAYS), valid_from=start, valid_to=end,
        )  # fmt: skip
    for _ in range(chance.one((0, 1, 1, 2))):
        start, end = chance.period()
        BodySeat.objects.create(
            person=person, unit=chance.one(units), body=chance.one(_BODIES), role=chance.one(keys("body_role")),
            valid_from=start, valid_to=end,
        )  # fmt: skip


def _reach(chance: Chance, person: Person, batches: list[Any]) -> None:
    lists = {"professional": "education", "political": "political_theory", "state": "state_management"}
    for _ in range(chance.one((0, 1, 2, 3))):
        kind = chance.one(KINDS)
        awarded = chance.one(DAYS)
        Qualification.objects.create(
            person=person, kind=kind, level=chance.one(keys(lists.get(kind, "medical_specialist"))[1:]),
            awarded_on=awarded, revoked_on=chance.maybe([day for day in DAYS if day > awarded], 0.2),
            origin=chance.one(batches),
        )  # fmt: skip
    if chance.happens(0.6):
        for start, end in chance.apart(3):
            RankHeld.objects.create(
                person=person, rank=chance.one(keys("rank")), by_equivalence=chance.happens(0.3),
                origin=chance.one(batches), valid_from=start, valid_to=end,
            )  # fmt: skip
    if chance.happens(0.7):
        for start, end in chance.apart(2):
            Standing.objects.create(
                person=person, since_known=False, origin=chance.one(batches), valid_from=start, valid_to=end,
                **{column: _stated(chance, column) for column in STATED},
            )  # fmt: skip
    for subject in chance.random.sample(ASSESSED, 2):
        for start, end in chance.apart(3):
            Assessment.objects.create(
                person=person, subject=subject, met=chance.happens(0.5), basis="Kiểm tra", valid_from=start,
                valid_to=end,
            )  # fmt: skip


def _stated(chance: Chance, column: str) -> Any:
    coded = ("education", "medical_specialist", "political_theory", "state_management", "rank")
    return chance.maybe(keys(column) if column in coded else (True, False), 0.7)
