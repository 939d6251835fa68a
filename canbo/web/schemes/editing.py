"""The form of one indicator: checked while it is written, saved as a version of its scheme."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.datasets.dictionary import dictionary
from canbo.measure.scheme import Scheme
from canbo.register import schemes
from canbo.register.models import EditedScheme
from canbo.register.reading import NotFound
from canbo.web.frame import show
from canbo.web.schemes import checking, forms
from canbo.web.schemes.checking import Checked, Fault
from canbo.web.schemes.conditions import codes_of, fields_of, signs_of
from canbo.web.schemes.days import full_day
from canbo.web.schemes.forms import Condition, Form
from canbo.web.schemes.texts import without_indicator
from canbo.web.schemes.views import WRITE
from canbo.web.visitors import page, visitor


@page(*WRITE, whole=True)
def indicator(request: HttpRequest, scheme: str, indicator: str = "") -> HttpResponse:
    """One indicator of an edited scheme, or a new one. Nothing is written until it is saved without a fault."""
    edited = schemes.find_edited(scheme)
    last = schemes.last_version(edited)
    read = schemes.scheme_of(last)
    before = _values(last.text, edited.code, indicator)
    action = request.POST.get("action", "") if request.method == "POST" else ""
    form = _form(request, before, read, action)
    day = full_day(request.POST.get("day", "")) or visitor(request).day
    fault: Refused | None = None
    if action == "remove" and indicator:
        fault = _saved(request, edited, without_indicator(last.text, indicator))
    checked = checking.check(form, before, last.text, read, day, base=read)
    if action == "save" and checked.text is not None:
        fault = _saved(request, edited, checked.text)
    if action in ("save", "remove") and fault is None and (action == "remove" or checked.text is not None):
        return _see(reverse("draft", args=[scheme]))
    failed = action in ("save", "remove")
    return show(
        request,
        "schemes/indicator_form.html",
        here="schemes",
        status=422 if failed else 200,
        edited=edited,
        scheme=read,
        seen=request.POST.get("seen", last.number),
        indicator=indicator,
        form=form,
        why=request.POST.get("why", ""),
        day=day,
        checked=checked,
        faults=_told(checked, fault) if failed else [],
        shows_faults=request.method == "POST",
        by_field=_by_field(checked, form, action) if request.method == "POST" else {},
        fault=fault,
        **_choices(form, read),
    )


def _form(request: HttpRequest, before: Mapping[str, Any], scheme: Scheme, action: str) -> Form:
    if request.method != "POST":
        return forms.of_values(before, scheme)
    form = forms.of_request(request, scheme)
    return forms.changed(form, action, scheme)


def _values(text: str, name: str, indicator: str) -> dict[str, Any]:
    """The indicator as the text has it; empty for a new one.

    :raises NotFound: the text has none of the id.
    """
    if not indicator:
        return {}
    found = schemes.values_of(text, name).get("indicators") or []
    for one in found:
        if isinstance(one, dict) and str(one.get("id")) == indicator:
            return one
    raise NotFound(pick("Không có chỉ tiêu này.", "There is no such indicator."))


def _saved(request: HttpRequest, edited: EditedScheme, text: str) -> Refused | None:
    """Save a version; what refused it, or nothing."""
    who, seen = visitor(request), request.POST.get("seen", "")
    try:
        version = schemes.save(
            edited, text, why=request.POST.get("why", ""), seen=int(seen) if seen.isdigit() else 0, by=who.by, at=who.at
        )
    except Refused as refused:
        return refused
    messages.success(request, pick(f"Đã ghi bản {version.number}.", f"Version {version.number} is saved."), "met")
    return None


def _by_field(checked: Checked, form: Form, action: str) -> dict[str, str]:
    """The first fault of each field; and that SQL says more than comparisons can, where that was asked for."""
    found = {one.field: one.message for one in reversed(checked.faults)}
    for prefix, condition in (("s", form.satisfies), ("w", form.where)):
        if action == f"build-{prefix}" and condition.mode == "sql":
            found[f"{prefix}-sql"] = pick(
                "Điều kiện này nói nhiều hơn các ô chọn trường có thể nói, nên giữ dạng SQL.",
                "This condition says more than fields and comparisons can, so it stays as SQL.",
            )
    return found


def _told(checked: Checked, fault: Refused | None) -> list[tuple[str, str]]:
    """What stands above the form that came back: field and sentence."""
    faults = list(checked.faults)
    if fault is not None:
        faults += [Fault(one.column if one.column == "why" else "", one.message, one.row) for one in fault.findings]
        faults += [] if fault.findings else [Fault("", fault.message)]
    return [(one.field, _at(one)) for one in faults]


def _at(fault: Fault) -> str:
    return (
        pick(f"Dòng {fault.line}: {fault.message}", f"Line {fault.line}: {fault.message}")
        if fault.line
        else fault.message
    )


def _choices(form: Form, scheme: Scheme) -> dict[str, Any]:
    dataset = form.dataset(scheme)
    groups = [(one.id, one.label) for one in scheme.populations.values()]
    tables = [
        (f"of:{name}", pick(f"Cả bảng “{one.title}”", f"All of “{one.title}”")) for name, one in dictionary().items()
    ]
    return {
        "dataset": dataset,
        "groups": [*groups, *tables],
        "objectives": [(one.id, f"{one.id}: {one.text[:90]}") for one in scheme.objectives],
        "measures": forms.measures(),
        "fields": fields_of(dataset),
        "signs": {name: signs_of(dataset, name) for name in _named(form)},
        "codes": {name: codes_of(dataset, name) for name in _named(form)},
    }


def _named(form: Form) -> set[str]:
    conditions: tuple[Condition, ...] = (form.satisfies, form.where)
    return {term.column for one in conditions for term in one.built.terms}


def _see(where: str) -> HttpResponse:
    response = HttpResponseRedirect(where)
    response.status_code = 303
    return response
