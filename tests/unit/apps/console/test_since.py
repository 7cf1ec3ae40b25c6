import pytest

from desk_books import next_run
from ruqi.adapters.postgres import shelf
from ruqi.apps.console.opened import opened
from ruqi.apps.console.since import changed_why

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(desk):
    return shelf.put(next_run())


def test_a_changed_treatment_says_why_in_both_languages(desk, later, person):
    (row,) = person("analyst").get(f"/run/{later}/worklist/?change=changed").context["rows"]
    since = row["since"]
    assert since.says.en == "was: Call"
    assert since.why.en.startswith(
        "What differs: bucket M2 (31-60 days) → M1 (1-30 days); newly barred ("
    )
    assert "balance NT$5,000.00 → NT$4,500.00" in since.why.en
    assert "worth of one more of agent minutes" in since.why.en
    assert since.why.zh.startswith("差异：阶段 M2（31-60 天） → M1（1-30 天）；新增限制（")


def test_new_and_gone_say_when(desk, later, person):
    client = person("analyst")
    (new,) = client.get(f"/run/{later}/worklist/?change=new").context["rows"]
    assert (new["account"], new["since"].why.en) == ("A7", "First seen in Oct 2005.")
    (gone,) = client.get(f"/run/{later}/worklist/?change=gone").context["rows"]
    assert (gone["account"], gone["since"].why.zh) == ("A4", "2005年10月已结清")


def test_where_nothing_differs_the_sentence_says_so(desk):
    row = {
        "bucket": "M1",
        "bars": "",
        "probability": 0.21,
        "balance_minor": 500,
        "policy_version": "1",
        "pack_version": "CN",
        "treatment": "call",
        "agent_minutes": 8,
        "sms": 0,
    }
    run = opened(desk)
    assert "Neither bucket" in changed_why(row, row, run, run).en
    close = row | {"probability": 0.210001}  # the same as far as it is printed
    assert changed_why(close, row, run, run) == changed_why(row, row, run, run)


def test_the_summary_counts_each_kind_once(desk, later, person):
    found = person("analyst").get(f"/run/{later}/worklist/").context["since"]
    assert {one["kind"]: one["count"] for one in found["counts"]} == {
        "new": "1",
        "changed": "1",
        "same": "4",
        "gone": "1",
    }
    (move,) = found["moves"]
    assert (move["before"].en, move["after"].en, move["bucket"]) == ("Call", "Wait", "1")
    assert not found["more"]


def test_a_first_run_has_no_summary(desk, person):
    page = person("analyst").get(f"/run/{desk}/worklist/")
    assert page.context["since"] is None
    assert page.context["rows"][0]["since"] is None


def test_a_summary_is_counted_once(desk, later, person, django_assert_num_queries):
    client = person("analyst")
    client.get(f"/run/{later}/worklist/")
    with django_assert_num_queries(8):
        client.get(f"/run/{later}/worklist/?sort=chance")
