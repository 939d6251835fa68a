"""The addresses of this area."""

from django.urls import path

from canbo.web.style import views

urlpatterns = [
    path("style", views.style, name="style"),
    path("style/themes.css", views.themes, name="style_themes"),
]
