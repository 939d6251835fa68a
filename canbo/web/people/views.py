"""People: lists, files, entering facts."""

from django.http import HttpRequest, HttpResponse

from canbo.web.frame import show
from canbo.web.visitors import page


@page()
def people(request: HttpRequest) -> HttpResponse:
    """To be written."""
    return show(request, "site/missing.html", here="people")


@page()
def own_file(request: HttpRequest) -> HttpResponse:
    """To be written."""
    return show(request, "site/missing.html", here="own_file")
