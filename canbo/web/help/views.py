"""Help where the work is."""

from django.http import HttpRequest, HttpResponse

from canbo.web.frame import show
from canbo.web.visitors import page


@page()
def help(request: HttpRequest) -> HttpResponse:
    """To be written."""
    return show(request, "site/missing.html", here="help")
