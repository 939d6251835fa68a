"""The addresses of this area."""

from django.urls import path

from canbo.web.imports import views

urlpatterns = [
    path("imports", views.imports, name="imports"),
]
