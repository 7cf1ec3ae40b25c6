"""The frame of the public pages: language and theme, without a script and without the desk.

Pages are rendered without the request, so nothing of who is signed in, and nothing of a run, can
reach them. The only cookies are the two choices that a reader makes (and, on pages with a form to
post, the one against forged posts).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone, translation

from ruqi.adapters.report.words import NOTHING, Text
from ruqi.apps.web.frame import THEMES
from ruqi.apps.web.words import tongue
from ruqi.primitives.dates import civil_day

ZONE = "Asia/Shanghai"  # the shipped products' own
YEAR_S = 31_536_000
LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)
CHOICES = {"language": LANGUAGES, "theme": THEMES}
COOKIES = {"language": settings.LANGUAGE_COOKIE_NAME, "theme": "theme"}
LONGEST = 64  # characters of what was typed that a page shows again
View = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Field:
    """One thing to type or choose, with what was typed and what is wrong with it."""

    name: str
    label: Text
    value: str = ""
    problem: Text | None = None
    hint: Text = NOTHING
    kind: str = "text"
    choices: tuple[tuple[str, Text], ...] = ()
    examples: tuple[tuple[str, Text], ...] = ()  # of the choices, those that are no offers
    group: Text = NOTHING  # what it belongs to, where several have its label

    @property
    def shown_kind(self) -> str:
        """A date that cannot be read stays on the page as the text that it is."""
        return "text" if self.problem else self.kind

    @property
    def described(self) -> str:
        """The ids of what explains it."""
        parts = (("hint", self.hint.en), ("problem", self.problem))
        return " ".join(f"{self.name}-{part}" for part, there in parts if there)


def today() -> str:
    """The civil day where the shipped products live, ISO 8601."""
    return civil_day(timezone.now(), ZONE).isoformat()


def typed(data: Any, name: str) -> str:
    """What was typed under a name, cut where it is longer than anything that can be meant."""
    return str(data.get(name, "")).replace("\0", "").strip()[:LONGEST]


def chosen(data: Any) -> dict[str, str]:
    """Language and theme as far as `data` chooses one that there is."""
    found = {name: str(data.get(name, "")) for name in CHOICES}
    return {name: value for name, value in found.items() if value in CHOICES[name]}


def remember(response: HttpResponse, choices: dict[str, str]) -> HttpResponse:
    """The response, which asks the browser to keep these choices for a year."""
    for name, value in choices.items():
        response.set_cookie(
            COOKIES[name],
            value,
            max_age=YEAR_S,
            samesite="Lax",
            secure=bool(settings.SESSION_COOKIE_SECURE),
        )
    return response


def public(view: View) -> View:
    """A page for everybody: a choice is kept, and leaves the address again."""

    @wraps(view)
    def inside(request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            if "language" in chosen(request.POST):
                translation.activate(chosen(request.POST)["language"])
            return view(request)
        if not any(name in request.GET for name in CHOICES):
            return view(request)
        rest = request.GET.copy()
        for name in CHOICES:
            rest.pop(name, None)
        address = request.path + (f"?{rest.urlencode()}" if rest else "")
        return remember(HttpResponseRedirect(address), chosen(request.GET))

    return inside


def page(request: HttpRequest, name: str, context: dict[str, Any], form: bool) -> HttpResponse:
    """The page `borrower/<name>.html`; with a `form` that is posted, choices are its buttons."""
    picked = chosen(request.POST) if request.method == "POST" else {}
    theme = picked.get("theme") or request.COOKIES.get("theme", "")
    frame = {
        "lang": "zh-Hans" if tongue() == "zh" else "en",
        "tongue": tongue(),
        "theme": theme if theme in THEMES else THEMES[0],
        "themes": THEMES,
        "page": name,
        "query": request.GET.urlencode(),
        "form": form,
    }
    if form:
        frame["csrf_token"] = get_token(request)
    response = HttpResponse(render_to_string(f"borrower/{name}.html", frame | context))
    return remember(response, picked)
