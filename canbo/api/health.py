"""``/health``: whether the house can be used, for whoever watches the server. Nothing about anybody, no sign-in."""

from datetime import datetime

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from canbo.audit.health import health


@require_safe
def show(request: HttpRequest) -> JsonResponse:
    """``ok`` (200), ``degraded`` (200: a backup is old), or ``down`` (503: database, migrations or clock)."""
    at: datetime = request.moment  # type: ignore[attr-defined]
    found = health(at=at)
    status = "down" if not found.well else "degraded" if found.warnings else "ok"
    return JsonResponse({"status": status}, status=503 if status == "down" else 200, headers={"Cache-Control": "no-store"})  # fmt: skip # noqa: E501
