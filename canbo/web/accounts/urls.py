"""The addresses of this area."""

from django.urls import path

from canbo.web.accounts import views

urlpatterns = [
    path("accounts", views.accounts, name="accounts"),
    path("log", views.log, name="log"),
    path("my-account", views.own_account, name="own_account"),
]
