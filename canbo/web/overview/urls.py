"""The addresses of this area."""

from django.urls import path

from canbo.web.overview import views

urlpatterns = [
    path("overview", views.overview, name="overview"),
]
