"""Schemes: the library, one scheme, editing."""

from django.http import HttpRequest, HttpResponse

from canbo.web.frame import show
from canbo.web.visitors import page


@page()
def schemes(request: HttpRequest) -> HttpResponse:
    """To be written."""
    return show(request, "site/missing.html", here="schemes")
