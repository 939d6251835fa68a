"""Qualifications awarded, verified and revoked, and the highest level as of a day (REG-02, REG-07)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from canbo.codes import code_list
from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.text import search_key
from canbo.register import fact_entry
from canbo.register.fact_entry import day_of, require_coded, require_document
from canbo.register.models import Document, Person, Qualification, Standing
from canbo.register.people import age_on
from canbo.register.revisions import named

LEVELS = {
    "professional": "education",
    "medical": "medical_specialist",
    "political": "political_theory",
    "state": "state_management",
}
"""Kind of qualification: the code list of its levels."""
LEAST_AGE = 17
_STUDYING = frozenset({"dang hoc", "dang theo hoc", "chua tot nghiep", "studying"})


@dataclass(frozen=True)
class Awarded:
    """A qualification as the rules need it."""

    kind: str
    level: str
    awarded_on: date
    revoked_on: date | None = None
    field: str | None = None


def award(
    *,
    person: Person,
    kind: str,
    level: str,
    awarded_on: date | None,
    field: str | None = None,
    document: Document | None = None,
    by: str,
    at: datetime,
    seen: int | None = None,
    **more: object,
) -> Qualification:
    """Enter a qualification awarded on a day. ``more``: institution, country, mode, number.

    :raises Refused: still studying (no day of award: that is a training), awarded after the day of entry or before age
        17, an unknown level or field.
    """
    if awarded_on is None or search_key(level) in _STUDYING:
        raise Refused(
            pick(
                f"{named(person)}: đang học thì chưa phải văn bằng. Hãy ghi vào mục Đào tạo; ghi văn bằng khi đã có "
                "ngày cấp.",
                f"{named(person)}: studies under way are no qualification. Enter a training; enter the qualification "
                "when it has a day of award.",
            )
        )
    _require_possible(person, awarded_on, day_of(at))
    stored = level
    if kind in LEVELS:
        stored = require_coded(LEVELS[kind], level, person, pick("trình độ", "level")) or level
    if stored == "none":
        raise Refused(
            pick(
                f"{named(person)}: “chưa qua đào tạo” không phải văn bằng. Không cần ghi mục này.",
                f"{named(person)}: “untrained” is no qualification. Do not enter it.",
            )
        )
    row = Qualification(
        person=person,
        kind=kind,
        level=stored,
        field=require_coded("field", field, person, pick("ngành", "field")),
        awarded_on=awarded_on,
        document=document,
        **more,
    )
    return fact_entry.enter(row, person=person, by=by, at=at, action="qualification.award", seen=seen)


def verify(qualification: Qualification, *, by: str, at: datetime, seen: int | None = None) -> None:
    """The organisation officer has seen the original.

    :raises Refused: the person was changed since ``seen``.
    """
    fact_entry.correct(
        qualification, person=qualification.person, by=by, at=at, action="qualification.verify", seen=seen,
        verified_by=by,
    )  # fmt: skip


def revoke(
    qualification: Qualification,
    *,
    on: date,
    document: Document | None,
    by: str,
    at: datetime,
    seen: int | None = None,
) -> None:
    """Take a qualification back; it counts until the day before ``on``.

    :raises Refused: no decision, or before the award.
    """
    decision = require_document(document, qualification.person, pick("thu hồi văn bằng", "revocation"))
    fact_entry.correct(
        qualification, person=qualification.person, by=by, at=at, action="qualification.revoke", seen=seen,
        revoked_on=on, document=decision,
    )  # fmt: skip


def highest(rows: Iterable[Awarded], kind: str, day: date) -> str | None:
    """The highest level of a kind awarded by a day and not revoked; a later lower course takes nothing away."""
    order = code_list(LEVELS[kind])
    levels = [
        row.level
        for row in rows
        if row.kind == kind
        and row.level in order
        and row.awarded_on <= day
        and (row.revoked_on is None or row.revoked_on > day)
    ]
    return max(levels, key=lambda level: order[level].position, default=None)


def level_on(person: Person, kind: str, day: date) -> str | None:
    """The highest level on a day by what is awarded or stated by a source by then; None: unknown."""
    rows = [
        Awarded(row.kind, row.level, row.awarded_on, row.revoked_on)
        for row in Qualification.objects.filter(person=person, kind=kind)
    ]
    stated = Standing.objects.as_of(day).filter(person=person).first()
    level = getattr(stated, LEVELS[kind]) if stated else None
    if stated is not None and level is not None:
        rows.append(Awarded(kind, level, stated.valid_from))
    return highest(rows, kind, day)


def findings(qualification: Qualification) -> list[Finding]:
    """What an officer should complete: the field of a professional level, the institution of advanced theory."""
    lacking = []
    if qualification.kind == "professional" and not qualification.field:
        lacking.append(("field", pick("ngành đào tạo", "the field")))
    if (
        qualification.kind == "political"
        and qualification.level in ("advanced", "bachelor")
        and not qualification.institution
    ):
        lacking.append(("institution", pick("cơ sở đào tạo", "the institution")))
    who = named(qualification.person)
    return [
        Finding(
            "warning",
            f"qualification_without_{column}",
            pick(
                f"{who}: văn bằng cấp ngày {qualification.awarded_on:%d/%m/%Y} thiếu {label}.",
                f"{who}: the qualification awarded on {qualification.awarded_on:%d/%m/%Y} lacks {label}.",
            ),
            suggestion=pick(f"Hãy bổ sung {label} theo văn bằng.", f"Add {label} from the original."),
            column=column,
        )
        for column, label in lacking
    ]


def _require_possible(person: Person, awarded_on: date, today: date) -> None:
    if awarded_on > today:
        raise Refused(
            pick(
                f"{named(person)}: ngày cấp {awarded_on:%d/%m/%Y} sau ngày nhập {today:%d/%m/%Y}. Văn bằng chỉ ghi "
                "khi đã được cấp: hãy xem lại ngày.",
                f"{named(person)}: the day of award {awarded_on:%d/%m/%Y} lies after the day of entry "
                f"{today:%d/%m/%Y}. Enter it when it is awarded, or check the day.",
            )
        )
    _, oldest = age_on(person.birth_date, person.birth_precision, awarded_on)
    if oldest < LEAST_AGE:
        raise Refused(
            pick(
                f"{named(person)}: ngày cấp {awarded_on:%d/%m/%Y} là khi chưa đủ {LEAST_AGE} tuổi. Hãy xem lại ngày "
                "cấp hoặc ngày sinh.",
                f"{named(person)}: on the day of award {awarded_on:%d/%m/%Y} not yet {LEAST_AGE} years old. Check the "
                "day or the birth date.",
            )
        )
