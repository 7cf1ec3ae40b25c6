import pytest

from desk_books import next_run
from ruqi.adapters.postgres import lists, shelf
from ruqi.apps.web.sign_in import dismiss

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "page"),
    [("analyst", "overview"), ("collector", "worklist"), ("compliance", "overview")],
)
def test_one_lands_where_one_may(desk, person, role, page):
    assert person(role).get("/").url == f"/run/{desk}/{page}/"


def test_an_empty_desk_teaches(person):
    page = person("collector").get("/").content.decode()
    assert "An analyst or a supervisor uploads a book" in page
    assert "ruqi serve --run" not in page  # that is for those who may
    assert "ruqi serve --run" in person("analyst", name="one").get("/books/").content.decode()
    assert person("administrator", name="other").get("/").url == "/books/"


def test_the_way_to_another_run_keeps_to_what_is_open(desk, person):
    client = person("collector")
    assert client.get("/go/", {"run": desk}).url == f"/run/{desk}/worklist/"
    assert client.get("/go/", {"run": "//evil.example"}).url == "/"
    assert client.get("/go/", {"run": desk + 1}).status_code == 404
    assert client.get("/go/", {"run": "9" * 5000}).status_code == 404


def test_the_trail_is_shown_to_the_administrator(person):
    client = person("administrator")
    assert "cannot be changed" in client.get("/people/").content.decode()
    shelf.note(None, "export", {"rows": 41})
    page = client.get("/people/").content.decode()
    assert "took a file" in page
    assert "41" in page
    assert "somebody" in page
    assert "analyst, collector, supervisor, compliance, administrator" in page


def test_who_was_dismissed_is_told_so(person):
    person("analyst", name="li")
    client = person("administrator")
    assert "dismissed" not in client.get("/people/").content.decode().replace("ruqi dismiss", "")
    dismiss("li")
    page = client.get("/people/").content.decode()
    assert '<td class="wrap">dismissed</td>' in page
    assert "dismissed somebody" in page


def test_a_collector_lands_where_the_own_accounts_are(desk, person):
    client = person("collector", name="li")
    lists.give(desk, {"A1": "li"})
    later = shelf.put(next_run())
    assert client.get("/").url == f"/run/{desk}/worklist/"
    lists.give(later, {"A2": "li"})
    assert client.get("/").url == f"/run/{later}/worklist/"
