"""The addresses of this area."""

from django.urls import path

from canbo.web.people import views

urlpatterns = [
    path("people", views.people, name="people"),
    path("my-file", views.own_file, name="own_file"),
]
