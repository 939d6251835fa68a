"""Documents entered and carried from draft to withdrawal (DOC-01, DOC-02, DOC-03, DOC-10).

What state a document is in on a day is told by ``document_states``, what it rests on by ``document_tree``.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from canbo.audit.changes import change
from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.text import tidy
from canbo.register import numbering
from canbo.register.models import Document, Unit
from canbo.register.refusals import explained

SECRECY = ("normal", "confidential", "secret", "top_secret")  # lowest first


def register(
    *,
    number: str = "",
    kind: str,
    issuer: str,
    issued_on: date | None = None,
    by: str,
    at: datetime,
    issuer_level: str | None = None,
    issuer_unit: Unit | None = None,
    title: str = "",
    effective_from: date | None = None,
    effective_to: date | None = None,
    subject_from: date | None = None,
    subject_to: date | None = None,
    secrecy: str = "normal",
    signer: str = "",
    review_due: date | None = None,
    draft: bool = False,
) -> Document:
    """Enter a document; ``kind`` by key, name or symbol. ``effective_to`` is the first day it is no longer in force.

    The number is written as officials do (“8-DA/TU” becomes 08-ĐA/TU); the level of the issuer is taken from the
    number's suffix or the issuer's name where it is not stated.

    :raises Refused: the kind is unknown, does not fit the number, the issuer does not fit it, the number has no date,
        the dates are in no possible order, or a document with the same number, kind, issuer and day exists.
    """
    key = _kind(kind)
    read = numbering.parse(number)
    written = _numbered(number, kind=key, issuer=issuer, level=issuer_level)
    document = Document(
        number=written,
        kind=key,
        issuer=tidy(issuer),
        issuer_level=issuer_level
        or (numbering.level_of(read) if read else None)
        or numbering.level_of_issuer(issuer)
        or "",
        issuer_unit=issuer_unit,
        title=tidy(title),
        issued_on=issued_on,
        effective_from=effective_from,
        effective_to=effective_to,
        subject_from=subject_from,
        subject_to=subject_to,
        secrecy=secrecy,
        state="draft" if draft else "issued",
        signer=tidy(signer),
        review_due=review_due,
    )
    _require_possible(document)
    _require_new(document)
    subject = f"document:{written or document.title}"
    with explained(row=document), change(by=by, at=at, action="document.register", subject=subject):
        document.save()
    return document


def submit(document: Document, *, by: str, at: datetime) -> None:
    """Send a draft up for signing.

    :raises Refused: it is no draft.
    """
    _require_state(document, ("draft",), pick("trình", "submitted"))
    _save(document, {"state": "submitted"}, "document.submit", by, at)


def issue(
    document: Document,
    *,
    number: str,
    issued_on: date,
    effective_from: date | None = None,
    signer: str = "",
    by: str,
    at: datetime,
) -> None:
    """Give a draft its number and day of issue; it is in force from ``effective_from``, else from its day of issue.

    :raises Refused: it was issued or withdrawn before, or the number does not fit (as in ``register``).
    """
    _require_state(document, ("draft", "submitted"), pick("ban hành", "issued"))
    written = _numbered(number, kind=document.kind, issuer=document.issuer, level=document.issuer_level or None)
    fields = {
        "number": written,
        "issued_on": issued_on,
        "effective_from": effective_from,
        "signer": signer or document.signer,
        "state": "issued",
    }
    _save(document, fields, "document.issue", by, at)


def expire(document: Document, *, on: date, by: str, at: datetime) -> None:
    """End a document: ``on`` is the first day it is no longer in force.

    :raises Refused: it is not issued, or would end before it begins.
    """
    _require_state(document, ("issued",), pick("cho hết hiệu lực", "ended"))
    _save(document, {"effective_to": on}, "document.expire", by, at)


def withdraw(document: Document, *, on: date, by: str, at: datetime) -> None:
    """Take a document back from ``on`` on; it stays readable (C.7, 10).

    :raises Refused: it was withdrawn before, or would end before it begins.
    """
    _require_state(document, ("draft", "submitted", "issued"), pick("thu hồi", "withdrawn"))
    _save(document, {"effective_to": on, "state": "withdrawn"}, "document.withdraw", by, at)


def correct(document: Document, *, by: str, at: datetime, **fields: object) -> None:
    """Put right what was entered wrong; what was believed before stays in the history.

    :raises Refused: as in ``register``.
    """
    if "kind" in fields:
        fields["kind"] = _kind(str(fields["kind"]))
    if fields.keys() & {"number", "kind", "issuer", "issuer_level"}:
        kind, issuer, level = (
            str(fields.get(name, getattr(document, name))) for name in ("kind", "issuer", "issuer_level")
        )
        number = str(fields.get("number", document.number))
        fields["number"] = _numbered(number, kind=kind, issuer=issuer, level=level or None)
    _save(document, fields, "document.correct", by, at)


def find(number: str, *, issued_on: date | None = None) -> QuerySet[Document]:
    """The documents with a number, newest first; several, for numbers restart each term."""
    read = numbering.parse(number)
    found = Document.objects.filter(number=str(read) if read else tidy(number)).order_by("-issued_on", "id")
    return found.filter(issued_on=issued_on) if issued_on else found


def listed(
    *,
    highest: str = "normal",
    kind: str | None = None,
    issuer_level: str | None = None,
    issued_from: date | None = None,
    issued_to: date | None = None,
    text: str = "",
) -> QuerySet[Document]:
    """The register, newest first, as far as it may be read up to ``highest``; both days are included.

    ``text`` is looked for in number, title and issuer, in any case.
    """
    found = readable_among(Document.objects.all(), highest)
    given = {
        "kind": _kind(kind) if kind else None,
        "issuer_level": issuer_level,
        "issued_on__gte": issued_from,
        "issued_on__lte": issued_to,
    }
    found = found.filter(**{name: value for name, value in given.items() if value is not None})
    if text:
        wanted = tidy(text)
        found = found.filter(Q(number__icontains=wanted) | Q(title__icontains=wanted) | Q(issuer__icontains=wanted))
    return found.order_by(F("issued_on").desc(nulls_first=True), "-id")


def findings(document: Document) -> list[Finding]:
    """What an officer should look at: a number of an unknown form, the same number at another level on that day."""
    read = numbering.parse(document.number)
    found = numbering.faults(
        read,
        text=document.number,
        kind=document.kind,
        issuer=document.issuer,
        level=document.issuer_level or None,
    )
    if read is not None and read.family == "party" and read.suffix in ("TW", "TU"):
        other = f"{read.serial}-{read.symbol}/{'TU' if read.suffix == 'TW' else 'TW'}"
        if Document.objects.filter(number=other, issued_on=document.issued_on).exists():
            found.append(_twin(document, other))
    return found


def readable(document: Document, highest: str) -> bool:
    """Whether who may read up to the level ``highest`` may read the document (DOC-06)."""
    return SECRECY.index(document.secrecy) <= SECRECY.index(highest)


def readable_among(documents: QuerySet[Document], highest: str) -> QuerySet[Document]:
    """Those of the documents that may be read up to the level."""
    return documents.filter(secrecy__in=SECRECY[: SECRECY.index(highest) + 1])


def cited(document: Document) -> str:
    """As a text cites it: “Đề án số 08-ĐA/TU ngày 15/09/2017 của Ban Thường vụ Tỉnh ủy”."""
    kind = numbering.kinds()[document.kind].label if document.kind in numbering.kinds() else document.kind
    parts = [kind]
    if document.number:
        parts.append(pick(f"số {document.number}", f"no. {document.number}"))
    if document.issued_on:
        parts.append(pick(f"ngày {document.issued_on:%d/%m/%Y}", f"of {document.issued_on:%d/%m/%Y}"))
    parts.append(pick(f"của {document.issuer}", f"by {document.issuer}"))
    return " ".join(parts)


def _numbered(number: str, *, kind: str, issuer: str, level: str | None) -> str:
    """The number as officials write it, if it fits."""
    read = numbering.parse(number)
    found = numbering.faults(read, text=number, kind=kind, issuer=issuer, level=level)
    errors = [finding for finding in found if finding.severity == "error"]
    if errors:
        raise Refused(errors[0].message + " " + (errors[0].suggestion or ""), errors)
    return str(read) if read else tidy(number)


def _kind(text: str) -> str:
    if key := numbering.kind_of(text):
        return key
    near = numbering.nearest_kind(text)
    hint = pick(f" Có phải “{near}” không?", f" Did you mean “{near}”?") if near else ""
    raise Refused(
        pick(f"Không có loại văn bản “{text}” trong danh mục.", f"There is no kind of document “{text}”.") + hint
    )


def _save(document: Document, fields: dict[str, object], action: str, by: str, at: datetime) -> None:
    """Change fields of a document; where refused, the object in hand is as it was."""
    before = {name: getattr(document, name) for name in fields}
    for name, value in fields.items():
        setattr(document, name, value)
    try:
        _require_possible(document)
        _require_new(document)
        subject = f"document:{document.number or document.title}"
        with explained(row=document), change(by=by, at=at, action=action, subject=subject):
            document.save(update_fields=list(fields))
    except Exception:
        for name, value in before.items():
            setattr(document, name, value)
        raise


def _require_state(document: Document, states: Sequence[str], wanted: str) -> None:
    if document.state not in states:
        now = numbering.label("states", document.state)
        raise Refused(
            pick(
                f"Không thể {wanted}: văn bản “{cited(document)}” đang ở trạng thái “{now}”.",
                f"Cannot be {wanted}: “{cited(document)}” is in the state “{now}”.",
            )
        )


def _require_possible(document: Document) -> None:
    """The orders that the database holds too, in words."""
    if document.secrecy not in SECRECY:
        raise Refused(
            pick(f"Không có độ mật “{document.secrecy}”.", f"There is no level of secrecy “{document.secrecy}”.")
        )
    if document.number and document.issued_on is None and document.state not in ("draft", "submitted"):
        raise Refused(
            pick(
                f"Văn bản số “{document.number}” thiếu ngày ban hành. Số hiệu đánh lại từ đầu mỗi nhiệm kỳ nên phải "
                "có ngày: hãy ghi ngày ban hành trên văn bản.",
                f"Document “{document.number}” has no day of issue. Numbers restart each term, so the day is needed: "
                "enter the one printed on the document.",
            )
        )
    begins = document.effective_from or document.issued_on
    _require_order(
        document.issued_on, document.effective_from, pick("ngày có hiệu lực", "in force"), pick("ban hành", "issue")
    )
    _require_order(begins, document.effective_to, pick("ngày hết hiệu lực", "end"), pick("có hiệu lực", "start"))
    _require_order(
        document.subject_from, document.subject_to, pick("ngày cuối giai đoạn", "period end"), pick("đầu", "start")
    )


def _require_order(first: date | None, second: date | None, name: str, other: str) -> None:
    if first is not None and second is not None and second < first:
        raise Refused(
            pick(
                f"Ngày tháng của văn bản không hợp lý: {name} {second:%d/%m/%Y} trước ngày {other} {first:%d/%m/%Y}. "
                "Hãy sửa một trong hai ngày.",
                f"Impossible dates: {name} {second:%d/%m/%Y} lies before {other} {first:%d/%m/%Y}. Correct one.",
            )
        )


def _require_new(document: Document) -> None:
    if not document.number:
        return
    same = Document.objects.filter(
        number=document.number, kind=document.kind, issuer=document.issuer, issued_on=document.issued_on
    ).exclude(id=document.id)
    if same.exists():
        raise Refused(
            pick(
                f"Đã có “{cited(document)}” trong sổ văn bản. Hãy dùng văn bản đã có, hoặc xem lại số hiệu và ngày.",
                f"“{cited(document)}” is in the register already. Use it, or check the number and the day.",
            )
        )


def _twin(document: Document, other: str) -> Finding:
    return Finding(
        "warning",
        "document_twin",
        pick(
            f"Cùng ngày có cả số “{document.number}” và “{other}”: có thể một số của Trung ương đã ghi nhầm thành "
            "của Tỉnh ủy.",
            f"Both “{document.number}” and “{other}” bear that day: a central number may have been entered as a "
            "provincial one.",
        ),
        suggestion=pick("Hãy đối chiếu với bản gốc.", "Compare with the original."),
        column="number",
        value=document.number,
    )
