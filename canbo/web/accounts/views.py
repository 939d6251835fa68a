"""Sign-in, own account, administration of accounts, the log."""

from django.http import HttpRequest, HttpResponse

from canbo.web.frame import show
from canbo.web.visitors import page


@page()
def accounts(request: HttpRequest) -> HttpResponse:
    """To be written."""
    return show(request, "site/missing.html", here="accounts")


@page()
def log(request: HttpRequest) -> HttpResponse:
    """To be written."""
    return show(request, "site/missing.html", here="log")


@page()
def own_account(request: HttpRequest) -> HttpResponse:
    """To be written."""
    return show(request, "site/missing.html", here="own_account")
