"""The addresses of the guide, the glossary and the tour."""

from django.urls import path

from canbo.web.help import views

urlpatterns = [
    path("help", views.help, name="help"),
    path("help/terms", views.glossary, name="help_terms"),
    path("help/tour/end", views.end_tour, name="help_tour_end"),
    path("help/tour/<int:number>", views.tour_step, name="help_tour"),
]
