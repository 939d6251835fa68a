"""What forms of this area hold: fields with their faults, units that are written, the document behind a change."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest

from canbo.accounts.callers import Caller
from canbo.audit.changes import change
from canbo.codes import code_list
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import parse_count
from canbo.register import documents, numbering
from canbo.register.models import Document, Unit
from canbo.register.refusals import explained
from canbo.web.organisations.asked import day_in, readable, unit_written, writable
from canbo.web.organisations.lives import readable_documents

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Field:
    """A field of a form, as the component draws it; ``plain``: needed or not as another field says."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    required: bool = False
    options: Choices = ()
    empty: str = ""
    plain: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Given:
    """What was written in a form, and what is wrong with it: (field, sentence)."""

    who: Caller
    values: dict[str, str]
    faults: list[tuple[str, str]] = field(default_factory=list)

    def text(self, name: str) -> str:
        """What a field holds."""
        return self.values.get(name, "").strip()

    def required(self, name: str, label: str) -> str:
        """The same; a fault where it is empty."""
        if not self.text(name):
            self.fault(name, pick(f"Chưa ghi: {label}.", f"Missing: {label}."))
        return self.text(name)

    def day(self, name: str, label: str, *, required: bool = True) -> date | None:
        """The day that a field holds; a fault where it holds none."""
        text = self.required(name, label) if required else self.text(name)
        found = day_in(text) if text else None
        if text and found is None:
            self.fault(name, pick(f"{label}: “{text[:20]}” không phải là ngày. Ghi như 31/12/2025.", f"{label}: “{text[:20]}” is no day. Write it as 31/12/2025."))  # fmt: skip # noqa: E501
        return found

    def count(self, name: str, label: str) -> int:
        """The whole number that a field holds; a fault where it holds none."""
        text = self.required(name, label)
        found = parse_count(text) if text else None
        if text and found is None:
            self.fault(name, pick(f"{label}: “{text[:20]}” không phải là số nguyên.", f"{label}: “{text[:20]}” is no whole number."))  # fmt: skip # noqa: E501
        return found or 0

    def unit(self, name: str, day: date, *, required: bool = False, change: bool = False) -> Unit | None:
        """The unit that a field names; a fault where there is none that the visitor may see, or change."""
        text = self.text(name)
        if not text:
            if required:
                self.fault(name, pick("Chưa chọn đơn vị.", "No unit is chosen."))
            return None
        found = unit_written(writable(self.who) if change else readable(self.who), text, day)
        if found is None:
            self.fault(name, pick(f"Không có đơn vị “{text[:60]}”. Chọn trong danh sách gợi ý hoặc ghi mã đơn vị.", f"There is no unit “{text[:60]}”. Choose a suggestion or write the code."))  # fmt: skip # noqa: E501
        return found

    def fault(self, name: str, sentence: str) -> None:
        """Note what is wrong with a field."""
        self.faults.append((name, sentence))

    @property
    def by_field(self) -> dict[str, str]:
        """The first fault of each field."""
        return dict(reversed(self.faults))


def given_in(request: HttpRequest, who: Caller) -> Given:
    """What a form posted; the last value where a field came twice."""
    return Given(who, {name: str(request.POST[name]) for name in request.POST if name != "csrfmiddlewaretoken"})


def options(name: str) -> Choices:
    """The choices of a code list."""
    return tuple((key, one.label) for key, one in code_list(name).codes.items())


def unit_field(name: str, label: str, url: str, *, hint: str = "", required: bool = False) -> Field:
    """A field for a unit, with suggestions while one types."""
    extra = {"list": f"{name}-units", "autocomplete": "off", "hx-get": url, "hx-trigger": "input changed delay:200ms", "hx-target": f"#{name}-units"}  # fmt: skip # noqa: E501
    return Field(name, label, hint=hint, required=required, extra=extra)


def document_fields(*, required: bool) -> list[Field]:
    """The document behind a change: found by its number, else registered with the change."""
    kinds = tuple((one.key, one.label) for one in numbering.kinds().values())
    return [
        Field("doc_number", pick("Số, ký hiệu", "Number"), required=required, hint=pick("Như 15/NQ-HĐND. Văn bản đã có trong sổ thì chỉ cần số và ngày, chưa có thì ghi cả loại và cơ quan ban hành.", "As 15/NQ-HĐND. Of a registered document number and day will do, else write kind and issuer too.")),  # noqa: E501
        Field("doc_issued_on", pick("Ngày ban hành", "Day of issue"), "date", required=required),
        Field("doc_kind", pick("Loại văn bản", "Kind"), "select", options=kinds, empty=pick("Chọn loại", "Choose")),
        Field("doc_issuer", pick("Cơ quan ban hành", "Issuer"), plain=True),
    ]  # fmt: skip


def document_in(given: Given, *, required: bool) -> dict[str, Any] | None:
    """What a form says of its document; None where it says nothing, and faults where it says too little."""
    number = given.required("doc_number", pick("số văn bản", "the number")) if required else given.text("doc_number")
    if not number:
        return None
    day = given.day("doc_issued_on", pick("Ngày ban hành", "Day of issue"))
    known = (
        readable_documents(given.who).filter(pk__in=documents.find(number, issued_on=day).values("pk")).first()
        if day
        else None
    )
    if known is not None:
        return {"number": known.number, "kind": known.kind, "issuer": known.issuer, "issued_on": day}
    kind = given.required(
        "doc_kind", pick("loại văn bản (văn bản chưa có trong sổ)", "the kind (the document is not registered)")
    )
    issuer = given.required(
        "doc_issuer", pick("cơ quan ban hành (văn bản chưa có trong sổ)", "the issuer (the document is not registered)")
    )
    return {"number": number, "kind": kind, "issuer": issuer, "issued_on": day}


def enter_document(who: Caller, said: Mapping[str, Any] | None) -> Document | None:
    """The document as registered; registered now where it is not. Stands inside the change that it is for."""
    if said is None:
        return None
    known = readable_documents(who).filter(number=said["number"], issued_on=said["issued_on"]).first()
    return known or documents.register(**said, by=who.by, at=who.at)


@contextmanager
def writing(given: Given, action: str, code: str) -> Iterator[None]:
    """What is inside is one change, with its document; what the register refuses becomes a fault of the form."""
    try:
        with explained(who=code), change(by=given.who.by, at=given.who.at, action=action, subject=f"unit:{code}"):
            yield
    except Refused as refused:
        given.fault("", refused.message)
