"""Posts begun, ended and put right (REG-11). Whose tier they carry is told by ``tiers``, what looks wrong by
``inspections``."""

from datetime import date, datetime, timedelta

from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import fact_entry
from canbo.register.fact_entry import after, require_document, require_in_being, require_in_service
from canbo.register.models import Document, JobPosition, Person, PostHeld, Title, Unit
from canbo.register.revisions import named


def begin(
    *,
    person: Person,
    unit: Unit,
    start: date,
    document: Document | None,
    title: Title | None = None,
    post_kind: str | None = None,
    position: JobPosition | None = None,
    last_day: date | None = None,
    instead_of: PostHeld | None = None,
    by: str,
    at: datetime,
    seen: int | None = None,
    **more: object,
) -> PostHeld:
    """Begin a post on a day, also one to come. Group, head and key leader follow the title where they are not stated.

    ``instead_of`` is the post that ends on the day before. ``more`` are further fields (``post``, ``is_main``,
    ``is_acting``, ``appointed_on``, ``term_ends_on``, ``stated_tier`` …).

    :raises Refused: no decision (C.7, 6), neither title nor group, the unit is not in being on all days, the person has
        left or leaves earlier, a second main post on a day, or the person was changed since ``seen``.
    """
    end = after(last_day)
    what = pick("chức vụ", "post")
    require_document(document, person, what)
    require_in_being(unit, start, end, person)
    require_in_service(person, end, what)
    kind = post_kind or (title.post_kind if title else None)
    if kind is None:
        raise Refused(
            pick(
                f"{named(person)}: chưa chọn chức danh. Hãy chọn chức danh hoặc nhóm chức danh.",
                f"{named(person)}: no title is chosen. Choose a title or a group of posts.",
            )
        )
    from_title: dict[str, object] = (
        {"post": title.name, "is_head": title.is_head, "is_key_leader": title.is_key} if title else {}
    )
    row = PostHeld(
        person=person,
        unit=unit,
        title=title,
        post_kind=kind,
        position=position,
        valid_from=start,
        valid_to=end,
        document=document,
        **({"appointed_on": start} | from_title | more),
    )
    with change(by=by, at=at, action="post.begin", subject=f"person:{person.code}"):
        if instead_of is not None:
            fact_entry.end(
                instead_of, last_day=start - timedelta(days=1), by=by, at=at, action="post.end", seen=seen,
                end_reason=pick("Chuyển chức vụ", "Change of post"),
            )  # fmt: skip
            seen = None
        return fact_entry.enter(row, person=person, by=by, at=at, action="post.begin", seen=seen)


def end(
    post: PostHeld,
    *,
    last_day: date,
    reason: str = "",
    document: Document | None = None,
    by: str,
    at: datetime,
    seen: int | None = None,
) -> None:
    """End a post; ``last_day`` is the last in it.

    :raises Refused: it ended before, or would end before it begins.
    """
    fact_entry.end(
        post, last_day=last_day, by=by, at=at, action="post.end", seen=seen, document=document, end_reason=reason
    )


def correct(post: PostHeld, /, *, by: str, at: datetime, seen: int | None = None, **fields: object) -> None:
    """Put right a post that was entered wrong: days, unit, title, flags, stated tier.

    :raises Refused: as in ``begin``; a stated tier without a document (REG-12).
    """
    unit, start = fields.get("unit", post.unit), fields.get("valid_from", post.valid_from)
    finish = fields.get("valid_to", post.valid_to)
    document = fields.get("document", post.document)
    if isinstance(unit, Unit) and isinstance(start, date):
        require_in_being(unit, start, finish if isinstance(finish, date) else None, post.person)
    require_in_service(post.person, finish if isinstance(finish, date) else None, pick("chức vụ", "post"))
    if fields.get("stated_tier"):
        require_document(
            document if isinstance(document, Document) else None,
            post.person,
            pick("diện quản lý khác quy định phân cấp", "tier other than the rule's"),
        )
    fact_entry.correct(post, person=post.person, by=by, at=at, action="post.correct", seen=seen, **fields)


def withdraw(post: PostHeld, *, by: str, at: datetime, seen: int | None = None) -> None:
    """Take back a post that was never held."""
    fact_entry.withdraw(post, person=post.person, by=by, at=at, action="post.withdraw", seen=seen)
