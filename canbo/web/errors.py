"""What is answered where a page cannot be shown. Requests to the API are answered in the API's own form."""

import logging

from django.http import HttpRequest, HttpResponse, JsonResponse

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register.reading import NotFound
from canbo.web.frame import refuse, show
from canbo.web.middleware import Handler

Answer = HttpResponse


def bad_request(request: HttpRequest, exception: Exception) -> Answer:
    """Django's own refusal, as of a request for another host; plain text, for nothing of the request can be trusted."""
    message = pick(
        "Máy chủ không nhận yêu cầu này: địa chỉ hoặc phần đầu của yêu cầu không đúng.",
        "The server does not take this request: its address or its head is wrong.",
    )
    if _is_api(request):
        return JsonResponse({"message": message, "findings": []}, status=400)
    return HttpResponse(message, status=400, content_type="text/plain; charset=utf-8")


def forbidden(request: HttpRequest, exception: Exception) -> Answer:
    """Refused by Django itself."""
    return refuse(
        request,
        pick("Tài khoản không có quyền làm việc này.", "The account may not do this."),
        status=403,
    )


def forged(request: HttpRequest, reason: str = "") -> Answer:
    """A form without its token: an old page, or another site's."""
    return refuse(
        request,
        pick(
            "Trang đã mở quá lâu hoặc đã đăng nhập lại ở cửa sổ khác, nên chưa ghi gì. Hãy tải lại trang rồi làm lại.",
            "The page was open too long, or you signed in anew elsewhere; nothing was written. Reload and try again.",
        ),
        status=403,
    )


def missing(request: HttpRequest, exception: Exception) -> Answer:
    """No such page, or none for this account: nobody learns which."""
    if _is_api(request):
        return JsonResponse({"message": pick("Không tìm thấy.", "Not found."), "findings": []}, status=404)
    return show(request, "site/missing.html", status=404)


def failed(request: HttpRequest) -> Answer:
    """A fault of the program. What went wrong is in the log of the server, without personal data."""
    message = pick(
        "Hệ thống gặp lỗi và chưa ghi gì. Hãy báo quản trị viên kèm giờ xảy ra.",
        "The system failed; nothing was written. Tell the administrator when it happened.",
    )
    if _is_api(request):
        return JsonResponse({"message": message, "findings": []}, status=500)
    try:
        return refuse(request, message, status=500)
    except Exception:  # the frame itself may be what fails
        logging.getLogger("canbo.web").exception("failed")
        return HttpResponse(message, status=500, content_type="text/plain; charset=utf-8")


class Refusals:
    """Middleware: a refusal of the register becomes a page that says it, wherever the view did not place it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> Answer | None:
        """Called where a view raised."""
        if not isinstance(exception, Refused) or _is_api(request):
            return None
        if isinstance(exception, NotFound):
            return missing(request, exception)
        return refuse(request, exception.message, findings=tuple(exception.findings))


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
