import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk_books import earlier_run
from ruqi.adapters.postgres import shelf

pytestmark = pytest.mark.django_db


def test_the_trend_is_of_the_definition_in_the_address(desk, person):
    client = person("analyst")
    for by, shown in (("late_2p_count", "late_2p_count"), ("nonsense", "late_1p_count")):
        text = client.get(f"/run/{desk}/overview/?by={by}").content.decode()
        assert f'data-chart="trend-{shown}"' in text
        assert text.count('data-chart="trend-') == 1
        assert text.count('aria-current="true"') == 1


def test_every_part_that_a_morning_needs_is_there(desk, person):
    text = person("analyst").get(f"/run/{desk}/overview/").content.decode()
    for part in ("changes", "trend", "rolls", "vintages", "plan", "limits"):
        assert f'id="{part}"' in text


def test_it_says_what_changed_in_both_languages(desk, person):
    client = person("supervisor")
    assert "first run of this book" in client.get(f"/run/{desk}/overview/").content.decode()
    shelf.put(earlier_run())
    text = client.get(f"/run/{desk}/overview/").content.decode()
    assert "31 August 2005" in text
    assert f'href="/run/{desk}/data/#remarks"' in text
    client.cookies["django_language"] = "zh-hans"
    assert "较上次运行的变化" in client.get(f"/run/{desk}/overview/").content.decode()


def test_what_to_do_and_what_changed_lead_to_their_worklists(desk, person):
    client = person("analyst")
    page = client.get(f"/run/{desk}/overview/")
    todo = {one["name"].en: (one["count"], one["href"]) for one in page.context["todo"]}
    at = f"/run/{desk}/worklist/"
    assert todo["Call"] == ("2", f"{at}?treatment=call")
    assert "Wait" not in todo
    assert todo["Not to be contacted"][1] == f"{at}?contact=barred"
    assert client.get(at, {"contact": "barred"}).context["total"] == todo["Not to be contacted"][0]
    assert page.context["since"] is None
    shelf.put(earlier_run())
    since = client.get(f"/run/{desk}/overview/").context["since"]
    counts = {one["href"]: one["count"] for one in since["counts"]}
    assert counts[f"{at}?change=new"] == "1"
    assert client.get(at, {"change": "changed"}).context["total"] == counts[f"{at}?change=changed"]


def test_the_number_of_queries_is_constant(desk, person):
    client = person("analyst")
    counts = []
    for place in range(3):
        client.get(f"/run/{desk}/overview/")  # runs are read once
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/run/{desk}/overview/")
        counts.append(len(captured))
        shelf.put(earlier_run(f"2005-0{4 + place}-30", str(place) * 64))
    assert len(set(counts)) == 1
    assert counts[0] <= 8
