"""The addresses of the house."""

from django.urls import URLPattern, URLResolver, include, path

from canbo.api import health
from canbo.api.app import api

handler400 = "canbo.web.errors.bad_request"
handler403 = "canbo.web.errors.forbidden"
handler404 = "canbo.web.errors.missing"
handler500 = "canbo.web.errors.failed"
urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    path("health", health.show),
    path("account/", include("allauth.urls")),  # sign-in, second factor, OIDC
    path("", include("canbo.web.urls")),
]
