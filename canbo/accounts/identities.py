"""Identities from the province's own service (OpenID Connect): what of its answers is believed. Signs nobody in.

The sign-in library walks the way there and back, but takes the service's word unproved: it sends no nonce, checks no
signature, and does without an ID token. Here the ID token decides, as OpenID Connect Core 1.0 §3.1.3.7 asks: signed
with a key of the service, from it, for this program, for this very attempt, and not expired.
"""

import hashlib
import hmac
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse
from requests import RequestException

from canbo.installation.identity_service import PROVIDER, is_safe

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures by a key that only the service has: never one of a shared secret, never none."""
CLOCKS_DISAGREE = 60  # seconds that the clocks of service and house may be apart
_WELL_KNOWN = "/.well-known/openid-configuration"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")


class Service(OpenIDConnectOAuth2Adapter):
    """The service during one request."""

    _config: dict[str, Any] | None = None
    _nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the service says of itself.

        :raises OAuth2Error: it is another one than asked for, or has an address that is not safe.
        """
        if self._config is None:
            address = self.get_provider().server_url
            config = _fetch(address)
            if str(config.get("issuer")).rstrip("/") != address.removesuffix(_WELL_KNOWN):
                raise OAuth2Error("another issuer")
            if not set(_ENDPOINTS[:3]) <= set(config):
                raise OAuth2Error("an endpoint is missing")
            if not all(is_safe(str(config[name])) for name in _ENDPOINTS if name in config):
                raise OAuth2Error("an endpoint is not safe")
            self._config = config
        return self._config

    def get_access_token_data(self, request: Any, app: Any, client: Any, pkce_code_verifier: Any = None) -> Any:
        """Exchange the code; the nonce of this attempt is known from here on."""
        self._nonce = _nonce_of(pkce_code_verifier)
        return super().get_access_token_data(request, app, client, pkce_code_verifier=pkce_code_verifier)

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """The access token, used once and never kept."""
        return SocialToken(token=str(data["access_token"]))

    def complete_login(self, request: HttpRequest, app: Any, token: SocialToken, **more: Any) -> Any:
        """The identity that the ID token proves; what it lacks is asked for, and must be of the same one."""
        claims = self._proved(app.client_id, more["response"].get("id_token"))
        needed = {app.settings["claim"]} | ({"email_verified"} if app.settings["claim"] == "email" else set())
        if not needed <= set(claims) and "userinfo_endpoint" in self.openid_config:
            told = _fetch(self.openid_config["userinfo_endpoint"], Authorization=f"Bearer {token.token}")
            if told.get("sub") != claims["sub"]:
                raise OAuth2Error("claims of another identity")
            claims = {**told, **claims}
        return self.get_provider().sociallogin_from_response(request, claims)

    def _proved(self, client: str, token: object) -> dict[str, Any]:
        if not isinstance(token, str):
            raise OAuth2Error("no ID token")
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key(jwt.get_unverified_header(token).get("kid")),
                algorithms=ALGORITHMS,
                audience=client,
                issuer=self.openid_config["issuer"],
                leeway=CLOCKS_DISAGREE,
                options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("ID token refused") from error
        if not hmac.compare_digest(str(claims["nonce"]).encode(), self._nonce.encode()):
            raise OAuth2Error("nonce of another attempt")
        audience = claims["aud"]
        party = claims.get("azp", client if isinstance(audience, str) or len(audience) == 1 else None)
        if party != client:
            raise OAuth2Error("ID token for another program")
        return claims

    def _key(self, number: str | None) -> Any:
        """The service's key of that number; of no number, its only one."""
        keys = jwt.PyJWKSet.from_dict(_fetch(self.openid_config["jwks_uri"])).keys
        found = [one for one in keys if one.public_key_use in (None, "sig") and number in (None, one.key_id)]
        if len(found) != 1:
            raise OAuth2Error("no such key")
        return found[0].key


class Province(OpenIDConnectProvider):
    """The service to the sign-in library."""

    oauth2_adapter_class = Service
    package = "canbo.accounts"  # whose ``urls`` lead to the views below

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Always to sign in: nobody ties another identity to an account, and no link adds to what is asked for."""
        kwargs = super().get_redirect_from_request_kwargs(request)
        return {**kwargs, "process": AuthProcess.LOGIN, "scope": self.get_scope(), "auth_params": {}}

    def get_pkce_params(self) -> dict[str, str]:
        """PKCE and the nonce: it follows from the verifier, which only this browser's session has."""
        params = super().get_pkce_params()
        return {**params, "nonce": _nonce_of(params["code_verifier"])}

    def extract_uid(self, data: dict[str, Any]) -> str:
        """A service gives its number to one person; another service may give the same to another."""
        return hashlib.sha256(f"{data['iss']}\n{data['sub']}".encode()).hexdigest()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is kept: no more than tells which identity it was."""
        return {"iss": data["iss"], "sub": data["sub"], "name": self._name(data)}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing of the account comes from the service."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """Nothing of the account comes from the service."""
        return []

    def _name(self, data: dict[str, Any]) -> str:
        """The name of the account that the identity claims; an address only where the service has proved it."""
        claim = self.app.settings["claim"]
        if claim == "email" and data.get("email_verified") is not True:
            return ""
        return str(data.get(claim) or "").lower()


def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the service."""
    return _through(OAuth2LoginView, request, provider_id)


def finish(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Receive the browser back."""
    return _through(OAuth2CallbackView, request, provider_id)


def _through(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    service = Service(request, provider_id)
    if not get_adapter(request).list_apps(request, provider=PROVIDER) or provider_id != PROVIDER:
        raise Http404
    try:
        response: HttpResponse = view.adapter_view(service)(request)
    except (OAuth2Error, RequestException) as error:
        response = render_authentication_error(request, service.get_provider(), exception=error)
    return response


def _nonce_of(verifier: str) -> str:
    return hashlib.sha256(f"nonce {verifier}".encode()).hexdigest()


def _fetch(address: str, **headers: str) -> dict[str, Any]:
    with get_adapter().get_requests_session() as session:
        response = session.get(address, headers=headers)
        response.raise_for_status()
        found = response.json()
    if not isinstance(found, dict):
        raise OAuth2Error("not an object")
    return found
