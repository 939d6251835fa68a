"""The addresses of this area."""

from django.urls import path

from canbo.web.organisations import views

urlpatterns = [
    path("organisations", views.organisations, name="organisations"),
]
