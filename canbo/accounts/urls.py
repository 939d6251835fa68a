"""The addresses of signing in through the province's own service, which the sign-in library includes."""

from django.urls import path

from canbo.accounts import identities

urlpatterns = [
    path("oidc/<provider_id>/login/", identities.begin, name="openid_connect_login"),
    path("oidc/<provider_id>/login/callback/", identities.finish, name="openid_connect_callback"),
]
