import pytest
from django.test import Client

from desk_books import next_run
from ruqi.adapters.postgres import lists, shelf
from ruqi.adapters.postgres.models import Act, Assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(desk, person):
    for name in ("li", "wang"):
        person("collector", name=name)
    return person("supervisor", name="lead")


def given():
    return dict(Assignment.objects.values_list("account_id", "person__username"))


def test_all_that_match_are_previewed_then_assigned_on_record(desk, lead):
    address = f"/run/{desk}/assign/"
    asked = {"bucket": "M2", "reach": "all", "to": ["li", "wang"]}
    page = lead.get(address, asked)
    rows = {one["name"].en: one for one in page.context["loads"]}
    assert rows["Nobody"]["now"]["accounts"] == "6"
    assert rows["Nobody"]["after"]["accounts"] == "4"
    assert rows["li"]["after"]["minutes"] == "8"
    assert page.context["counts"]["balance"] == "12,000"
    assert "Bucket: M2 (31-60 days)" in page.content.decode()
    assert given() == {}
    answer = lead.post(address, asked | {"mark": page.context["mark"]})
    assert answer.url == f"/run/{desk}/worklist/?bucket=M2"
    assert given() == {"A1": "li", "A5": "wang"}
    act = Act.objects.get()
    assert (act.act, act.person.username, act.detail["accounts"]) == ("assign", "lead", 2)
    assert "2 accounts assigned" in lead.get(answer.url).content.decode()


def test_chosen_rows_alone_are_assigned_and_taken_away(desk, lead):
    address = f"/run/{desk}/assign/"
    asked = {"reach": "chosen", "account": ["A2", "A3"], "to": "li"}
    lead.post(address, asked | {"mark": lead.get(address, asked).context["mark"]})
    assert given() == {"A2": "li", "A3": "li"}
    away = {"reach": "chosen", "account": "A2", "to": "nobody"}
    page = lead.get(address, away)
    assert page.context["take"]
    lead.post(address, away | {"mark": page.context["mark"]})
    assert given() == {"A3": "li"}
    assert Act.objects.order_by("-id")[0].act == "unassign"


def test_what_changed_since_the_preview_is_shown_again(desk, lead):
    address = f"/run/{desk}/assign/"
    asked = {"reach": "all", "to": "li"}
    mark = lead.get(address, asked).context["mark"]
    lists.give(desk, {"A1": "wang"})
    answer = lead.post(address, asked | {"mark": mark})
    assert answer.status_code == 200
    assert "Meanwhile somebody else" in answer.content.decode()
    assert given() == {"A1": "wang"}
    assert not Act.objects.exists()


def test_nobody_chosen_and_nothing_chosen_teach(desk, lead, person):
    address = f"/run/{desk}/assign/"
    nothing = lead.get(address, {"reach": "chosen"})
    assert "Nothing is chosen" in nothing.content.decode()
    assert not lead.get(address, {"reach": "all"}).context["ready"]
    assert lead.post(address, {"reach": "all"}).status_code == 200
    stranger = lead.post(address, {"reach": "all", "to": "lead", "mark": "x"})
    assert stranger.status_code == 200
    assert given() == {}


def test_a_desk_without_collectors_teaches(desk, person):
    page = person("supervisor").get(f"/run/{desk}/assign/?reach=all")
    assert "ruqi invite NAME --role collector" in page.content.decode()


def test_accounts_that_are_gone_cannot_be_assigned(desk, lead):
    later = shelf.put(next_run())
    page = lead.get(f"/run/{later}/assign/", {"change": "gone", "reach": "all", "to": "li"})
    assert not page.context["any"]
    lists_page = lead.get(f"/run/{later}/worklist/?change=gone")
    assert not lists_page.context["may_assign"]


def test_only_a_supervisor_assigns_and_never_by_a_forged_form(desk, lead, person):
    address = f"/run/{desk}/assign/"
    for role in ("analyst", "collector", "compliance", "administrator"):
        client = person(role, name=role)
        assert client.get(address).status_code == 403
        assert client.post(address, {"reach": "all", "to": "li"}).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = lead.cookies
    mark = lead.get(address, {"reach": "all", "to": "li"}).context["mark"]
    assert strict.post(address, {"reach": "all", "to": "li", "mark": mark}).status_code == 403
    assert given() == {}


def test_queries_do_not_grow_with_accounts(desk, lead, django_assert_num_queries):
    for asked in ({"reach": "all", "to": "li"}, {"reach": "chosen", "account": "A1", "to": "li"}):
        lead.get(f"/run/{desk}/assign/", asked)
        with django_assert_num_queries(7):
            lead.get(f"/run/{desk}/assign/", asked)
