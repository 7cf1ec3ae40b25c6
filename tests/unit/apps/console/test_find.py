import re

import pytest
from django.urls import reverse

from ruqi.adapters.postgres import lists
from ruqi.apps.console.find import ACTS
from ruqi.apps.console.urls import urlpatterns
from ruqi.services.access import Role, rights

OF_SOMETHING = ("account", "views")  # of an account, of a list that is shown
pytestmark = pytest.mark.django_db


def addresses(page):
    return {one.href for group in page.context["groups"] for one in group.entries}


@pytest.mark.parametrize("role", list(Role))
def test_it_lists_exactly_what_is_open(desk, person, role):
    client = person(role)
    found = addresses(client.get("/find/?part=1"))
    for pattern in urlpatterns:
        right = getattr(pattern.callback, "right", None)
        if pattern.name in OF_SOMETHING or right is None:
            continue
        place = {} if pattern.name in ("books", "people") else {"run_id": desk}
        listed = reverse(pattern.name, kwargs=place) in found
        assert listed == (right in rights([role])), (role, pattern.name)
    for address in found:
        if address.startswith("/run/"):
            assert client.get(address).status_code == 200, address


def test_every_page_of_a_run_is_a_page_or_an_act_of_the_list():
    names = {name for _, name, _ in ACTS}
    assert {one.name for one in urlpatterns if "_" in (one.name or "")} <= names | {"to_account"}


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
    assert text.count('name="next" value="/books/"') == 5


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
