"""The decision of a form: one that is registered is found by its number; another is registered with the fact."""

from collections.abc import Mapping

from django.db.models import QuerySet

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import documents, numbering, scoping
from canbo.register.models import Document, Unit
from canbo.web.people.form_fields import Choices, Field, Units, Written, read

WRITE = Permission.PEOPLE_WRITE
_SUGGESTED = 40


def _kinds() -> Choices:
    return tuple((one.key, one.label) for one in numbering.kinds().values())


FIELDS = (
    Field(
        "doc_number", "Số, ký hiệu", "Number", hint_vi="Như 125-QĐ/TU. Văn bản đã có trong sổ thì chỉ cần số.",
        hint_en="As 125-QĐ/TU. Of a registered document the number will do.",
    ),
    Field("doc_kind", "Loại văn bản", "Kind", "select", choices=_kinds),
    Field("doc_issuer", "Cơ quan ban hành", "Issuer"),
    Field("doc_issued_on", "Ngày ban hành", "Day of issue", "date"),
    Field("doc_effective_from", "Có hiệu lực từ", "In force from", "date"),
)  # fmt: skip


def usable(seen: Caller) -> QuerySet[Document]:
    """The documents that a visitor may use: over a part of the province those that its units issued."""
    found = Document.objects.all()
    if not seen.is_unlimited(WRITE):
        found = found.filter(issuer_unit__in=scoping.units(seen.scope, WRITE, day=seen.day))
    return found if seen.reads(WRITE, "sensitive") else found.filter(secrecy="normal")


def suggested(seen: Caller) -> tuple[str, ...]:
    """The numbers of the documents registered last."""
    numbers = usable(seen).exclude(number="").order_by("-pk").values_list("number", flat=True)[:_SUGGESTED]
    return tuple(dict.fromkeys(numbers))


def read_document(given: Mapping[str, str], units: Units) -> Written:
    """What was written about the decision."""
    return read(FIELDS, given, units)


def is_given(written: Written) -> bool:
    """Whether a decision was written at all."""
    return bool(written.values.get("doc_number") or written.values.get("doc_issuer"))


def find_or_register(seen: Caller, written: Written) -> Document | None:
    """The document written about: found, or registered now; None where none was written or a fault was found.

    Stands inside the change that enters the fact, so that neither is written without the other.
    """
    values = written.values
    number, issued_on = values.get("doc_number") or "", values.get("doc_issued_on")
    same = documents.find(number, issued_on=issued_on).filter(pk__in=usable(seen).values("pk")) if number else None
    found = list(same[:2]) if same is not None else []
    if len(found) == 1:
        return found[0]
    if found:
        written.faults["doc_issued_on"] = pick(
            f"Sổ văn bản có nhiều văn bản số “{number}”. Hãy ghi ngày ban hành.",
            f"Several documents bear the number “{number}”. Enter the day of issue.",
        )
        return None
    for name, vi, en in (
        ("doc_kind", "loại văn bản", "the kind"),
        ("doc_issuer", "cơ quan ban hành", "the issuer"),
        ("doc_issued_on", "ngày ban hành", "the day of issue"),
    ):
        if not values.get(name):
            written.faults[name] = pick(
                f"Văn bản chưa có trong sổ: hãy ghi {vi} để vào sổ cùng lúc.",
                f"The document is not registered: enter {en} to register it now.",
            )
    if any(name in written.faults for name in ("doc_kind", "doc_issuer", "doc_issued_on")):
        return None
    try:
        return documents.register(
            number=number, kind=values["doc_kind"], issuer=values["doc_issuer"], issued_on=issued_on,
            effective_from=values.get("doc_effective_from"), issuer_unit=_issuing_unit(seen), by=seen.by, at=seen.at,
        )  # fmt: skip
    except Refused as error:
        written.faults["doc_number"] = error.message
        return None


def _issuing_unit(seen: Caller) -> Unit | None:
    """For a mandate over a part of the province, the unit at its top: what it registers stays within its reach."""
    if seen.is_unlimited(WRITE):
        return None
    code = next((one.unit_code for one in seen.scope.granting(WRITE) if one.unit_code), None)
    return Unit.objects.filter(code=code).first() if code else None
