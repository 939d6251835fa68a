"""The addresses of files: reading one, recording changes, the own file. They stand after those of lists."""

from django.urls import path

from canbo.web.people import curriculum, entering, files, own, portraits, requests

urlpatterns = [
    path("people/requests", requests.listed, name="correction_requests"),
    path("people/requests/<int:number>", requests.answered, name="correction_answer"),
    path("people/<str:code>", files.person, name="person"),
    path("people/<str:code>/photo", portraits.photo, name="person_photo"),
    path("people/<str:code>/2c.<str:form>", curriculum.curriculum, name="person_curriculum"),
    path("people/<str:code>/change/<str:what>", entering.record, name="person_change"),
    path("people/<str:code>/change/<str:what>/<str:kind>/<int:number>", entering.record, name="person_change_fact"),
    path("my-file", own.own_file, name="own_file"),
]
