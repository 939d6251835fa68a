"""The province's own identity service (OpenID Connect), as the environment names it; off where it names none."""

import os
from typing import Any
from urllib.parse import urlsplit

from canbo.common.findings import Refused
from canbo.common.language import pick

PROVIDER = "province"
_HERE = ("localhost", "127.0.0.1", "::1")


def identity_services() -> list[dict[str, Any]]:
    """None or one service, in the form of the sign-in library.

    :raises Refused: its address is not safe, or the name of this program at the service is missing.
    """
    url = os.environ.get("CANBO_OIDC_URL", "").rstrip("/")
    if not url:
        return []
    client = os.environ.get("CANBO_OIDC_CLIENT", "")
    if not is_safe(url):
        raise Refused(
            pick(
                f"CANBO_OIDC_URL “{url}” phải bắt đầu bằng https:// (http:// chỉ dùng được cho chính máy này): nếu "
                "không, ai nghe được mạng nội bộ cũng đăng nhập được thay người khác.",
                f"CANBO_OIDC_URL “{url}” must begin with https:// (http:// only for this machine itself): else "
                "whoever listens on the network can sign in as another.",
            )
        )
    if not client:
        raise Refused(
            pick(
                "Có CANBO_OIDC_URL nhưng thiếu CANBO_OIDC_CLIENT: tên của CanBo ở dịch vụ đăng nhập.",
                "There is CANBO_OIDC_URL but no CANBO_OIDC_CLIENT: the name of CanBo at the identity service.",
            )
        )
    return [
        {
            "provider_id": PROVIDER,
            "name": os.environ.get("CANBO_OIDC_NAME", "Đăng nhập một lần"),
            "client_id": client,
            "secret": os.environ.get("CANBO_OIDC_SECRET", ""),
            "settings": {"server_url": url, "claim": os.environ.get("CANBO_OIDC_CLAIM", "preferred_username")},
        }
    ]


def is_safe(url: str) -> bool:
    """Whether what is asked for at an address cannot be read or forged on the way: HTTPS, or no way at all."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
