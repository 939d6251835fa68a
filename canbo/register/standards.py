"""Standards of titles and ranks by versions, each with its document, and what a draft would change (ORG-08, REG-04).

A version is never edited, only followed by the next; the database refuses the rest.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.db.models import Q, QuerySet

from canbo.audit.changes import change
from canbo.codes import code_list
from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.register import requirements as asked
from canbo.register.models import (
    Document,
    Employment,
    Person,
    PoolEntry,
    PostHeld,
    RankStandard,
    ReportedFigure,
    Title,
    TitleStandard,
    UnitVersion,
)
from canbo.register.refusals import explained

Standard = TitleStandard | RankStandard


@dataclass(frozen=True)
class Adopted:
    """The new version, and what it touches that was printed before."""

    standard: Standard
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Verdict:
    """A person against a draft: what is not met, what is unknown; ``newly`` where the version in force is met."""

    person_code: str
    full_name: str
    role: Literal["incumbent", "planned"]
    failing: tuple[str, ...]
    unknown: tuple[str, ...]
    newly: bool


@dataclass(frozen=True)
class Impact:
    """What a draft standard does to who holds the title or rank, and who is planned for the title, on a day."""

    day: date
    verdicts: tuple[Verdict, ...]

    @property
    def falling_out(self) -> tuple[Verdict, ...]:
        """Who does not meet the draft though meeting the version in force, or where there is none."""
        return tuple(one for one in self.verdicts if one.newly)

    @property
    def unknown(self) -> tuple[Verdict, ...]:
        """Of whom the data do not tell: neither counted as meeting nor as failing."""
        return tuple(one for one in self.verdicts if one.unknown and not one.failing)


def adopt(
    title: Title,
    requirements: Mapping[str, Any],
    *,
    valid_from: date,
    document: Document | None,
    by: str,
    at: datetime,
    sealed_days: Collection[date] = (),
) -> Adopted:
    """Put a new version into force from a day on; the one before ends that day and stays as it was.

    ``sealed_days``: days of figures sealed so far; together with printed figures they show what a back-dated version
    touches: it is adopted, and the findings say so.

    :raises Refused: no document, an unknown requirement, or a version begins on that day or later.
    """
    row = TitleStandard(title=title, requirements=dict(requirements), valid_from=valid_from, document=document)
    versions = TitleStandard.objects.filter(title=title)
    named = _Named(title.name, f"title:{title.code}")
    return _adopt(row, versions, named, document=document, by=by, at=at, sealed_days=sealed_days)


def adopt_of_rank(
    rank: str,
    requirements: Mapping[str, Any],
    *,
    valid_from: date,
    document: Document | None,
    by: str,
    at: datetime,
    sealed_days: Collection[date] = (),
) -> Adopted:
    """Put a new version of the standard of a rank and its equivalents into force, as ``adopt`` does for a title.

    :raises Refused: as ``adopt``; the rank is not in the code list.
    """
    key = code_list("rank").match(rank)
    if key is None:
        listed = ", ".join(one.label for one in code_list("rank").codes.values())
        raise Refused(pick(f"Không có ngạch “{rank}”. Gồm: {listed}.", f"There is no rank “{rank}”. Ranks: {listed}."))
    row = RankStandard(rank=key, requirements=dict(requirements), valid_from=valid_from, document=document)
    versions = RankStandard.objects.filter(rank=key)
    label = code_list("rank")[key].label
    named = _Named(pick(f"ngạch {label}", f"the rank {label}"), f"rank:{key}")
    return _adopt(row, versions, named, document=document, by=by, at=at, sealed_days=sealed_days)


def standard_on(title: Title, day: date) -> TitleStandard | None:
    """The version in force on a day."""
    found: TitleStandard | None = TitleStandard.objects.as_of(day).filter(title=title).first()
    return found


def rank_standard_on(rank: str, day: date) -> RankStandard | None:
    """The version for a rank in force on a day."""
    found: RankStandard | None = RankStandard.objects.as_of(day).filter(rank=rank).first()
    return found


def impact(title: Title, requirements: Mapping[str, Any], *, day: date) -> Impact:
    """Who holds or is planned for the title on a day, against a draft. Writes nothing.

    :raises Refused: an unknown requirement.
    """
    return _impact(requirements, standard_on(title, day), _people(title, day), day)


def impact_of_rank(rank: str, requirements: Mapping[str, Any], *, day: date) -> Impact:
    """Who is in a rank or an equivalent on a day and in service, against a draft. Writes nothing.

    :raises Refused: an unknown requirement.
    """
    serving = Employment.objects.as_of(day).filter(person__merged_into__isnull=True).select_related("person")
    people = {row.person_id: row.person for row in serving}
    values = asked.values_on(people, day)
    held = [person for key, person in people.items() if values[key].get("rank") == rank]
    return _impact(requirements, rank_standard_on(rank, day), [(one, "incumbent") for one in _by_name(held)], day)


def _impact(
    requirements: Mapping[str, Any],
    current: Standard | None,
    roles: Sequence[tuple[Person, Literal["incumbent", "planned"]]],
    day: date,
) -> Impact:
    asked.require_known(requirements)
    values = asked.values_on([person.id for person, _ in roles], day)
    verdicts = []
    for person, role in roles:
        failing, unknown = asked.unmet(requirements, values[person.id])
        before = asked.unmet(current.requirements, values[person.id])[0] if current else ()
        verdicts.append(Verdict(person.code, person.full_name, role, failing, unknown, bool(failing) and not before))
    return Impact(day, tuple(verdicts))


@dataclass(frozen=True)
class _Named:
    """What a standard is of: in a sentence, and in the log."""

    name: str
    subject: str


def _adopt(
    row: Standard,
    versions: "QuerySet[Any]",
    of: _Named,
    *,
    document: Document | None,
    by: str,
    at: datetime,
    sealed_days: Collection[date],
) -> Adopted:
    asked.require_known(row.requirements)
    if document is None:
        raise Refused(
            pick(
                f"Tiêu chuẩn của “{of.name}” phải có văn bản ban hành. Hãy nhập văn bản trước.",
                f"A standard of “{of.name}” needs the document that sets it. Enter the document first.",
            )
        )
    later = versions.filter(valid_from__gte=row.valid_from).order_by("valid_from").first()
    if later is not None:
        raise Refused(
            pick(
                f"“{of.name}” đã có tiêu chuẩn từ {later.valid_from:%d/%m/%Y}. Bản cũ không được sửa: bản mới phải "
                "bắt đầu sau ngày đó.",
                f"“{of.name}” has a standard from {later.valid_from:%d/%m/%Y}. An old version is never edited: a "
                "new one must begin after that day.",
            )
        )
    with explained(who=of.name, row=row), change(by=by, at=at, action="standard.adopt", subject=of.subject):
        current = versions.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=row.valid_from)).first()
        if current is not None:
            current.valid_to = row.valid_from
            current.save(update_fields=["valid_to"])
        row.save()
    return Adopted(row, tuple(_touched(of.name, row, document, at.date(), sealed_days)))


def _people(title: Title, day: date) -> list[tuple[Person, Literal["incumbent", "planned"]]]:
    """Incumbents, then the planned, by name; a post without title counts by its group and the level of its unit."""
    untitled = Q(title=None, position__title=None, post_kind=title.post_kind)
    if title.level is not None:
        untitled &= Q(unit__in=UnitVersion.objects.as_of(day).filter(level=title.level).values("unit"))
    posts = PostHeld.objects.as_of(day).filter(Q(title=title) | Q(title=None, position__title=title) | untitled)
    entries = PoolEntry.objects.as_of(day).filter(post_kind=title.post_kind)
    if title.level is not None:
        entries = entries.filter(level=title.level)
    incumbents = {post.person_id: post.person for post in posts.select_related("person")}
    planned = {entry.person_id: entry.person for entry in entries.select_related("person")}
    found: list[tuple[Person, Literal["incumbent", "planned"]]] = []
    found += [(person, "incumbent") for person in _by_name(incumbents.values())]
    found += [(person, "planned") for person in _by_name(planned.values()) if person.id not in incumbents]
    return found


def _by_name(people: Collection[Person]) -> Sequence[Person]:
    return sorted(people, key=lambda person: (person.name_order, person.code))


def _touched(name: str, row: Standard, document: Document, today: date, sealed_days: Collection[date]) -> list[Finding]:
    found = []
    start = document.effective_from or document.issued_on
    if start is not None and row.valid_from < start:
        found.append(
            _finding(
                "standard_before_document",
                pick(
                    f"Tiêu chuẩn của “{name}” có hiệu lực từ {row.valid_from:%d/%m/%Y}, trước khi văn bản có "
                    f"hiệu lực ({start:%d/%m/%Y}).",
                    f"The standard of “{name}” holds from {row.valid_from:%d/%m/%Y}, before its document does "
                    f"({start:%d/%m/%Y}).",
                ),
            )
        )
    printed = set(ReportedFigure.objects.filter(as_of__gte=row.valid_from).values_list("as_of", flat=True))
    days = sorted(printed | {day for day in sealed_days if day >= row.valid_from})
    if row.valid_from < today and days:
        listed = ", ".join(f"{day:%d/%m/%Y}" for day in days)
        found.append(
            _finding(
                "standard_backdated",
                pick(
                    f"Tiêu chuẩn của “{name}” lùi về {row.valid_from:%d/%m/%Y}; số liệu đã công bố hoặc niêm "
                    f"phong của các ngày sau không đổi nhưng tính lại sẽ khác: {listed}.",
                    f"The standard of “{name}” goes back to {row.valid_from:%d/%m/%Y}; figures printed or sealed "
                    f"for these days stay but would be computed otherwise now: {listed}.",
                ),
            )
        )
    return found


def _finding(code: str, message: str) -> Finding:
    return Finding(
        "warning",
        code,
        message,
        suggestion=pick("Hãy cân nhắc ngày hiệu lực không sớm hơn ngày ban hành.", "Consider a later first day."),
        column="valid_from",
    )
