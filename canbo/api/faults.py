"""What the API answers where it cannot do what was asked: one form, ``{message, findings}``, with the right status."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.register.reading import NotFound

STATUSES = frozenset({400, 401, 403, 404, 409, 422, 429})
"""What any operation may answer besides its result."""


class FindingShown(Schema):
    """A finding with the keys of the published format."""

    severity: str
    code: str
    message: str
    suggestion: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None


class Fault(Schema):
    """What is wrong, where, and what to do."""

    message: str
    findings: list[FindingShown]


class Denied(Exception):
    """The request is refused for a reason other than its content; ``status`` says which."""

    def __init__(self, status: int, message: str, *, wait: int | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.wait = status, message, wait


def forbidden(message: str | None = None) -> Denied:
    """The account has no right to do this, whatever it names."""
    return Denied(
        403,
        message
        or pick(
            "Tài khoản hoặc mã truy cập không có quyền này. Nhờ quản trị viên giao nhiệm vụ phù hợp.",
            "The account or token does not have this right. Ask an administrator for the mandate.",
        ),
    )


def not_found(what: str, name: object) -> NotFound:
    """Missing, or outside the mandate: nobody learns which."""
    return NotFound(pick(f"Không tìm thấy {what} “{name}”.", f"“{name}” was not found."))


def answers(success: Any, status: int = 200) -> dict[Any, Any]:
    """The responses of an operation."""
    return {status: success, STATUSES: Fault}


def shown(message: str, findings: Sequence[Finding] = ()) -> dict[str, Any]:
    """The body of a fault."""
    return {"message": message, "findings": [finding.as_json() for finding in findings]}


def connect(api: NinjaAPI) -> None:
    """Answer the errors of all operations in the one form."""

    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        status = 404 if isinstance(error, NotFound) else 422
        return api.create_response(request, shown(error.message, error.findings), status=status)

    def denied(request: HttpRequest, error: Denied) -> HttpResponse:
        response = api.create_response(request, shown(error.message), status=error.status)
        if error.wait is not None:
            response["Retry-After"] = str(error.wait)
        return response

    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        findings = [_finding(one) for one in error.errors]
        message = pick(
            "Yêu cầu có mục chưa đúng: " + "; ".join(one.message for one in findings),
            "The request has wrong fields: " + "; ".join(one.message for one in findings),
        )
        return api.create_response(request, shown(message, findings), status=422)

    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        message = pick(
            "Chưa đăng nhập, hoặc mã truy cập sai, đã hết hạn hay đã bị thu hồi.",
            "Not signed in, or the token is wrong, expired or revoked.",
        )
        response = api.create_response(request, shown(message), status=401)
        response["WWW-Authenticate"] = "Bearer"
        return response

    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        message = pick("Không đọc được nội dung của yêu cầu.", "The request's body cannot be read.")
        return api.create_response(request, shown(message), status=error.status_code)

    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return api.create_response(request, shown(pick("Không tìm thấy.", "Not found.")), status=404)

    def failed(request: HttpRequest, error: Exception) -> HttpResponse:
        # Only the type: the text of an error may hold what somebody entered.
        logging.getLogger("canbo.api").error("failed", exc_info=error)
        message = pick(
            "Hệ thống gặp lỗi và chưa ghi gì. Hãy báo quản trị viên kèm giờ xảy ra.",
            "The system failed; nothing was written. Tell the administrator when it happened.",
        )
        return api.create_response(request, shown(message), status=500)

    handlers: Mapping[type[Exception], Any] = {
        Refused: refused,
        Denied: denied,
        ValidationError: invalid,
        AuthenticationError: unknown,
        HttpError: other,
        Http404: missing,
        Exception: failed,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _finding(error: Mapping[str, Any]) -> Finding:
    """One wrong field in words; what was sent is never repeated."""
    field = ".".join(str(part) for part in error["loc"][1:] if part not in ("data", "filters"))[:80]
    field = field.encode("utf-8", "replace").decode().replace("\x00", "")
    kind, context = str(error["type"]), error.get("ctx") or {}
    return Finding("error", kind, f"{field or '?'}: {_sentence(kind, context)}", column=field or None)


def _sentence(kind: str, context: Mapping[str, Any]) -> str:
    fixed = {
        "missing": pick("chưa có", "is missing"),
        "extra_forbidden": pick("không có mục này", "is not known"),
        "bad_text": pick("có ký tự không dùng được", "has characters that cannot be used"),
        "bad_day": pick("phải là ngày từ 1900 đến 2200", "must be a day from 1900 to 2200"),
    }
    if kind in fixed:
        return fixed[kind]
    if kind.startswith(("moment", "datetime", "timezone")):
        return pick(
            "phải là một thời điểm có múi giờ, viết như 2025-12-31T17:00:00Z (dấu + trong địa chỉ viết là %2B)",
            "must be a moment with its zone, written like 2025-12-31T17:00:00Z (a + in an address is written %2B)",
        )
    if kind.startswith("date"):
        return pick("phải là một ngày, viết như 2025-12-31", "must be a day, written like 2025-12-31")
    if kind.startswith(("int", "float", "decimal")):
        return pick("phải là số", "must be a number")
    if kind.startswith("bool"):
        return pick("phải là true hoặc false", "must be true or false")
    bounds = {
        "ge": pick("nhỏ nhất là {0}", "is at least {0}"),
        "le": pick("lớn nhất là {0}", "is at most {0}"),
        "max_length": pick("dài nhất {0} ký tự", "has at most {0} characters"),
        "min_length": pick("ngắn nhất {0} ký tự", "has at least {0} characters"),
        "expected": pick("chỉ nhận {0}", "is one of {0}"),
    }
    for key, sentence in bounds.items():
        if key in context:
            return sentence.format(context[key])
    return pick("không đúng dạng", "has the wrong form")
