"""The first page of each visitor, and the choice of language."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from canbo.accounts.permissions import Permission
from canbo.register.models import Person
from canbo.web.frame import NAVIGATION
from canbo.web.middleware import COOKIE
from canbo.web.visitors import page, visitor

_YEAR = 365 * 24 * 3600


@page()
def home(request: HttpRequest) -> HttpResponse:
    """The first part of the navigation that the account has; its import, as long as there is nobody in the register."""
    scope = visitor(request).scope
    if scope.allows(Permission.IMPORT_APPLY) and not Person.objects.exists():
        return redirect("imports")
    return redirect(next(one.page for one in NAVIGATION if one.needs is None or scope.allows(one.needs)))


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Vietnamese or English from now on, on this browser."""
    wanted = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(wanted if safe else "/")
    chosen = "en" if request.POST.get("language") == "en" else "vi"
    response.set_cookie(COOKIE, chosen, max_age=_YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return response
