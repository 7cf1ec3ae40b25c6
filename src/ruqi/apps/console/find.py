"""Everything one may do from here, in one list: the palette on every page, and a page of its own.

Whoever adds a page to the menu finds it here; an act that is no page is one more line of `ACTS`;
a test finds addresses without an entry.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from ruqi.adapters.postgres import saved, shelf, uploads
from ruqi.adapters.report.book import treatment_name
from ruqi.adapters.report.words import NOTHING, Text, same
from ruqi.apps.console.asked import may_open, person_id
from ruqi.apps.console.opened import Opened, opened
from ruqi.apps.web.frame import MENU, THEMES, WITHOUT_RUN
from ruqi.apps.web.sign_in import held
from ruqi.apps.web.views import KEYS
from ruqi.apps.web.words import both
from ruqi.services.access import Right, first_page
from ruqi.services.digits import IDS_MOST, digits
from ruqi.services.work import UNFINISHED, Kind
from ruqi.services.worklist import LONG, ME, NOBODY
from ruqi.treatment.actions import IDS

# Acts on a run that are no page of the menu: the word, the address's name, the right, the place.
ACTS: tuple[tuple[str, str, Right, str], ...] = (
    ("assign.title", "assign", Right.ASSIGN, ""),
    ("dialler.title", "dialler", Right.EXPORT, ""),
    ("dialler.masked_file", "dialled", Right.EXPORT, ""),
    ("find.worklist_csv", "worklist_csv", Right.EXPORT, ""),
    ("find.worklist_xlsx", "worklist_xlsx", Right.EXPORT, ""),
    ("find.measures_csv", "measures_csv", Right.PORTFOLIO, ""),
    ("find.measures_xlsx", "measures_xlsx", Right.PORTFOLIO, ""),
    ("find.measures_parquet", "measures_parquet", Right.PORTFOLIO, ""),
    ("law.ask", "law", Right.LAW, "#ask"),
)
PUBLIC = ("calculator", "planner")  # open to everybody
UPLOADS = 20  # the newest, each with all that may be done to it
LANGUAGES = (("en", "English"), ("zh-hans", "简体中文"))


@dataclass(frozen=True)
class Entry:
    """One thing to do: a place to go to, or a form to post with its fields."""

    name: Text
    href: str
    small: Text = NOTHING
    fields: Sequence[tuple[str, str]] = ()
    posts: bool = False


@dataclass(frozen=True)
class Group:
    """Entries of one kind; `typed` ones are shown only to those who look for something."""

    name: str
    entries: Sequence[Entry]
    typed: bool = False


@login_required
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The list, whole or those entries that hold what is looked for; `part` gives it alone."""
    run = _run(request)
    text = looked_for(request)
    groups = list(_groups(request, run))
    if text:
        groups = [one for one in (_kept(group, text) for group in groups) if one.entries]
    elif "part" not in request.GET:
        groups = [one for one in groups if not one.typed]
    context = {
        "groups": groups,
        "text": text,
        "find_run": "" if run is None else run.id,
        "account_at": _account_at(request, run),
    }
    template = "console/found.html" if "part" in request.GET else "console/find.html"
    return render(request, template, context)


def looked_for(request: HttpRequest) -> str:
    """The text that somebody looks for."""
    return request.GET.get("q", "").replace("\0", "").strip()[:LONG]


@login_required
@require_GET
def to_account(request: HttpRequest) -> HttpResponse:
    """To the account with this id; where there is none, to the worklist's accounts like it."""
    run, text = _run(request), looked_for(request)
    if run is None or Right.WORKLIST not in held(request):
        raise Http404
    borrower = shelf.borrower_of(run.id, text) if Right.ACCOUNT in held(request) else None
    # Nobody learns of an account that is not theirs, not even that it exists.
    if borrower is not None and may_open(request, run.id, borrower):
        address = reverse("account", kwargs={"run_id": run.id})
        return redirect(f"{address}?{urlencode({'id': text})}")
    address = reverse("worklist", kwargs={"run_id": run.id})
    return redirect(f"{address}?{urlencode({'find': text})}")


def _run(request: HttpRequest) -> Opened | None:
    asked = digits(request.GET.get("run", ""), IDS_MOST)
    if asked is not None:
        return opened(asked)
    newest = shelf.newest()
    return None if newest is None else opened(newest)


def _account_at(request: HttpRequest, run: Opened | None) -> str:
    """Where an account is found by its id; empty for those who may not open accounts."""
    if run is None or Right.WORKLIST not in held(request):
        return ""
    return f"{reverse('to_account')}?{urlencode({'run': run.id, 'q': ''})}"


def _kept(group: Group, text: str) -> Group:
    """The group's entries whose words, in either language, hold every word of the text."""
    wanted = text.casefold().split()

    def holds(entry: Entry) -> bool:
        said = " ".join((*_both(entry.name), *_both(entry.small))).casefold()
        return all(word in said for word in wanted)

    return replace(group, entries=[one for one in group.entries if holds(one)])


def _both(text: Text) -> tuple[str, str]:
    return text.en, text.zh


def _groups(request: HttpRequest, run: Opened | None) -> Iterator[Group]:
    rights = held(request)
    yield Group("find.pages", list(_pages(rights, run)))
    yield Group("find.acts", list(_acts(request, run)))
    if rights & {Right.UPLOAD, Right.DISCARD}:
        yield Group("find.uploads", list(_uploads(rights)), typed=True)
    if run is not None and Right.WORKLIST in rights:
        yield Group("find.views", list(_views(request, run)))
        yield Group("find.lists", list(_lists(run)))
    yield Group("find.runs", list(_runs(rights)))
    if run is not None and Right.DEFINITIONS in rights:
        yield Group("find.definitions", list(_definitions(run)), typed=True)
    yield Group("find.yours", list(_yours(request)))


def _pages(rights: frozenset[Right], run: Opened | None) -> Iterator[Entry]:
    for _, pages in MENU:
        for page, right in pages:
            if right not in rights or (run is None and page not in WITHOUT_RUN):
                continue
            place = {} if page in WITHOUT_RUN or run is None else {"run_id": run.id}
            yield Entry(both(f"page.{page}"), reverse(page, kwargs=place))
    for page in PUBLIC:
        yield Entry(both(f"borrower.{page}"), reverse(page), both("find.public"))


def _acts(request: HttpRequest, run: Opened | None) -> Iterator[Entry]:
    rights = held(request)
    if Right.UPLOAD in rights:
        yield Entry(both("books.new"), f"{reverse('books')}#new-h")
    if run is None:
        return
    for word, name, right, place in ACTS:
        if right in rights:
            yield Entry(both(word), reverse(name, kwargs={"run_id": run.id}) + place)
    if Right.WORKLIST in rights:
        worklist, here = reverse("worklist", kwargs={"run_id": run.id}), _here(request)
        shown = here if here.partition("?")[0] == worklist else worklist  # the filter that is shown
        yield Entry(both("find.keep_view"), f"{shown}#view-name", both("page.worklist"))


def _uploads(rights: frozenset[Right]) -> Iterator[Entry]:
    """The newest uploads, each with all that one may do to it as it stands."""
    for one in uploads.newest(0, UPLOADS):
        small, place = same(f"#{one.pk}"), {"upload_id": one.pk}
        if Right.DISCARD in rights and one.state not in UNFINISHED:  # type: ignore[attr-defined]
            said = both("find.discard", book=one.name)
            yield Entry(said, reverse("discard", kwargs=place), small)
        if Right.UPLOAD not in rights:
            continue
        state = both(f"job.{one.kind}_{one.state}") if one.state else NOTHING  # type: ignore[attr-defined]
        yield Entry(same(one.name), reverse("book", kwargs=place), small + state)
        for word in ("mapping", "faults_csv", "faults_xlsx"):
            yield Entry(both(f"find.{word}", book=one.name), reverse(word, kwargs=place), small)
        if one.state in UNFINISHED:  # type: ignore[attr-defined]
            said = both("find.stop", book=one.name)
            yield Entry(said, reverse("stop", kwargs=place), small, posts=True)
            continue
        for kind in (Kind.CHECK, Kind.RUN):
            said, fields = both(f"find.{kind}", book=one.name), (("kind", kind.value),)
            yield Entry(said, reverse("order", kwargs=place), small, fields, posts=True)


def _views(request: HttpRequest, run: Opened) -> Iterator[Entry]:
    """Worklists that somebody kept, or that are shared with them."""
    address = reverse("worklist", kwargs={"run_id": run.id})
    for one in saved.views(person_id(request)):
        yield Entry(same(one.name), f"{address}?{one.asked}", both("page.worklist"))


def _lists(run: Opened) -> Iterator[Entry]:
    """Worklists that are asked for most: by treatment, by bucket."""
    address = reverse("worklist", kwargs={"run_id": run.id})
    worklist = both("page.worklist")
    for who in (ME, NOBODY):
        said = both(f"find.assigned_{who}")
        yield Entry(said, f"{address}?{urlencode({'assigned': who})}", worklist)
    for one in IDS:
        if one in run.treatments:
            yield Entry(treatment_name(one), f"{address}?{urlencode({'treatment': one})}", worklist)
    for name, _ in run.buckets:
        yield Entry(run.book.bucket(name), f"{address}?{urlencode({'bucket': name})}", worklist)


def _runs(rights: frozenset[Right]) -> Iterator[Entry]:
    page = first_page(rights)
    if page is None or page is Right.BOOKS:
        return
    for one in shelf.runs():
        name = both("frame.as_of", book=one.book, day=one.as_of.isoformat())
        yield Entry(name, reverse(page.value, kwargs={"run_id": one.id}), same(f"#{one.id}"))


def _definitions(run: Opened) -> Iterator[Entry]:
    address = reverse("definitions", kwargs={"run_id": run.id})
    for one in run.book.definitions:
        yield Entry(run.book.definition(one), f"{address}#def-{one}", same(one))


def _here(request: HttpRequest) -> str:
    """Where the list was opened."""
    return request.headers.get("X-Here") or request.get_full_path()


def _yours(request: HttpRequest) -> Iterator[Entry]:
    """What concerns only who asks: language, theme, password, second factor, leaving."""
    back = ("next", _here(request))
    for code, name in LANGUAGES:
        yield Entry(
            both("find.language", name=name),
            reverse("set_language"),
            fields=(("language", code), back),
            posts=True,
        )
    for one in THEMES:
        said = both("find.theme", name=both(f"frame.{one}"))
        yield Entry(said, reverse("theme"), fields=(("theme", one), back), posts=True)
    for one in KEYS:
        fields = (("keys", one), back)
        yield Entry(both(f"find.keys_{one}"), reverse("keys"), fields=fields, posts=True)
    yield Entry(both("frame.password"), reverse("account_change_password"))
    yield Entry(both("frame.second"), reverse("mfa_index"))
    yield Entry(both("frame.sign_out"), reverse("account_logout"), posts=True)
