"""The clock of the server: each request has one moment, read once. Nothing below pages, API and commands reads it."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse


class RequestMoment:
    """Gives each request its moment; stands first, so that all that is logged for the request has the same."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        vars(request)["moment"] = datetime.now().astimezone()
        return self.get_response(request)
