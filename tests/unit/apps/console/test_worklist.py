import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk_books import held_run, next_run
from report_view import HOSTILE
from ruqi.adapters.postgres import lists, shelf

pytestmark = pytest.mark.django_db


def test_filters_stand_in_the_address_and_in_the_fields(desk, person):
    page = person("analyst").get(f"/run/{desk}/worklist/?contact=barred&sort=balance")
    text = page.content.decode()
    assert all(not row["eligible"] for row in page.context["rows"])
    assert '<option value="barred" selected>' in text
    assert 'name="sort" value="balance"' in text


def test_an_account_that_may_not_be_contacted_says_why(desk, person):
    client = person("analyst")
    client.cookies["django_language"] = "zh-hans"
    text = client.get(f"/run/{desk}/worklist/?contact=barred").content.decode()
    assert "不可触达" in text
    assert "授权" in text or "异议" in text


def test_nothing_found_teaches(desk, person):
    text = person("analyst").get(f"/run/{desk}/worklist/?find=nobody").content.decode()
    assert "No account matches" in text


def test_export_is_offered_to_those_who_may(desk, person):
    address = f"/run/{desk}/worklist/?bucket=M2"
    assert "worklist.csv" not in person("analyst").get(address).content.decode()
    text = person("supervisor", name="lead").get(address).content.decode()
    assert "worklist.csv?bucket=M2" in text


def test_a_books_text_stays_text(person):
    run = shelf.put(held_run(HOSTILE, "d" * 64))
    client = person("supervisor")
    for slug in ("worklist", "overview", "measures"):
        assert "<script>alert" not in client.get(f"/run/{run}/{slug}/").content.decode()


def test_the_number_of_queries_does_not_grow(desk, person):
    client = person("analyst")
    counts = []
    for query in ("", "?find=A1", "?sort=chance"):
        client.get(f"/run/{desk}/worklist/{query}")  # what never changes is read once
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(f"/run/{desk}/worklist/{query}")
        counts.append(len(captured))
    assert len(set(counts)) == 1
    assert counts[0] <= 9


def test_a_collector_sees_the_own_list_and_what_to_do_where_it_is_empty(desk, person):
    client = person("collector", name="li")
    empty = client.get("/", follow=True)
    assert "No account of this run is assigned to you" in empty.content.decode()
    person("collector", name="wang")
    lists.give(desk, {"A1": "li", "A2": "wang"})
    for address in ("", "?assigned=wang", "?assigned=nobody", "?find=A"):
        page = client.get(f"/run/{desk}/worklist/{address}")
        assert [row["account"] for row in page.context["rows"]] == ["A1"], address
    text = page.content.decode()
    assert "My list" in text
    assert "Assign" not in text


def test_a_supervisor_sees_anybodys_list(desk, person):
    client = person("supervisor", name="lead")
    person("collector", name="li")
    lists.give(desk, {"A1": "li"})
    page = client.get(f"/run/{desk}/worklist/?assigned=li")
    assert [row["account"] for row in page.context["rows"]] == ["A1"]
    assert "List of li" in page.content.decode()
    nobody = client.get(f"/run/{desk}/worklist/?assigned=nobody")
    assert len(nobody.context["rows"]) == 5
    mine = client.get(f"/run/{desk}/worklist/?assigned=me")
    assert mine.context["mine"]
    assert mine.context["rows"] == []


def test_the_run_before_is_compared_row_by_row(desk, person):
    later = shelf.put(next_run())
    client = person("analyst")
    (row,) = client.get(f"/run/{later}/worklist/?change=changed").context["rows"]
    assert row["since"].says.zh == "原：人工电话"
    gone = client.get(f"/run/{later}/worklist/?change=gone")
    assert "paid off in Oct 2005" in gone.content.decode()
    assert f"/run/{desk}/account/?id=A4" in gone.content.decode()
    first = client.get(f"/run/{desk}/worklist/?change=new").content.decode()
    assert "first run here" in first


def test_a_collector_learns_no_counts_of_the_whole_book(desk, person):
    client = person("collector", name="li")
    lists.give(desk, {"A1": "li"})
    choices = client.get(f"/run/{desk}/worklist/").context["choices"]
    assert {option["count"] for one in choices for option in one["options"]} == {""}
    whole = person("analyst", name="an").get(f"/run/{desk}/worklist/").context["choices"]
    assert all(option["count"] for option in whole[0]["options"])
