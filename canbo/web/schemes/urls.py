"""The addresses of this area."""

from django.urls import path

from canbo.web.schemes import views

urlpatterns = [
    path("schemes", views.schemes, name="schemes"),
]
