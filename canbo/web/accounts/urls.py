"""The addresses of this area."""

from django.urls import path

from canbo.web.accounts import administration, log, own

urlpatterns = [
    path("accounts", administration.accounts, name="accounts"),
    path("accounts/new", administration.new_account, name="account_new"),
    path("accounts/units", administration.units, name="account_units"),
    path("accounts/of/<str:name>", administration.account, name="account"),
    path("accounts/of/<str:name>/<str:deed>", administration.act, name="account_act"),
    path("log", log.log, name="log"),
    path("my-account", own.own_account, name="own_account"),
    path("my-account/end-other-sessions", own.end_other_sessions, name="end_other_sessions"),
]
