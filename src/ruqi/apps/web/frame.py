"""What every page's frame needs: the reader's language and theme, and the pages open to them."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from ruqi.adapters.postgres import shelf
from ruqi.apps.web.sign_in import held
from ruqi.apps.web.words import tongue
from ruqi.services.access import Right

THEMES = ("auto", "light", "dark")
# The menu: groups of pages, each with the right that opens it. Pages of a run need its id.
MENU: tuple[tuple[str, tuple[tuple[str, Right], ...]], ...] = (
    ("day", (("overview", Right.OVERVIEW), ("worklist", Right.WORKLIST))),
    ("book", (("portfolio", Right.PORTFOLIO), ("models", Right.MODELS), ("data", Right.PORTFOLIO))),
    ("rules", (("law", Right.LAW), ("definitions", Right.DEFINITIONS))),
    ("desk", (("books", Right.BOOKS), ("people", Right.PEOPLE))),
)
BELOW = {
    "worklist": ("account", "assign", "dialler"),
    "books": ("book", "mapping", "mapping_text", "discard"),
}
WITHOUT_RUN = ("books", "people")
LANDING = ("start", "overview", "worklist", "books")  # where one lands after signing in


def frame(request: HttpRequest) -> dict[str, Any]:
    """The frame's part of a template's context."""
    match = getattr(request, "resolver_match", None)
    run_id = match.kwargs.get("run_id") if match else None
    if run_id is None and held(request):
        run_id = shelf.newest()  # so that every page leads on
    theme = request.COOKIES.get("theme", "")
    return {
        "lang": "zh-Hans" if tongue() == "zh" else "en",
        "tongue": tongue(),
        "theme": theme if theme in THEMES else THEMES[0],
        "themes": THEMES,
        "menu": _menu(held(request), run_id, match.url_name if match else ""),
        "at_run": run_id,
        "no_password": match is not None and match.url_name in LANDING and _no_password(request),
        "find_at": f"{reverse('find')}?run={'' if run_id is None else run_id}",
        "here": request.get_full_path() if request.method == "GET" else "/",
    }


def _no_password(request: HttpRequest) -> bool:
    """Whether who asks came by a link and could not come back without another one."""
    return request.user.is_authenticated and not request.user.has_usable_password()


def _menu(
    rights: frozenset[Right], run_id: int | None, current: str | None
) -> list[dict[str, Any]]:
    groups = []
    for name, pages in MENU:
        open_pages = [
            {
                "name": f"page.{page}",
                "href": reverse(page, kwargs={} if page in WITHOUT_RUN else {"run_id": run_id}),
                "current": page == current or current in BELOW.get(page, ()),
            }
            for page, right in pages
            if right in rights and (page in WITHOUT_RUN or run_id is not None)
        ]
        if open_pages:
            groups.append({"name": f"group.{name}", "pages": open_pages})
    return groups
