"""The guide, the glossary, and the steps of the tour."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from canbo.accounts.demo import is_demonstration
from canbo.web import tour
from canbo.web.frame import show
from canbo.web.help import guide, terms
from canbo.web.visitors import page, visitor


@page()
def help(request: HttpRequest) -> HttpResponse:
    """The officer's guide: the parts that the account may open first."""
    scope = visitor(request).scope
    told = sorted(guide.parts(scope), key=lambda part: not part.href)
    return show(
        request, "help/guide.html", here="help", first=guide.first_things(scope), parts=told, toured=is_demonstration()
    )


@page()
def glossary(request: HttpRequest) -> HttpResponse:
    """The words of the pages, each with what it means."""
    return show(request, "help/terms.html", here="help", groups=terms.groups())


@page()
def tour_step(request: HttpRequest, number: int) -> HttpResponse:
    """One step, to be read before its page is opened."""
    found = tour.steps()
    if not is_demonstration() or not 1 <= number <= len(found):
        raise Http404
    step = found[number - 1]
    allowed = visitor(request).scope.allows(step.needs)
    return show(request, "help/tour.html", here="help", step=step, steps=found, allowed=allowed)


@require_POST
@page()
def end_tour(request: HttpRequest) -> HttpResponse:
    """Not offered to this account again; back to its first page."""
    response = redirect("home", permanent=False)
    tour.decline(response, visitor(request).by, secure=request.is_secure())
    return response
