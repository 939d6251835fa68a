"""The overview and an indicator: targets on a day, down to the names."""

from django.http import HttpRequest, HttpResponse

from canbo.web.frame import show
from canbo.web.visitors import page


@page()
def overview(request: HttpRequest) -> HttpResponse:
    """To be written."""
    return show(request, "site/missing.html", here="overview")
