"""Stylesheet, chart script, and the door that a sign-in link opens."""

import sys
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path

from allauth.account.utils import perform_login
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.defaults import server_error

from ruqi.adapters.report.draw import script
from ruqi.adapters.report.style import stylesheet
from ruqi.apps.web import sign_in
from ruqi.apps.web.frame import THEMES
from ruqi.apps.web.words import both

OWN_STYLE = Path(__file__).parent / "static" / "web"
KEYS = ("on", "off")  # single keys: the words of their cookie
A_YEAR_S = 365 * 24 * 60 * 60


def broken(request: HttpRequest) -> HttpResponse:
    """What is said of an error of ours; where the database is away, that."""
    if not isinstance(sys.exc_info()[1], OperationalError):
        return server_error(request)
    return HttpResponse(refused_page(503), status=503, headers={"Retry-After": "5"})


def refused_page(code: int, **parts: str) -> str:
    """A refusal in both languages, for where nobody knows the reader's; asks no database."""
    said = {name: both(f"error.{name}_{code}", **parts) for name in ("title", "says")}
    return render_to_string("web/refused.html", said)


@require_GET
def style(request: HttpRequest) -> HttpResponse:
    """The report's stylesheet, then the desk's own parts, the shared one first."""
    own = sorted(OWN_STYLE.glob("*.css"), key=lambda path: (path.name != "desk.css", path.name))
    text = "".join(path.read_text("utf-8") for path in own)
    return _file(request, stylesheet() + text, "text/css")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme that somebody chose, and go back to where they were."""
    return _kept(request, "theme", THEMES)


@require_POST
def keys(request: HttpRequest) -> HttpResponse:
    """Keep whether single keys act, and go back."""
    return _kept(request, "keys", KEYS)


def _kept(request: HttpRequest, name: str, choices: Collection[str]) -> HttpResponse:
    """A choice as a cookie, and back to where it was made."""
    back = request.POST.get("next", "")
    inside = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = HttpResponseRedirect(back if inside else "/")
    chosen = request.POST.get(name, "")
    if chosen in choices:
        response.set_cookie(name, chosen, max_age=A_YEAR_S, samesite="Lax")
    return response


@require_GET
def charts(request: HttpRequest) -> HttpResponse:
    """The script that draws charts."""
    return _file(request, script(), "text/javascript")


def _file(request: HttpRequest, text: str, kind: str) -> HttpResponse:
    tag = f'"{sha256(text.encode()).hexdigest()[:20]}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)


@sensitive_variables("secret")
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask for one click, then sign in, where there is a second factor by it too.

    A link that is used, old or unknown says so.
    """
    if request.method == "GET" and sign_in.known(secret):
        return render(request, "web/enter.html", {"works": True})
    person = sign_in.redeem(secret) if request.method == "POST" else None
    if person is None:
        return render(request, "web/enter.html", {"works": False}, status=410)
    answer: HttpResponse = perform_login(request, person, redirect_url="/")
    return answer
