"""What goes where: for each table of the register, the dataset, the columns, and by which of them a row is known again.

A source is a column of the dataset; ``@unit:x`` is the unit that column x names (likewise person, class, list);
``+x`` is the day after x; ``=sql`` an expression over the dataset's row ``f``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models

from canbo.register.models import (
    AppointmentDecision,
    BodySeat,
    Evaluation,
    Exit,
    PartyMembership,
    Person,
    Plan,
    PoolEntry,
    PoolList,
    PostHeld,
    Qualification,
    Quota,
    RankHeld,
    Recruitment,
    ReportedFigure,
    Rotation,
    Training,
    TrainingClass,
    UnitSuccession,
)


@dataclass(frozen=True)
class Spec:
    """A table whose rows are known again by ``keys``; ``values`` may change in place, ``fixed`` are only entered.

    ``own_id``: rows have ids given beforehand (in ``i_person``, ``i_class``, ``i_list``), under the source ``id``.
    """

    name: str
    model: type[models.Model]
    dataset: str
    keys: Mapping[str, str]
    values: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    where: str = "true"
    joins: str = ""
    own_id: bool = False

    @property
    def columns(self) -> dict[str, str]:
        """All columns with their sources."""
        return {**self.keys, **self.values, **self.fixed}

    @property
    def table(self) -> str:
        """The table's name in the database."""
        return self.model._meta.db_table


_PERSON = {"person_id": "@person:person_id"}
_UNIT = {"unit_id": "@unit:unit_id"}
_START = {"valid_from": "start_date"}
_END = {"valid_to": "+end_date"}
# The first day out of the pool, not the last one in it. Who was put in and taken out on one day was in it for that day.
_REMOVED = "=CASE WHEN f.removed_on IS NOT NULL THEN greatest(f.removed_on, f.added_on + 1) END"


NOT_MERGED = "f.person_id NOT IN (SELECT code FROM i_gone)"
"""Of the codes of one person, the others say nothing of who that is."""


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


PERSON = Spec(
    "person",
    Person,
    "people",
    {"id": "@person:person_id"},
    {
        **_same("full_name", "birth_date", "sex", "ethnicity"),
        "national_id": "=CASE WHEN f._row NOT IN (SELECT _row FROM i_other_id) THEN f.national_id END",
        "birth_precision": "=f._birth_precision",
        "name_key": "=f._name_key",
        "name_order": "=f._name_order",
    },
    {"code": "person_id"},
    where=NOT_MERGED,
    own_id=True,
)
PARTY = Spec(
    "party",
    PartyMembership,
    "people",
    _PERSON,
    {"official_on": "party_official_date"},
    {"valid_from": "party_official_date", "since_known": "=false"},
    where=f"f.party_official_date IS NOT NULL AND {NOT_MERGED}",
)
POSTS = Spec(
    "posts_held",
    PostHeld,
    "posts_held",
    {**_PERSON, **_UNIT, **_same("post_kind", "post"), **_START},
    {
        "is_main": "=f.is_main AND f._row NOT IN (SELECT _row FROM i_second_main)",
        "foreign_element": "foreign_element",
        "stated_tier": "managed_by",
        **_END,
        "is_key_leader": "=m.is_key_leader",
        "is_head": "=m.is_head",
        "appointed_on": "=m.appointed_on",
        "term_ends_on": "=m.term_ends_on",
    },
    {"since_known": "=true"},
    joins="LEFT JOIN i_main_post m ON m._row = f._row",
)
RANKS = Spec(
    "ranks",
    RankHeld,
    "ranks",
    {**_PERSON, **_START},
    {"rank": "rank", "by_equivalence": "by_equivalence"},
    {"since_known": "=true", "valid_to": "=NULL::date"},
    where="f._row NOT IN (SELECT _row FROM i_second_rank)",
)
SPECS: tuple[Spec, ...] = (
    Spec(
        "succession_of_units",
        UnitSuccession,
        "units",
        {"predecessor_id": "@unit:unit_id", "successor_id": "@unit:successor_id"},
        {"on_day": "+valid_to"},
        where="f.successor_id IS NOT NULL",
    ),
    PERSON,
    PARTY,
    POSTS,
    Spec(
        "qualifications",
        Qualification,
        "qualifications",
        {**_PERSON, **_same("kind", "level", "awarded_on")},
        _same("field"),
    ),
    RANKS,
    Spec(
        "memberships",
        BodySeat,
        "memberships",
        {**_PERSON, **_UNIT, **_same("body", "role"), **_START},
        _END,
        {"since_known": "=true"},
    ),
    Spec("quotas", Quota, "quotas", {**_UNIT, **_same("year", "staff_kind")}, _same("posts")),
    Spec(
        "classes",
        TrainingClass,
        "classes",
        {"id": "@class:class_id"},
        {**_same("program", "school"), **_UNIT, **_START, **_END, **_same("places")},
        {"code": "class_id"},
        own_id=True,
    ),
    Spec(
        "trainings",
        Training,
        "trainings",
        {**_PERSON, "program": "program", "training_class_id": "@class:class_id", **_START},
        {**_UNIT, **_same("field", "mode", "result"), **_END},
        {"since_known": "=true"},
    ),
    Spec(
        "rotations",
        Rotation,
        "rotations",
        {**_PERSON, "from_unit_id": "@unit:from_unit_id", "to_unit_id": "@unit:to_unit_id", "kind": "kind", **_START},
        {**_same("movement", "from_level", "to_level", "from_post_kind", "to_post_kind"), "tier": "managed_by", **_END},
        {"since_known": "=true"},
    ),
    Spec(
        "appointments",
        AppointmentDecision,
        "appointments",
        {**_PERSON, **_UNIT, **_same("post_kind", "kind", "decided_on")},
        _same("rank", "met_standards", "trained_before", "was_planned"),
    ),
    Spec(
        "succession_lists",
        PoolList,
        "succession_lists",
        {"id": "@list:list_id"},
        {"term": "term", **_UNIT, **_same("body", "post_kind", "level", "approved_on")},
        {"code": "list_id"},
        own_id=True,
    ),
    Spec(
        "succession",
        PoolEntry,
        "succession",
        {
            **_PERSON,
            "term": "term",
            **_UNIT,
            **_same("body", "post_kind"),
            "pool_list_id": "@list:list_id",
            "valid_from": "added_on",
        },
        {"level": "level", "tier": "managed_by", "valid_to": _REMOVED, **_same("removed_why", "met_standards")},
        {"since_known": "=true"},
    ),
    Spec(
        "evaluations",
        Evaluation,
        "evaluations",
        {"subject_kind": "subject_kind", **_PERSON, **_UNIT, "period": "period"},
        {
            **_same("grade", "review_suggested", "published", "evaluated_on"),
            "suggested_by_id": "@unit:suggested_by",
        },
    ),
    Spec(
        "recruitments",
        Recruitment,
        "recruitments",
        {**_PERSON, **_UNIT, "recruited_on": "recruited_on"},
        _same("kind", "high_quality", "staff_kind"),
    ),
    Spec(
        "exits",
        Exit,
        "exits",
        {"person_code": "person_id", **_UNIT, "left_on": "left_on"},
        {"person_id": "?person:person_id", "kind": "kind"},
    ),
    Spec(
        "plans",
        Plan,
        "plans",
        {"code": "plan_id", **_UNIT, "category": "category", "valid_from": "period_start", "valid_to": "+period_end"},
        _same("quantity"),
    ),
    Spec(
        "reported",
        ReportedFigure,
        "reported",
        {"indicator": "indicator", **_UNIT, "as_of": "as_of"},
        _same("text", "low", "high"),
    ),
)
"""All of them in the order of writing."""
