"""How a page may be asked: HEAD is GET without its body, and what no page knows is told so."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class Methods:
    """Middleware that answers HEAD, and gives a page to refusals that have none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; the server below would send the body of a HEAD, and so the next answer late."""
        only_head = request.method == "HEAD"
        if only_head:
            request.method = "GET"
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            page = render(request, "405.html", status=405)
            page.headers["Allow"] = response.headers["Allow"]
            page.headers["Content-Length"] = str(len(page.content))
            response = page
        if only_head:
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response
