"""The portrait of a file: shown to who may read it, changed by who may write it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from canbo.accounts.callers import Caller
from canbo.accounts.permissions import Permission
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register import photos, reading, scoping
from canbo.register.models import Person
from canbo.web.frame import refuse
from canbo.web.people.entering import find_writable, revision_of
from canbo.web.visitors import page, visitor


@require_http_methods(["GET", "POST"])
@page()
def photo(request: HttpRequest, code: str) -> HttpResponse:
    """GET: the picture. POST: another one in its place."""
    seen = visitor(request)
    if request.method == "POST":
        return _keep(request, seen, code)
    found = _shown(seen, code)
    if found is None:
        raise Http404
    media_type, data = found
    return HttpResponse(
        data,
        content_type=media_type,
        headers={
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": "inline",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )


def _shown(seen: Caller, code: str) -> tuple[str, bytes] | None:
    """The picture, where the visitor reads the field that names it. The read of the file was logged with its page."""
    person = Person.objects.filter(code=code, merged_into__isnull=True).first()
    field_class = scoping.readable_class(seen.scope, person, day=seen.day) if person else None
    if person is None or field_class is None:
        raise reading.NotFound(pick("Không tìm thấy ảnh này.", "There is no such picture."))
    if "photo" not in scoping.readable_fields(Person, field_class):
        return None
    return photos.read(person.photo)


def _keep(request: HttpRequest, seen: Caller, code: str) -> HttpResponse:
    if not seen.scope.allows(Permission.PEOPLE_WRITE):
        raise Http404
    person = find_writable(seen, code)
    given = request.FILES.get("photo")
    if given is None:
        return refuse(request, pick("Chưa chọn ảnh. Hãy chọn tệp ảnh rồi lưu.", "No picture was chosen. Choose one."))
    data = given.read(photos.LARGEST + 1)  # one byte too many is enough to be refused
    try:
        photos.keep(person, data=data, by=seen.by, at=seen.at, seen=revision_of(request.POST.get("seen", "")))
    except Refused as error:
        return refuse(request, error.message, findings=error.findings)
    messages.success(request, pick("Đã lưu ảnh.", "The photo is saved."))
    return HttpResponseRedirect(reverse("person", args=[person.code]), status=303)
