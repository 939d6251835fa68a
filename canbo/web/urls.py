"""The addresses of the pages, area by area."""

from django.urls import include, path

from canbo.web import home

urlpatterns = [
    path("", home.home, name="home"),
    path("language", home.language, name="language"),
    path("", include("canbo.web.style.urls")),
    path("", include("canbo.web.overview.urls")),
    path("", include("canbo.web.schemes.urls")),
    path("", include("canbo.web.people.urls")),
    path("", include("canbo.web.organisations.urls")),
    path("", include("canbo.web.imports.urls")),
    path("", include("canbo.web.accounts.urls")),
    path("", include("canbo.web.help.urls")),
]
