"""The addresses of this area. The page of an indicator, /schemes/<scheme>/<indicator>, belongs to the overview."""

from django.urls import path

from canbo.web.schemes import cascades, comparing, drafts, editing, notmet, views

urlpatterns = [
    path("schemes", views.schemes, name="schemes"),
    path("schemes/<str:scheme>.yaml", views.download, name="scheme_file"),
    path("schemes/<str:scheme>", views.scheme, name="scheme"),
    path("not-met/<str:scheme>", notmet.not_met, name="not_met"),
    path("not-met/<str:scheme>/<str:indicator>", notmet.entry, name="not_met_entry"),
    path("cascade/<str:scheme>", cascades.cascade, name="cascade"),
    path("cascade/<str:scheme>/<str:indicator>", cascades.one, name="cascade_indicator"),
    path("drafts", drafts.upload, name="scheme_upload"),
    path("drafts/<str:scheme>", drafts.draft, name="draft"),
    path("drafts/<str:scheme>/copy", drafts.copy, name="scheme_copy"),
    path("drafts/<str:scheme>/text", drafts.text, name="draft_text"),
    path("drafts/<str:scheme>/activate", drafts.activate, name="draft_activate"),
    path("drafts/<str:scheme>/compare", comparing.compare, name="draft_compare"),
    path("drafts/<str:scheme>/versions/<int:number>.yaml", drafts.version_file, name="draft_file"),
    path("drafts/<str:scheme>/indicators", editing.indicator, name="draft_new"),
    path("drafts/<str:scheme>/indicators/<str:indicator>", editing.indicator, name="draft_indicator"),
]
