"""Editing a scheme: copying one, its versions, its whole text, putting it to use. One indicator's form lives beside."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from canbo.audit.changes import change
from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.measure.words import label_of, sentence
from canbo.register import documents, schemes
from canbo.register.models import Document, EditedScheme, SchemeVersion
from canbo.web.frame import show
from canbo.web.schemes.days import full_day
from canbo.web.schemes.documents import document_named, documents_listed
from canbo.web.schemes.notmet import faults_of
from canbo.web.schemes.shown import targets_words
from canbo.web.schemes.views import WRITE, yaml_file
from canbo.web.visitors import page, visitor

_MOST_BYTES = 2_000_000


@dataclass(frozen=True)
class VersionRow:
    """A version in the list."""

    number: int
    moment: object
    by: str
    why: str
    active: str


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator that may be edited."""

    id: str
    label: str
    sentence: str
    target: str


@page(*WRITE, whole=True)
def draft(request: HttpRequest, scheme: str) -> HttpResponse:
    """A scheme that is edited: its indicators, its versions, and what is in use."""
    edited = schemes.find_edited(scheme)
    last = schemes.last_version(edited)
    read = schemes.scheme_of(last)
    return show(
        request,
        "schemes/draft.html",
        here="schemes",
        edited=edited,
        last=last.number,
        scheme=read,
        state=schemes.find_kept(scheme, visitor(request).day),
        indicators=[IndicatorLine(one.id, label_of(one), sentence(one), targets_words(one)) for one in read.indicators],
        versions=_versions(edited),
        documents=documents_listed(),
        **_put_to_use(request, edited),
    )


@page(*WRITE, whole=True)
def activate(request: HttpRequest, scheme: str) -> HttpResponse:
    """Put a version to use from a day, or end its use."""
    edited = schemes.find_edited(scheme)
    if request.method != "POST":
        return _see(reverse("draft", args=[scheme]))
    who = visitor(request)
    try:
        if request.POST.get("action") == "end":
            day = full_day(request.POST.get("last_day", ""))
            if day is None:
                raise _no_day("last_day")
            schemes.end(edited, last_day=day, by=who.by, at=who.at)
        else:
            _activate(request, edited)
    except Refused as refused:
        vars(request)["use_refused"] = refused
        return draft(request, scheme)
    messages.success(request, pick("Đã ghi việc áp dụng đề án.", "The use of the scheme is recorded."), "met")
    return _see(reverse("draft", args=[scheme]))


@page(*WRITE, whole=True)
def copy(request: HttpRequest, scheme: str) -> HttpResponse:
    """Begin an edited scheme with the text of another."""
    who = visitor(request)
    kept = schemes.find_kept(scheme, who.day)
    code, why = request.POST.get("code", "").strip(), request.POST.get("why", "").strip()
    fault: Refused | None = None
    if request.method == "POST":
        try:
            schemes.copy(kept.name, code=code, why=why, day=who.day, by=who.by, at=who.at)
            messages.success(request, pick(f"Đã sao chép thành “{code}”.", f"Copied as “{code}”."), "met")
            return _see(reverse("draft", args=[code]))
        except Refused as refused:
            fault = refused
    return show(
        request,
        "schemes/copy.html",
        here="schemes",
        status=422 if fault else 200,
        kept=kept,
        code=code or _free_code(kept.name, who.day),
        why=why,
        faults=faults_of(fault),
        by_field=dict(faults_of(fault)),
    )


@page(*WRITE, whole=True)
def upload(request: HttpRequest) -> HttpResponse:
    """Take in a YAML file: a new scheme, or the next version of the one that has its id."""
    written = {name: request.POST.get(name, "").strip() for name in ("code", "why")}
    fault: Refused | None = None
    if request.method == "POST":
        try:
            version = _take_in(request, written["code"], written["why"])
            words = pick(f"Đã ghi bản {version.number}.", f"Version {version.number} is saved.")
            messages.success(request, words, "met")
            return _see(reverse("draft", args=[version.scheme.code]))
        except Refused as refused:
            fault = refused
    return show(
        request,
        "schemes/upload.html",
        here="schemes",
        status=422 if fault else 200,
        written=written,
        refused=fault,
        findings=[one for one in (fault.findings if fault else ()) if one.row],
        by_field=dict(faults_of(fault)),
    )


@page(*WRITE, whole=True)
def text(request: HttpRequest, scheme: str) -> HttpResponse:
    """The whole text of a scheme, checked as it is written; saved only without errors."""
    edited = schemes.find_edited(scheme)
    last, who = schemes.last_version(edited), visitor(request)
    written = request.POST.get("text", last.text).replace("\r\n", "\n")
    fault: Refused | None = None
    if request.method == "POST" and request.POST.get("action") == "save":
        seen = request.POST.get("seen", "")
        try:
            saved = schemes.save(
                edited, written, why=request.POST.get("why", ""), seen=int(seen) if seen.isdigit() else 0,
                by=who.by, at=who.at,
            )  # fmt: skip
            messages.success(request, pick(f"Đã ghi bản {saved.number}.", f"Version {saved.number} is saved."), "met")
            return _see(reverse("draft", args=[scheme]))
        except Refused as refused:
            fault = refused
    _, findings = schemes.check(written, edited.code)
    return show(
        request,
        "schemes/text.html",
        here="schemes",
        status=422 if fault else 200,
        edited=edited,
        written=written,
        seen=request.POST.get("seen", last.number),
        why=request.POST.get("why", ""),
        refused=fault,
        errors=[one for one in findings if one.severity == "error"],
        warnings=[one for one in findings if one.severity == "warning"],
    )


@page(*WRITE, whole=True)
def version_file(request: HttpRequest, scheme: str, number: int) -> HttpResponse:
    """The text of one version as a file."""
    edited = schemes.find_edited(scheme)
    return yaml_file(schemes.version_of(edited, number).text, f"{edited.code}-{number}")


def _take_in(request: HttpRequest, code: str, why: str) -> SchemeVersion:
    who = visitor(request)
    content = request.FILES.get("file")
    if content is None or (content.size or 0) > _MOST_BYTES:
        words = pick("Chọn một tệp YAML dưới 2 MB.", "Choose a YAML file under 2 MB.")
        raise Refused(words, [Finding("error", "missing", words, column="file")])
    try:
        written = content.read().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        words = pick("Tệp không phải UTF-8. Hãy lưu lại bằng UTF-8.", "The file is not UTF-8. Save it as UTF-8.")
        raise Refused(words, [Finding("error", "bad_value", words, column="file")]) from error
    own = str(schemes.values_of(written, "de-an").get("id") or "")
    written, code = (schemes.with_id(written, code), code) if code else (written, own)
    edited = EditedScheme.objects.filter(code=code).first()
    if edited is not None:
        last = schemes.last_version(edited).number
        return schemes.save(edited, written, why=why, seen=last, by=who.by, at=who.at)
    _require_readable(written)
    return schemes.begin(written, code=code, why=why, by=who.by, at=who.at)


def _require_readable(written: str) -> None:
    """Say first what is no YAML at all: without it there is no id either."""
    read, findings = schemes.check(written, "de-an")
    if read is None and findings:
        raise Refused(findings[0].message, findings)


def _activate(request: HttpRequest, edited: EditedScheme) -> None:
    who, sent = visitor(request), request.POST
    day = full_day(sent.get("valid_from", ""))
    if day is None:
        raise _no_day("valid_from")
    number = sent.get("version", "")
    version = schemes.version_of(edited, int(number) if number.isdigit() else 0)
    with change(by=who.by, at=who.at, action="scheme.activate", subject=f"scheme:{edited.code}"):
        schemes.activate(version, valid_from=day, document=_document(request), by=who.by, at=who.at)


def _document(request: HttpRequest) -> Document | None:
    """The document chosen, or the one written beside, which is registered."""
    sent, who = request.POST, visitor(request)
    chosen = sent.get("document", "")
    if chosen.isdigit():
        return Document.objects.filter(id=int(chosen), state="issued").first()
    if not sent.get("number", "").strip():
        return None
    issued = full_day(sent.get("issued_on", ""))
    return documents.register(
        number=sent["number"].strip(), kind=sent.get("kind", "").strip(), issuer=sent.get("issuer", "").strip(),
        issued_on=issued, by=who.by, at=who.at,
    )  # fmt: skip


def _no_day(field: str) -> Refused:
    words = pick("Ghi ngày, như 01/01/2026.", "Give the day, as 01/01/2026.")
    return Refused(words, [Finding("error", "missing", words, column=field)])


def _put_to_use(request: HttpRequest, edited: EditedScheme) -> dict[str, Any]:
    refused: Refused | None = vars(request).get("use_refused")
    active = edited.activations.as_of(visitor(request).day).select_related("version", "document").first()
    return {
        "status": 422 if refused else 200,
        "faults": faults_of(refused),
        "by_field": dict(faults_of(refused)),
        "sent": request.POST,
        "active": active,
        "active_document": document_named(active.document) if active else "",
    }


def _versions(edited: EditedScheme) -> list[VersionRow]:
    used: dict[int, list[str]] = {}
    for one in edited.activations.order_by("valid_from"):
        start = f"{one.valid_from:%d/%m/%Y}"
        used.setdefault(one.version_id, []).append(f"{start} – {one.valid_to:%d/%m/%Y}" if one.valid_to else start)
    rows = edited.versions.order_by("-number").values_list("id", "number", "saved_at", "saved_by", "why")
    return [VersionRow(number, at, by, why, ", ".join(used.get(key, []))) for key, number, at, by, why in rows]


def _free_code(name: str, day: date) -> str:
    codes = set(EditedScheme.objects.values_list("code", flat=True))
    wanted = (f"{name}-{day.year}{f'-{n}' if n else ''}" for n in range(len(codes) + 1))
    return next(one for one in wanted if one not in codes)


def _see(where: str) -> HttpResponse:
    response = HttpResponseRedirect(where)
    response.status_code = 303
    return response
