import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from ruqi.adapters.postgres import jobs, lists, uploads
from ruqi.apps import urls
from ruqi.services.access import Role, rights
from ruqi.services.work import Kind
from some_uploads import kept_upload

pytestmark = pytest.mark.django_db
# Actions without an entry of their own, each with the reason.
NOT_LISTED = {
    "find": "it is this list",
    "to_account": "what is typed leads there",
    "go": "each run has an entry",
    "start": "each page that it leads to has one",
    "account": "of one account, whose id is typed",
    "views": "of the worklist's form, which has one (#view-name)",
    "upload": "of the form for books, which has one (#new-h)",
    "mapping_text": "of the mapping's page, which has one",
    "enter": "whoever has a link has it whole",
    "style": "a file of every page",
    "charts": "a file of every page",
}
# With addresses of the sign-in library, of which these are where the others begin.
ACCOUNT = ("account_change_password", "account_logout", "mfa_index")


def entries(page):
    return [one for group in page.context["groups"] for one in group.entries]


def addresses(page):
    return {one.href.partition("#")[0] for one in entries(page)}


def named(patterns):
    """Every address of our own doors: its name, its view."""
    for one in patterns:
        if hasattr(one, "url_patterns"):
            yield from named(one.url_patterns)
        elif not one.callback.__module__.startswith("allauth") and one.name:
            yield one.name, one.callback


def place(name, run_id, upload_id):
    for kwargs in ({}, {"run_id": run_id}, {"upload_id": upload_id}):
        try:
            return reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            continue
    raise AssertionError(name)


@pytest.mark.parametrize("unfinished", [False, True])
@pytest.mark.parametrize("role", list(Role))
def test_every_action_of_every_door_is_listed_for_exactly_whom_it_is_open_to(
    desk, person, role, unfinished
):
    """Whoever adds an address names it in the list, or here with a reason."""
    upload = kept_upload()
    if unfinished:
        jobs.order(upload, Kind.DRAFT, None)
    client = person(role)
    found = addresses(client.get("/find/?part=1"))
    names = dict(named(urls.urlpatterns))
    assert NOT_LISTED.keys() <= names.keys()  # no exception for what is gone
    now = {"stop": unfinished, "order": not unfinished, "discard": not unfinished}
    for name, view in names.items():
        if name in NOT_LISTED:
            continue
        right = getattr(view, "right", None)
        allowed = right is None or right in rights([role])
        assert (place(name, desk, upload) in found) == (allowed and now.get(name, True)), name
    assert {reverse(name) for name in ACCOUNT} <= found
    for address in found:
        if address.startswith("/run/"):
            assert client.get(address).status_code == 200, address


def test_each_order_for_a_book_is_an_entry_that_does_it(desk, person):
    upload = kept_upload("晨光")
    client = person("analyst")
    said = {one.name.en: one for one in entries(client.get("/find/?part=1"))}
    assert said["Check: 晨光"].fields == (("kind", "check"),)
    assert said["Run: 晨光"].fields == (("kind", "run"),)
    jobs.order(upload, Kind.DRAFT, None)
    stop = {one.name.zh: one for one in entries(client.get("/find/?q=晨光"))}["停止任务：晨光"]
    assert stop.posts
    assert client.post(stop.href).status_code == 302
    assert not uploads.unfinished(upload)


def test_a_view_is_saved_with_the_filter_that_is_shown(desk, person):
    here = f"/run/{desk}/worklist/?bucket=M2"
    page = person("analyst").get("/find/?part=1", headers={"X-Here": here})
    assert f"{here}#view-name" in {one.href for one in entries(page)}


def test_a_list_of_many_uploads_takes_as_many_queries(desk, person, django_assert_num_queries):
    client = person("analyst")
    client.get("/find/")
    kept_upload()
    with CaptureQueriesContext(connection) as one:
        client.get("/find/?part=1")
    for _ in range(5):
        kept_upload()
    with django_assert_num_queries(len(one)):
        client.get("/find/?part=1")


def test_without_a_script_it_is_a_page_that_narrows(desk, person):
    client = person("analyst")
    whole = client.get("/find/").content.decode()
    assert "late_1p_count" not in whole
    text = client.get("/find/?q=LATE_1P_count").content.decode()
    assert f"/run/{desk}/definitions/#def-late_1p_count" in text
    assert f"/run/{desk}/scores/" not in text.split("<main")[1].split("<dialog")[0]
    none = client.get("/find/?q=zzz").content.decode()
    assert "Nothing is called like this" in none
    client.cookies["django_language"] = "zh-hans"
    assert "合规规则" in client.get("/find/?q=law").content.decode()


def test_language_theme_and_leaving_are_forms_that_lead_back(desk, person):
    text = person("collector").get("/find/?part=1", headers={"X-Here": "/books/"}).content.decode()
    for action in ("/language/setlang/", "/theme/", "/account/logout/"):
        form = re.search(rf'<form method="post" action="{action}">.*?</form>', text, re.DOTALL)
        assert "csrfmiddlewaretoken" in form[0]
    assert text.count('name="next" value="/books/"') == 7


def test_an_account_is_found_by_its_id(desk, person):
    client = person("analyst")
    assert client.get("/find/account/?q=A1").url == f"/run/{desk}/account/?id=A1"
    assert client.get(f"/find/account/?q=A&run={desk}").url == f"/run/{desk}/worklist/?find=A"
    assert client.get("/find/account/?q=%3Cb%3E").url == f"/run/{desk}/worklist/?find=%3Cb%3E"
    assert person("administrator", name="other").get("/find/account/?q=A1").status_code == 404


def test_a_collector_learns_of_no_account_but_of_the_own_list(desk, person):
    client = person("collector", name="li")
    assert client.get("/find/account/?q=A1").url == f"/run/{desk}/worklist/?find=A1"
    lists.give(desk, {"A1": "li"})
    assert client.get("/find/account/?q=A1").url == f"/run/{desk}/account/?id=A1"
    assert client.get("/find/account/?q=A2").url == f"/run/{desk}/worklist/?find=A2"


def test_it_holds_the_views_that_somebody_kept(desk, person):
    client = person("analyst")
    client.post(f"/run/{desk}/views/", {"act": "keep", "name": "晨会", "bucket": "M2"})
    (view,) = (group for group in client.get("/find/?q=晨会").context["groups"])
    assert view.entries[0].href == f"/run/{desk}/worklist/?bucket=M2"


def test_odd_addresses_are_not_found_and_an_empty_desk_answers(person):
    client = person("supervisor")
    assert client.get("/find/").status_code == 200
    assert client.get("/find/?run=7").status_code == 404
    assert client.get("/find/?run=²").status_code == 200
    assert client.get("/find/account/?q=A1").status_code == 404
