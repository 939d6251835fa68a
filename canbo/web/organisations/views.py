"""Units: the tree, a unit, reorganisation."""

from django.http import HttpRequest, HttpResponse

from canbo.web.frame import show
from canbo.web.visitors import page


@page()
def organisations(request: HttpRequest) -> HttpResponse:
    """To be written."""
    return show(request, "site/missing.html", here="organisations")
