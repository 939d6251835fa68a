"""What each form does: the register's service that it calls with what was filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models

from canbo.register import (
    certificates,
    evaluations,
    fact_entry,
    merit,
    party,
    people,
    posts,
    qualifications,
    ranks,
    relatives,
    rotations,
    seats,
    trainings,
)
from canbo.register.models import Document, Person, PostHeld

_FLAGS = ("is_main", "is_acting", "is_head", "is_key_leader")


@dataclass(frozen=True)
class Given:
    """What a form was filled in with, checked: the person, the fact it is about, values, decision, author."""

    person: Person
    row: Any
    values: Mapping[str, Any]
    document: Document | None
    by: str
    at: datetime
    seen: int

    @property
    def author(self) -> dict[str, Any]:
        """Who writes, when, over which revision."""
        return {"by": self.by, "at": self.at, "seen": self.seen}

    def filled(self, *names: str) -> dict[str, Any]:
        """The values of some fields; a text left empty is an empty text."""
        return {name: self.values[name] for name in names if self.values[name] is not None}


def begin_post(given: Given) -> models.Model:
    """A new post, in place of the main one where asked."""
    values = given.values
    main = None
    if values["instead"]:
        held = PostHeld.objects.as_of(values["start"]).filter(person=given.person, is_main=True)
        main = held.first()
    return posts.begin(
        person=given.person, unit=values["unit"], start=values["start"], document=given.document,
        post_kind=values["post_kind"], last_day=values["last_day"], instead_of=main, **given.author,
        **given.filled("post", "appointed_on", "term_ends_on", *_FLAGS),
    )  # fmt: skip


def end_post(given: Given) -> None:
    """The last day in a post."""
    posts.end(
        given.row, last_day=given.values["last_day"], reason=given.values["reason"] or "", document=given.document,
        **given.author,
    )  # fmt: skip


def correct_post(given: Given) -> None:
    """Only what differs from the post as it is."""
    values = given.values
    names = ("unit", "post", "post_kind", "appointed_on", "term_ends_on", *_FLAGS)
    changed: dict[str, Any] = {name: values[name] for name in names}
    changed |= {"valid_from": values["start"], "valid_to": fact_entry.after(values["last_day"])}
    changed = {name: value for name, value in changed.items() if getattr(given.row, name) != value}
    if given.document is not None:
        changed["document"] = given.document
    posts.correct(given.row, **given.author, **changed)


def post_before(row: Any) -> dict[str, Any]:
    """A post as it stands in its form."""
    names = ("unit", "post", "post_kind", "appointed_on", "term_ends_on", *_FLAGS)
    return {name: getattr(row, name) for name in names} | {"start": row.valid_from, "last_day": last_day_of(row)}


def last_day_of(row: Any) -> date | None:
    """The last day on which a fact holds."""
    return row.valid_to - timedelta(days=1) if row.valid_to else None


def take_seat(given: Given) -> models.Model:
    """A seat in a body."""
    values = given.values
    return seats.take(
        person=given.person, unit=values["unit"], body=values["body"], role=values["role"], start=values["start"],
        last_day=values["last_day"], mode=values["mode"] or "", document=given.document, **given.author,
    )  # fmt: skip


def award(given: Given) -> models.Model:
    """A qualification; kind and level are one choice."""
    values = given.values
    kind, _, level = values["what"].partition(":")
    more: dict[str, Any] = {name: values[name] or "" for name in ("institution", "country", "mode", "number")}
    return qualifications.award(
        person=given.person, kind=kind, level=level or values["level"] or "", field=values["field"],
        awarded_on=values["awarded_on"], document=given.document, **more, **given.author,
    )  # fmt: skip


def complete(given: Given) -> None:
    """What the diploma says besides level and day."""
    names = ("institution", "country", "mode", "number", "field")
    values: dict[str, Any] = {name: given.values[name] or ("" if name != "field" else None) for name in names}
    fact_entry.correct(given.row, person=given.person, action="qualification.correct", **given.author, **values)


def admit(given: Given) -> models.Model:
    """Membership of the Party."""
    values = given.values
    return party.admit(
        person=given.person, admitted_on=values["admitted_on"], official_on=values["official_on"],
        unit=values["unit"], card_number=values["card_number"] or "", document=given.document, **given.author,
    )  # fmt: skip


def issue(given: Given) -> models.Model:
    """A certificate."""
    values = given.values
    more: dict[str, Any] = {name: values[name] or "" for name in ("level", "language", "number", "issuer")}
    return certificates.issue(
        person=given.person, kind=values["kind"], issued_on=values["issued_on"], last_day=values["last_day"],
        document=given.document, **more, **given.author,
    )  # fmt: skip


def place(given: Given) -> models.Model:
    """A rank."""
    values = given.values
    return ranks.place(
        person=given.person, start=values["start"], rank=values["rank"], rank_code=values["rank_code"] or "",
        document=given.document, **given.author,
    )  # fmt: skip


def enrol(given: Given) -> models.Model:
    """A course."""
    names = ("program", "field", "mode", "result", "start", "last_day", "unit")
    return trainings.enrol(
        person=given.person, document=given.document, **{name: given.values[name] for name in names}, **given.author
    )


def rotate(given: Given) -> models.Model:
    """A rotation, transfer or secondment."""
    names = ("from_unit", "to_unit", "kind", "movement", "start", "last_day", "expected_to")
    return rotations.begin(
        person=given.person, document=given.document, **{name: given.values[name] for name in names}, **given.author
    )


def grade(given: Given) -> models.Model:
    """The grade of a period."""
    names = ("unit", "period", "grade", "on")
    return evaluations.record(
        person=given.person, document=given.document, **{name: given.values[name] for name in names}, **given.author
    )


def reward(given: Given) -> models.Model:
    """A reward."""
    texts: dict[str, Any] = {name: given.values[name] or "" for name in ("form", "authority", "reason")}
    return merit.reward(
        person=given.person, decided_on=given.values["decided_on"], document=given.document, **texts, **given.author
    )


def discipline(given: Given) -> models.Model:
    """A disciplinary measure."""
    texts: dict[str, Any] = {name: given.values[name] or "" for name in ("family", "form", "authority", "reason")}
    days: dict[str, Any] = {name: given.values[name] for name in ("start", "last_day")}
    return merit.discipline(person=given.person, document=given.document, **texts, **days, **given.author)


def add_relative(given: Given) -> models.Model:
    """A relative by name."""
    more = given.filled("birth_year", "home", "job", "address")
    names = ("relation", "name", "side", "start")
    year = more.pop("birth_year", None)
    if year is not None:
        more["birth_year"] = int(year)
    return relatives.add(person=given.person, **{name: given.values[name] for name in names}, **more, **given.author)


def withdraw(given: Given) -> None:
    """What was never so is taken back."""
    action = f"{given.row._meta.model_name}.withdraw"
    fact_entry.withdraw(given.row, person=given.person, action=action, **given.author)


def correct_person(given: Given) -> None:
    """Only what differs from the person as it is."""
    changed: dict[str, Any] = {
        name: "" if value is None else value
        for name, value in given.values.items()
        if getattr(given.person, name) != ("" if value is None else value)
    }
    people.correct(given.person, **given.author, **changed)
