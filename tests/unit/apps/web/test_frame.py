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
