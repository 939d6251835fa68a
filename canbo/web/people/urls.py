"""The addresses of this area: of lists before those of files, so that no code of a person hides a list."""

from django.urls import path

from canbo.web.people import comparing, exports, file_urls, lists

urlpatterns = [
    path("people", lists.people, name="people"),
    path("people/units", lists.units, name="people_units"),
    path("people/name", lists.name_list, name="people_name"),
    path("people/forget", lists.forget_list, name="people_forget"),
    path("people/act", exports.act, name="people_act"),
    path("people/compare", comparing.compare, name="people_compare"),
    *file_urls.urlpatterns,
]
