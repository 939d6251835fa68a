"""The addresses of the house."""

from django.urls import URLPattern, URLResolver, include, path

from canbo.api import health
from canbo.api.app import api

handler400 = "canbo.api.faults.bad_request"
urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    path("health", health.show),
    path("account/", include("allauth.urls")),  # sign-in, second factor, OIDC
]
