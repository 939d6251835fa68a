"""The register's people in memory, kept current by committed changes: the roster of any day without the database.

Holds the present state of knowledge only; what was known earlier is read by ``take``. One thread at a time.
"""

import threading
from datetime import date

import pyarrow as pa

from canbo.audit.models import Entry
from canbo.codes import code_list
from canbo.register.models import ASSESSED
from canbo.snapshot.columns import (
    NO_CODE,
    Columns,
    Spec,
    codes,
    days,
    flags,
    ids,
    texts,
)
from canbo.snapshot.roster import LEVELS, Roster
from canbo.snapshot.take import reading

_EPOCH = date(1970, 1, 1)
_PERIOD = days("valid_from", "valid_to")


class Mirror:
    """All tables that say who somebody is on a day.

    ``entry``: the last entry of the log that was taken in. Call ``refresh`` to take in what was committed since.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        with reading():
            self.entry = self._last_entry()
            self.tables = {
                "person": _people(),
                "unit": Columns("register_unit", texts("code")),
                "membership": Columns("register_partymembership", [*ids("person_id"), *_PERIOD, *days("official_on")]),
                "employment": _employments(),
                "standing": _standings(),
                "post": _posts(),
                "seat": Columns(
                    "register_bodyseat",
                    [*ids("person_id", "unit_id"), *_PERIOD, *codes(body="body", role="body_role")],
                ),
                "rank": Columns(
                    "register_rankheld",
                    [*ids("person_id", "origin_id"), *_PERIOD, *codes(rank="rank"), *flags("by_equivalence")],
                ),
                "qualification": _qualifications(),
                "assessment": _assessments(),
                "version": _versions(),
                "rule": _rules(),
            }

    def refresh(self) -> int:
        """Take in the changes committed since; gives their number.

        Changes enter the log one after the other and only as they commit, so none is passed over.
        """
        with self.lock:
            new = list(Entry.objects.filter(id__gt=self.entry).order_by("id").values_list("id", "change", "rows"))
            changes = [change for _, change, rows in new if rows]
            if changes:
                for table in self.tables.values():
                    table.take_in(changes)
            if new:
                self.entry = new[-1][0]
            return len(changes)

    @staticmethod
    def _last_entry() -> int:
        last = Entry.objects.order_by("-id").values_list("id", flat=True).first()
        return last or 0

    def roster(self, day: date) -> pa.Table:
        """The people on a day, one row each by id, with what follows from posts, degrees and ranks then held.

        The columns of ``people`` (codes as dictionaries), and ``_in_service``. What is only known since a later day is
        NULL.
        """
        with self.lock:
            return Roster(self.tables, (day - _EPOCH).days).table()


def _people() -> Columns:
    return Columns(
        "register_person",
        [
            *texts("code", "full_name", "national_id"),
            *days("birth_date"),
            *codes(sex="sex", ethnicity="ethnicity"),
            *ids("merged_into_id"),
        ],
    )


def _employments() -> Columns:
    return Columns(
        "register_employment",
        [
            *ids("person_id", "unit_id"),
            *_PERIOD,
            *flags("since_known", "high_quality_recruit"),
            *codes(staff_kind="staff_kind"),
            *days("recruited_on"),
        ],
    )


def _standings() -> Columns:
    levels = {column: column for column in LEVELS}
    return Columns(
        "register_standing",
        [
            *ids("person_id", "origin_id"),
            *_PERIOD,
            *codes(**levels, rank="rank"),
            *flags("rank_by_equivalence", *ASSESSED),
        ],
    )


def _posts() -> Columns:
    return Columns(
        "register_postheld",
        [
            *ids("person_id", "unit_id", "origin_id"),
            *_PERIOD,
            *texts("post"),
            *codes(post_kind="post_kind", stated_tier="managed_by"),
            *flags("since_known", "is_main", "is_key_leader", "is_head"),
            *days("appointed_on", "term_ends_on"),
        ],
    )


def _qualifications() -> Columns:
    """Levels of four kinds, each in its own list, are kept as positions in the list of their kind."""
    level = " ".join(
        f"WHEN '{kind}' THEN array_position(ARRAY[{', '.join(repr(k) for k in code_list(column).keys)}], level)"
        for column, kind in LEVELS.items()
    )
    return Columns(
        "register_qualification",
        [
            *ids("person_id", "origin_id"),
            *codes(kind="qualification_kind"),
            Spec("level", "code", expression=f"coalesce(CASE kind {level} END - 1, {NO_CODE})"),
            *days("awarded_on"),
            Spec("revoked_on", "day", open=True),
        ],
    )


def _assessments() -> Columns:
    subjects = ", ".join(f"'{name}'" for name in ASSESSED)
    subject = f"coalesce(array_position(ARRAY[{subjects}], subject) - 1, {NO_CODE})"
    return Columns(
        "register_assessment",
        [*ids("person_id"), *_PERIOD, Spec("subject", "code", expression=subject), *flags("met")],
    )


def _versions() -> Columns:
    return Columns("register_unitversion", [*ids("unit_id"), *_PERIOD, *codes(kind="unit_kind", level="level")])


def _rules() -> Columns:
    return Columns(
        "register_delegationrule",
        [
            *_PERIOD,
            *codes(
                post_kind="post_kind",
                body="body",
                body_role="body_role",
                unit_kind="unit_kind",
                level="level",
                tier="managed_by",
            ),
        ],
    )
