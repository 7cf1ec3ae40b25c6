import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk_books import held_run
from report_view import HOSTILE
from ruqi.adapters.postgres import shelf

pytestmark = pytest.mark.django_db


def test_filters_stand_in_the_address_and_in_the_fields(desk, person):
    page = person("collector").get(f"/run/{desk}/worklist/?contact=barred&sort=balance")
    text = page.content.decode()
    assert all(not row["eligible"] for row in page.context["rows"])
    assert '<option value="barred" selected>' in text
    assert 'name="sort" value="balance"' in text


def test_an_account_that_may_not_be_contacted_says_why(desk, person):
    client = person("collector")
    client.cookies["django_language"] = "zh-hans"
    text = client.get(f"/run/{desk}/worklist/?contact=barred").content.decode()
    assert "不可触达" in text
    assert "授权" in text or "异议" in text


def test_nothing_found_teaches(desk, person):
    text = person("collector").get(f"/run/{desk}/worklist/?find=nobody").content.decode()
    assert "No account matches" in text


def test_export_is_offered_to_those_who_may(desk, person):
    address = f"/run/{desk}/worklist/?bucket=M2"
    assert "worklist.csv" not in person("collector").get(address).content.decode()
    text = person("supervisor", name="lead").get(address).content.decode()
    assert "worklist.csv?bucket=M2" in text


def test_a_books_text_stays_text(person):
    run = shelf.put(held_run(HOSTILE, "d" * 64))
    client = person("supervisor")
    for slug in ("worklist", "overview", "measures"):
        assert "<script>alert" not in client.get(f"/run/{run}/{slug}/").content.decode()


def test_the_number_of_queries_does_not_grow(desk, person):
    client = person("collector")
    counts = []
    for query in ("", "?find=A1", "?sort=chance"):
        client.get(f"/run/{desk}/worklist/")  # the run is read once
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(f"/run/{desk}/worklist/{query}")
        counts.append(len(captured))
    assert len(set(counts)) == 1
    assert counts[0] <= 8
