"""The addresses of this area."""

from django.urls import path

from canbo.web.overview import downloads, indicators, views

urlpatterns = [
    path("overview", views.overview, name="overview"),
    path("overview/due/<slug:kind>", views.due_list, name="due"),
    path("overview/<str:scheme>/report.<slug:form>", downloads.report, name="report"),
    path("overview/<str:scheme>/<str:indicator>/report.<slug:form>", downloads.report, name="indicator_report"),
    path("schemes/<str:scheme>/<str:indicator>", indicators.indicator, name="indicator"),
]
