"""The addresses of imports: the list, the drafts on their way, and each import that was made."""

from django.urls import path

from canbo.web.imports import corrections, steps, views

_DRAFT = "imports/drafts/<str:name>"
urlpatterns = [
    path("imports", views.imports, name="imports"),
    path("imports/template", views.template, name="import_template"),
    path("imports/<int:number>", views.one, name="import"),
    path("imports/<int:number>/undo", views.undo_import, name="import_undo"),
    path(_DRAFT, steps.draft, name="import_draft"),
    path(f"{_DRAFT}/state", steps.state, name="import_state"),
    path(f"{_DRAFT}/sheets", steps.choose_dataset, name="import_sheet"),
    path(f"{_DRAFT}/columns", steps.choose_columns, name="import_columns"),
    path(f"{_DRAFT}/check", steps.check_again, name="import_check"),
    path(f"{_DRAFT}/apply", steps.apply, name="import_apply"),
    path(f"{_DRAFT}/remove", steps.remove, name="import_remove"),
    path(f"{_DRAFT}/faults.xlsx", corrections.download, name="import_faults"),
    path(f"{_DRAFT}/rows/<int:sheet>/<int:row>", corrections.row, name="import_row"),
    path(f"{_DRAFT}/cells", corrections.correct, name="import_cells"),
    path(f"{_DRAFT}/alike", corrections.correct_alike, name="import_alike"),
    path(f"{_DRAFT}/back", corrections.take_back, name="import_back"),
]
