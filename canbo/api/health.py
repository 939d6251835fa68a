"""``/health``: whether the house can be used, for whoever watches the server. Nothing about anybody, no sign-in."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from canbo.accounts.sessions import moment_of
from canbo.audit.health import health


@require_safe
def show(request: HttpRequest) -> JsonResponse:
    """``ok`` (200), ``degraded`` (200: a backup is old), or ``down`` (503: database, migrations or clock)."""
    found = health(at=moment_of(request))
    status = "down" if not found.well else "degraded" if found.warnings else "ok"
    code = 503 if status == "down" else 200
    return JsonResponse({"status": status}, status=code, headers={"Cache-Control": "no-store"})
