"""The addresses of the tests of signing in: the library's pages and one page that tells who is asking."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def _who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.user.get_username())


urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("who/", _who),
    path("api/who", _who),
    path("", include("canbo.web.urls")),
]
