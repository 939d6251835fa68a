"""The addresses of this area."""

from django.urls import path

from canbo.web.help import views

urlpatterns = [
    path("help", views.help, name="help"),
]
