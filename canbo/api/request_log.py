"""One line of the log for each request: method, route, status, time. The route is the pattern, not the address."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_LOGGER = logging.getLogger("canbo.requests")


class RequestLog:
    """Stands first among the middleware, so that it measures all of a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        _LOGGER.info(
            "request",
            extra={
                "method": request.method if request.method in _METHODS else "other",
                "route": match.route if match else "unknown",
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - began) * 1000, 1),
            },
        )
        return response


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
