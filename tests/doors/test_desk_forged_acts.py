"""Acts that a page never offers, posted by hand: other people's views, accounts, links."""

import pytest
from django.contrib.auth.models import User

from desk_books import next_run
from ruqi.adapters.postgres import lists, shelf
from ruqi.adapters.postgres.models import Act, Assignment, SavedView

HTML = "<img src=x onerror=alert(1)>"


def views(client, run, **form):
    return client.post(f"/run/{run}/views/", form, follow=True).content.decode()


def test_another_persons_view_is_neither_renamed_nor_deleted_nor_seen(desk, person):
    mine, other = person("supervisor", name="lead"), person("supervisor", name="chief")
    views(mine, desk, act="keep", name="my own", bucket="M2")
    view = SavedView.objects.get()
    assert "my own" not in other.get(f"/run/{desk}/worklist/").content.decode()
    for form in ({"act": "rename", "name": "theirs"}, {"act": "delete"}):
        said = views(other, desk, view=view.pk, **form)
        assert 'role="status"' in said  # a sentence
    view.refresh_from_db()
    assert (view.name, view.person.username) == ("my own", "lead")


@pytest.mark.parametrize("number", ["", "-1", "0", "1e9", "9" * 30, "1 OR 1=1", "１"])
def test_a_view_that_is_none_is_told_so(desk, person, number):
    said = views(person("supervisor"), desk, act="delete", view=number)
    assert 'role="status"' in said


def test_a_views_name_is_shown_as_text_and_never_long(desk, person):
    client = person("supervisor")
    assert HTML not in views(client, desk, act="keep", name=HTML)
    views(client, desk, act="keep", name="x" * 900_000)
    views(client, desk, act="keep", name=" \0 ")
    assert [one.name for one in SavedView.objects.all()] == [HTML]


def test_accounts_go_to_collectors_alone_and_stay_in_their_run(desk, person):
    lead = person("supervisor", name="lead")
    person("collector", name="li")
    person("analyst", name="ana")
    other = shelf.put(next_run())
    for people in (["ana"], ["lead"], ["nobody here"], [HTML], ["li' OR 1=1 --"], ["me"]):
        page = lead.post(f"/run/{desk}/assign/", {"to": people, "mark": "x"})
        assert page.status_code == 200
        assert HTML not in page.content.decode()
    page = lead.get(f"/run/{desk}/assign/", {"to": "li"}).content.decode()
    mark = page.partition('name="mark" value="')[2].partition('"')[0]
    lead.post(f"/run/{other}/assign/", {"to": "li", "mark": mark})  # made for another run
    forged = {"to": "li", "reach": "chosen", "account": ["A7", "' OR 1=1 --"], "mark": mark}
    lead.post(f"/run/{desk}/assign/", forged)
    assert not Assignment.objects.exists()
    lead.post(f"/run/{desk}/assign/", {"to": "li", "mark": mark})
    assert {one.run_id for one in Assignment.objects.all()} == {desk}


def test_the_own_account_is_there(desk, person):
    li = person("collector", name="li")
    lists.give(desk, {"A2": "li"})
    assert ">A2<" in li.get(f"/run/{desk}/worklist/").content.decode()
    assert "A2," in li.get(f"/run/{desk}/worklist.csv").content.decode()


@pytest.mark.parametrize("path", ["worklist/", "worklist.csv", "dialler.csv", "account/?id=A2"])
def test_a_filter_does_not_open_other_peoples_accounts(desk, person, path):
    li = person("collector", name="li")
    lists.give(desk, {"A1": "li"})
    forged = {"assigned": "nobody", "find": "A2", "id": "A2", "whole": "1", "person": "2"}
    page = li.get(f"/run/{desk}/{path}", forged)
    assert page.status_code in (200, 404)
    text = page.content.decode()
    assert ">A2<" not in text
    assert "A2," not in text


def test_a_reason_is_kept_as_text_and_within_bounds(desk, person):
    lead = person("supervisor", "administrator", name="lead")
    for reason in (HTML, "\x1b[2J\u202e a long enough reason", "x" * 900_000):
        assert lead.post(f"/run/{desk}/dialler/", {"reason": reason}).status_code == 302
    kept = [one.detail["reason"] for one in Act.objects.filter(act="unmask")]
    assert max(map(len, kept)) == 200
    assert HTML not in lead.get("/people/").content.decode()


@pytest.mark.parametrize("link", ["", "x", "a:b:c", "." * 500, "é", "\0", HTML])
def test_a_link_that_was_never_made_opens_nothing(desk, person, link):
    page = person("supervisor").get(f"/run/{desk}/dialler.csv", {"link": link})
    assert page.status_code == 403
    assert HTML not in page.content.decode()


def test_what_nobody_may_is_told_before_anything_is_read(desk, person, upload_folder):
    client = person("compliance", name="cora")
    for path in ("assign/", "dialler/", "worklist.csv"):
        assert client.get(f"/run/{desk}/{path}").status_code == 403
    assert client.post("/books/upload/", {"after": "1", "name": HTML}).status_code == 403
    assert not Act.objects.exists()
    assert User.objects.get(username="cora").is_active
