"""The addresses of this area. Codes of units may hold a slash, so the page of a unit stands last."""

from django.urls import path

from canbo.web.organisations import changing, reorganising, units, views

urlpatterns = [
    path("organisations", views.organisations, name="organisations"),
    path("units/new", changing.unit_new, name="unit_new"),
    path("units/names", changing.unit_names, name="unit_names"),
    path("units/change/<path:code>", changing.unit_change, name="unit_change"),
    path("units/quota/<path:code>", changing.unit_quota, name="unit_quota"),
    path("units/target/<path:code>", changing.unit_target, name="unit_target"),
    path("units/confirm/<path:code>", changing.unit_confirm, name="unit_confirm"),
    path("reorganisations", reorganising.reorganisations, name="reorganisations"),
    path("reorganisations/new", reorganising.reorganise, name="reorganise"),
    path("reorganisations/<int:number>", reorganising.reorganisation, name="reorganisation"),
    path("reorganisations/<int:number>/undo", reorganising.reorganisation_undo, name="reorganisation_undo"),
    path("organisations/<path:code>", units.unit, name="unit"),
]
