import pytest

from ruqi.services.access import Role, rights

# Rights that are no page of the menu.
ACTS = ("account", "export", "whole", "assign", "share", "unmask", "upload", "discard")
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", list(Role))
def test_the_menu_holds_exactly_what_is_open(desk, person, role):
    client = person(role)
    page = client.get("/", follow=True)
    names = {one["name"] for group in page.context["menu"] for one in group["pages"]}
    wanted = {f"page.{one}" for one in rights([role]) if one not in ACTS}
    if "page.portfolio" in wanted:
        wanted |= {"page.data"}
    if role is Role.ADMINISTRATOR:
        assert page.redirect_chain[-1][0] == "/books/"
    assert names == wanted


def test_a_page_of_no_run_leads_on_to_the_newest(desk, person):
    menu = person("analyst").get("/books/").context["menu"]
    assert f"/run/{desk}/overview/" in [one["href"] for group in menu for one in group["pages"]]


@pytest.mark.parametrize("page", ["worklist", "assign", "dialler"])
def test_pages_below_the_worklist_show_it_in_the_menu(desk, person, page):
    menu = person("supervisor").get(f"/run/{desk}/{page}/").context["menu"]
    current = [one["name"] for group in menu for one in group["pages"] if one["current"]]
    assert current == ["page.worklist"]


def test_a_theme_that_is_none_is_the_automatic_one(desk, person):
    client = person("collector")
    client.cookies["theme"] = "<script>"
    assert client.get("/", follow=True).context["theme"] == "auto"
    client.cookies["theme"] = "dark"
    assert client.get("/", follow=True).context["theme"] == "dark"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_who_came_by_a_link_is_led_to_a_password_until_it_is_set(desk, person, language):
    client = person("analyst")
    client.cookies["django_language"] = language
    told = {"en": "Set a password", "zh-hans": "设置密码"}[language]
    for first in ("/", "/books/", f"/run/{desk}/worklist/"):
        page = client.get(first, follow=True).content.decode()
        assert f'<a href="/account/password/set/">{told}</a>' in page
    assert "/account/password/set/" not in client.get(f"/run/{desk}/law/").content.decode()
    words = "a long pass phrase"
    client.post("/account/password/set/", {"password1": words, "password2": words})
    assert "/account/password/set/" not in client.get("/", follow=True).content.decode()
