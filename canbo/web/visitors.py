"""Who visits a page and what it needs: the check before each view. A page not allowed is not there, and logged."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate

from canbo.accounts.callers import Caller
from canbo.accounts.mandates import scope_of
from canbo.accounts.models import User
from canbo.accounts.permissions import Permission
from canbo.accounts.sessions import moment_of
from canbo.audit.changes import note
from canbo.web.engine import address

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
_LONGEST = 200  # of an address that somebody made up, in the log


def page(*permissions: Permission, whole: bool = False) -> Callable[[View[P]], View[P]]:
    """A view that needs somebody signed in with all of the permissions; ``whole``: over the whole province.

    Who lacks one gets 404 as for a page that does not exist, and the log says so. ``visitor`` tells who it is.
    """

    def guarded(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, /, *given: P.args, **named: P.kwargs) -> HttpResponse:
            if not isinstance(request.user, User):
                return _sent_to_sign_in(request)
            at = moment_of(request)
            found = Caller(scope_of(request.user, localdate(at)), at)
            vars(request)["visitor"] = found
            lacks = not all(found.scope.allows(one) for one in permissions)
            if lacks or (whole and not all(found.is_unlimited(one) for one in permissions)):
                note(by=found.by, at=at, action="page-refused", subject=f"page:{request.path[:_LONGEST]}")
                raise Http404
            return view(request, *given, **named)

        vars(checked)["needs"] = (permissions, whole)
        return checked

    return guarded


def _sent_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; who was signed in before is told that the session ended."""
    ended = "1" if settings.SESSION_COOKIE_NAME in request.COOKIES else ""
    back = request.get_full_path() if request.method == "GET" and "HX-Request" not in request.headers else ""
    target = address(reverse("account_login"), next=back, ended=ended)
    if "HX-Request" in request.headers:  # a part of a page was asked for: the whole page goes
        return HttpResponse(headers={"HX-Redirect": target})
    return redirect(target)


def visitor(request: HttpRequest) -> Caller:
    """Who visits; set by ``page``."""
    found: Caller = vars(request)["visitor"]
    return found
