"""An OpenID provider for tests: one client, one person signed in, all endpoints over HTTP. Can be told to misbehave.

Written after OpenID Connect Core 1.0 (code flow), Discovery 1.0 and RFC 7636 (PKCE), not after the product.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "canbo-tests", "một bí mật"


def make_key() -> rsa.RSAPrivateKey:
    """A key to sign with."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """The service. ``claims`` are those of the ID token, ``told`` those of userinfo; both may be made wrong.

    ``drop``: claims left out. ``signer``, ``algorithm``, ``key_id``: how the ID token is signed.
    """

    def __init__(self) -> None:
        self.key = make_key()
        self.signer: Any = self.key
        self.algorithm, self.key_id = "RS256", "k1"
        self.claims: dict[str, Any] = {"sub": "1001", "preferred_username": "an"}
        self.told: dict[str, Any] = {"sub": "1001"}
        self.drop: set[str] = set()
        self.config: dict[str, Any] = {}
        self.denies = False
        self.asked: list[dict[str, str]] = []  # what browsers came with
        self.visits: list[str] = []  # paths that the product itself asked for
        self._codes: dict[str, dict[str, str]] = {}
        self._tokens: set[str] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> "Provider":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The issuer."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, method: str, path: str, given: dict[str, str], bearer: str) -> tuple[int, dict[str, Any] | str]:
        """Status and JSON, or the address of a redirection."""
        self.visits.append(path)
        if path == "/.well-known/openid-configuration":
            return 200, self._configuration()
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return 200, {"keys": [{**public, "kid": "k1", "use": "sig", "alg": "RS256"}]}
        if path == "/authorize":
            return 302, self._authorize(given)
        if path == "/token" and method == "POST":
            return self._exchange(given)
        if path == "/userinfo" and bearer in self._tokens:
            return 200, self.told
        return 401, {"error": "invalid_request"}

    def _configuration(self) -> dict[str, Any]:
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
        found = {name: f"{self.url}/{path}" for name, path in paths.items()}
        methods = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
        return {"issuer": self.url, "jwks_uri": f"{self.url}/keys", **found, **methods, **self.config}

    def _authorize(self, given: dict[str, str]) -> str:
        self.asked.append(given)
        if self.denies:
            back = {"error": "access_denied", "state": given["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self._codes[code] = given
            back = {"code": code, "state": given["state"]}
        return f"{given['redirect_uri']}?{urlencode(back)}"

    def _exchange(self, given: dict[str, str]) -> tuple[int, dict[str, Any]]:
        asked = self._codes.pop(given.get("code", ""), None)  # good once
        verifier = given.get("code_verifier", "").encode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).rstrip(b"=").decode()
        if (
            asked is None
            or asked["client_id"] != CLIENT
            or (given.get("client_id"), given.get("client_secret")) != (CLIENT, SECRET)
            or given.get("redirect_uri") != asked["redirect_uri"]
            or (asked.get("code_challenge"), asked.get("code_challenge_method")) != (challenge, "S256")
        ):
            return 400, {"error": "invalid_grant"}
        token = secrets.token_urlsafe(16)
        self._tokens.add(token)
        found = {"access_token": token, "token_type": "Bearer", "expires_in": 300, "id_token": self._id_token(asked)}
        return 200, {name: value for name, value in found.items() if name not in self.drop}

    def _id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        own = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked.get("nonce")}
        claims = {name: value for name, value in {**own, **self.claims}.items() if name not in self.drop}
        return jwt.encode(claims, self.signer, algorithm=self.algorithm, headers={"kid": self.key_id})


def _handler_of(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply({})

        def do_POST(self) -> None:
            self._reply(_flat(self.rfile.read(int(self.headers["Content-Length"])).decode()))

        def _reply(self, body: dict[str, str]) -> None:
            address = urlsplit(self.path)
            bearer = str(self.headers.get("Authorization") or "").removeprefix("Bearer ")
            status, said = provider.answer(self.command, address.path, {**_flat(address.query), **body}, bearer)
            data = b"" if isinstance(said, str) else json.dumps(said).encode()
            self.send_response(status)
            if isinstance(said, str):
                self.send_header("Location", said)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Nothing: the tests look at what was asked."""

    return Handler


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
