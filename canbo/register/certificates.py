"""Certificates issued (REG-04): by kind and level, valid from the day of issue to the day they expire."""

from datetime import date, datetime

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import tidy
from canbo.register import fact_entry
from canbo.register.certificate_kinds import Kind, kinds
from canbo.register.fact_entry import after, day_of
from canbo.register.models import Certificate, Document, Person
from canbo.register.revisions import named


def issue(
    *,
    person: Person,
    kind: str,
    issued_on: date,
    level: str = "",
    language: str = "",
    last_day: date | None = None,
    number: str = "",
    issuer: str = "",
    document: Document | None = None,
    by: str,
    at: datetime,
    seen: int | None = None,
) -> Certificate:
    """Enter a certificate; ``last_day`` is the last on which it is valid. An expired one may be entered, as history.

    :raises Refused: a kind or level outside the list, no language or level where they belong, issued after the day of
        entry, or expired before it was issued.
    """
    known = kinds().get(kind)
    if known is None:
        listed = ", ".join(one.label for one in kinds().values())
        raise Refused(
            pick(
                f"{named(person)}: không có loại chứng chỉ “{kind}”. Các loại: {listed}.",
                f"{named(person)}: there is no kind of certificate “{kind}”. Kinds: {listed}.",
            )
        )
    _require_level(person, known, tidy(level), tidy(language))
    if issued_on > day_of(at):
        raise Refused(
            pick(
                f"{named(person)}: chứng chỉ ghi ngày cấp {issued_on:%d/%m/%Y}, sau ngày nhập. Hãy xem lại ngày.",
                f"{named(person)}: the certificate is dated {issued_on:%d/%m/%Y}, after the day of entry. Check it.",
            )
        )
    row = Certificate(
        person=person, kind=kind, level=level, language=language, number=number, issuer=issuer, valid_from=issued_on,
        valid_to=after(last_day), document=document,
    )  # fmt: skip
    return fact_entry.enter(row, person=person, by=by, at=at, action="certificate.issue", seen=seen)


def _require_level(person: Person, kind: Kind, level: str, language: str) -> None:
    if kind.needs_language and not language:
        raise Refused(
            pick(
                f"{named(person)}: chứng chỉ {kind.label} phải ghi rõ ngôn ngữ. Hãy ghi ngôn ngữ.",
                f"{named(person)}: a certificate of the kind {kind.label} names its language. Enter it.",
            )
        )
    if kind.levels and level not in (*kind.levels, *kind.old_levels):
        listed = ", ".join((*kind.levels, *kind.old_levels))
        raise Refused(
            pick(
                f"{named(person)}: chứng chỉ {kind.label} có bậc “{level}” không có trong danh mục. Các bậc: {listed}.",
                f"{named(person)}: the certificate {kind.label} has an unknown level “{level}”. Levels: {listed}.",
            )
        )
