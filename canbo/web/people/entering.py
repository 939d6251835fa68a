"""Recording a change in a file: one form for one fact, with its decision; what was written moves the indicators."""

import re
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission
from canbo.audit.changes import change, note
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day
from canbo.register import reading, scoping
from canbo.register.models import Document, Person, Unit
from canbo.register.reading import NotFound
from canbo.register.refusals import explained
from canbo.register.revisions import named
from canbo.web.engine import address
from canbo.web.frame import show
from canbo.web.people import file_counts, form_documents
from canbo.web.people.fact_kinds import Kind
from canbo.web.people.form_fields import Units, Written, read
from canbo.web.people.form_services import Given
from canbo.web.people.forms import Form, form_of
from canbo.web.visitors import page, visitor

WRITE = Permission.PEOPLE_WRITE
_AT_FIELD = {"valid_from": "start", "valid_to": "last_day", "document": "doc_number", "level": "what"}


@page(Permission.PEOPLE_READ, WRITE)
def record(request: HttpRequest, code: str, what: str, kind: str = "", number: int = 0) -> HttpResponse:
    """The form of one change: shown, or filled in and written."""
    seen = visitor(request)
    person = find_writable(seen, code)
    form = form_of(what, kind)
    if form is None or not seen.reads(WRITE, "sensitive"):
        raise Http404
    row = _row(seen, person, form.kind, number) if form.kind else None
    units = Units.of(seen)
    if request.method == "POST":
        return _write(request, seen, person, form, row, units)
    reading.open_file(scope=seen.scope, code=person.code, at=seen.at)  # the form shows what the file says: logged
    before = form.before(row if row is not None else person) if form.before else {}
    texts = {name: units.words(value) if isinstance(value, Unit) else value for name, value in before.items()}
    texts.setdefault("is_main", form.key == "post-begin")
    return _page(request, seen, person, form, row, units, Written(texts=texts), Written())


def find_writable(seen: Caller, code: str) -> Person:
    """The person, if the visitor may write about him or her.

    :raises NotFound: there is none for this visitor; the attempt is logged.
    """
    found: Person | None = scoping.people(seen.scope, WRITE, day=seen.day).filter(code=code).first()
    if found is None:
        note(by=seen.by, at=seen.at, action="write-refused", subject=f"person:{code[:60]}")
        raise NotFound(pick(f"Không tìm thấy người có mã “{code}”.", f"No person with the code “{code}” was found."))
    return found


def _row(seen: Caller, person: Person, kind: Kind, number: int) -> Any:
    """The fact; a post or seat only in a unit that the visitor may write in.

    :raises NotFound: there is none.
    """
    row: Any = kind.model._default_manager.filter(pk=number, person=person).select_related("person").first()
    placed = row is not None and kind.key in ("post_held", "body_seat")
    if placed and not scoping.units(seen.scope, WRITE, day=seen.day).filter(pk=row.unit_id).exists():
        row = None
    if row is None:
        raise NotFound(pick("Không tìm thấy thông tin này.", "There is no such fact."))
    return row


def _write(request: HttpRequest, seen: Caller, person: Person, form: Form, row: Any, units: Units) -> HttpResponse:
    written = read(form.fields, request.POST, units)
    about = form_documents.read_document(request.POST, units) if form.decision != "none" else Written()
    if form.decision == "required" and not form_documents.is_given(about):
        about.faults["doc_number"] = pick("Việc này phải có văn bản: hãy ghi số văn bản.", "This needs its document.")
    if written.faults or about.faults:
        return _page(request, seen, person, form, row, units, written, about, status=422)
    revision = revision_of(request.POST.get("seen", ""))
    scheme = file_counts.scheme_for(request.POST.get("scheme", ""), seen.day)
    counts = _counts(seen, person, scheme)
    try:
        made = _apply(seen, person, form, row, written, about, revision)
    except Refused as error:
        now = Person.objects.filter(pk=person.pk).values_list("revision", flat=True).first()
        stale = now != revision
        _place_fault(form, written, about, error, stale=stale)
        person.refresh_from_db()
        status = 409 if stale else 422
        return _page(request, seen, person, form, row, units, written, about, status=status)
    person.refresh_from_db()
    _tell(request, seen, form, person, counts, _counts(seen, person, scheme))
    kept = made if made is not None else row
    anchor = f"#{_anchor(kept)}" if kept is not None and form.key != "withdraw" else ""
    return HttpResponseRedirect(
        address(reverse("person", args=[person.code]), scheme=request.POST.get("scheme")) + anchor, status=303
    )


def _apply(seen: Caller, person: Person, form: Form, row: Any, written: Written, about: Written, revision: int) -> Any:
    """Register the document where it is new and call the service, in one change.

    :raises Refused: the register refuses, or the document has a fault; then nothing is written.
    """
    with (
        explained(who=named(person), row=row),
        change(by=seen.by, at=seen.at, action=f"file.{form.key}", subject=f"person:{person.code}"),
    ):
        document: Document | None = None
        if form_documents.is_given(about):
            document = form_documents.find_or_register(seen, about)
            if about.faults:
                raise Refused(pick("Văn bản có chỗ cần sửa.", "The document has a fault."))
        return form.apply(Given(person, row, written.values, document, seen.by, seen.at, revision))


def _place_fault(form: Form, written: Written, about: Written, error: Refused, *, stale: bool) -> None:
    """Put a refusal at the field that it is about, else above the form."""
    if about.faults:
        return
    column = next((one.column for one in error.findings if one.column), "") or ""
    own = {one.name for one in form.fields}
    name = column if column in own else _AT_FIELD.get(column, "")
    if stale or (name not in own and name != "doc_number"):
        name = ""
    (about if name == "doc_number" else written).faults[name] = error.message


def _page(
    request: HttpRequest,
    seen: Caller,
    person: Person,
    form: Form,
    row: Any,
    units: Units,
    written: Written,
    about: Written,
    status: int = 200,
) -> HttpResponse:
    shown = form.kind.titled(_values(row), lambda unit, day: "") if form.kind and row is not None else ""
    faults = [(name, text) for name, text in (*written.faults.items(), *about.faults.items())]
    has_units = any(one.kind == "unit" for one in form.fields)
    return show(
        request, "people/fact_form.html", here="people", status=status, person_code=person.code,
        person_name=person.full_name, form=form, revision=person.revision, fact=shown.strip(" ,–→:"),
        days=_days(row), written=written, about=about, faults=faults, document_fields=form_documents.FIELDS,
        documents=form_documents.suggested(seen) if form.decision != "none" else (),
        units=units.listed if has_units else (), scheme=request.GET.get("scheme", request.POST.get("scheme", "")),
    )  # fmt: skip


def _values(row: Any) -> Mapping[str, Any]:
    return {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _days(row: Any) -> str:
    start = getattr(row, "valid_from", None) or getattr(row, "awarded_on", None)
    return print_day(start) if start else ""


def _anchor(row: Any) -> str:
    return f"{re.sub(r'(?<!^)(?=[A-Z])', '_', type(row).__name__).lower()}-{row.pk}"


def revision_of(text: str) -> int:
    """The revision that the author looked at; what is none fits no revision."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _counts(seen: Caller, person: Person, scheme: str) -> file_counts.Standing | None:
    if not seen.scope.allows(Permission.INDICATORS_READ):
        return None
    return file_counts.standing_of(person.code, scheme, seen.day)


def _tell(
    request: HttpRequest,
    seen: Caller,
    form: Form,
    person: Person,
    before: file_counts.Standing | None,
    after: file_counts.Standing | None,
) -> None:
    """What was written, and which indicators the person now stands otherwise in, with their new figures."""
    messages.success(
        request, pick(f"Đã ghi: {form.vi.lower()}, {named(person)}.", f"Written: {form.en}, {named(person)}.")
    )
    whole = seen.is_unlimited(Permission.INDICATORS_READ)
    for one, _ in file_counts.moved(before, after):
        figure = ""
        if whole:
            figure = f" {print_count(one.numerator)}/{print_count(one.denominator)}"
            figure = pick(f" Chỉ tiêu nay là{figure}.", f" The figure is now{figure}.")
        said = {
            "counted": pick(f"Nay được tính ở “{one.label}”.", f"Now counted in “{one.label}”."),
            "lacking": pick(f"Nay còn thiếu ở “{one.label}”.", f"Now lacking in “{one.label}”."),
            "unknown": pick(f"Nay chưa rõ ở “{one.label}”.", f"Not known now in “{one.label}”."),
        }[one.state]
        messages.info(request, said + figure)
