"""Import as a guided path."""

from django.http import HttpRequest, HttpResponse

from canbo.web.frame import show
from canbo.web.visitors import page


@page()
def imports(request: HttpRequest) -> HttpResponse:
    """To be written."""
    return show(request, "site/missing.html", here="imports")
