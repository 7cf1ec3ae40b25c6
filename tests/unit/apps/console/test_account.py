import re

import pytest

from desk_books import held_run, payments
from ruqi.adapters.postgres import lists, shelf

pytestmark = pytest.mark.django_db
QUERIES = 14


def test_an_account_tells_why_and_by_which_rule(desk, person):
    client = person("analyst")
    barred = client.get(f"/run/{desk}/worklist/?contact=barred").context["rows"][0]["account"]
    text = client.get(f"/run/{desk}/account/", {"id": barred}).content.decode()
    assert "Not to be contacted" in text
    for part in ("why", "bars", "options", "score", "history", "payments", "contacts"):
        assert f'id="{part}"' in text, part


def test_it_shows_scores_with_what_speaks_for_them(desk, person):
    client = person("analyst")
    client.cookies["django_language"] = "zh-hans"
    text = client.get(f"/run/{desk}/account/?id=A1").content.decode()
    assert "+1.50" in text
    assert "−0.50" in text
    assert "未经校准" in text
    assert "下月逾期31天及以上" in text


def test_a_stranger_is_not_found(desk, person):
    client = person("analyst")
    for odd in ("nobody", "", "A1\0", "<b>"):
        wanted = 200 if odd.replace("\0", "") == "A1" else 404
        assert client.get(f"/run/{desk}/account/", {"id": odd}).status_code == wanted
    assert client.get(f"/run/{desk + 1}/account/?id=A1").status_code == 404


def test_a_collector_opens_the_accounts_of_borrowers_on_the_own_list(desk, person):
    client = person("collector", name="li")
    address = f"/run/{desk}/account/?id=A1"
    assert client.get(address).status_code == 404
    lists.give(desk, {"A1": "li"})
    assert client.get(address).status_code == 200
    assert client.get(f"/run/{desk}/account/?id=A2").status_code == 404


def test_the_drawer_holds_the_page_without_its_frame_and_charts(desk, person):
    client = person("analyst")
    text = client.get(f"/run/{desk}/account/?id=A1&part=1").content.decode()
    assert "<html" not in text
    assert "data-chart" not in text
    assert f'href="/run/{desk}/account/?id=A1"' in text
    assert "Why this treatment" in text
    assert client.get(f"/run/{desk}/account/?id=nobody&part=1").status_code == 404
    assert person("administrator", name="ad").get(f"/run/{desk}/account/?id=A1").status_code == 403


def put(count):
    """A run in which A1 paid so often, and one more payment that took some back."""
    run = held_run(sha256="e" * 64)
    frames = {**run.frames, "payments": payments(count=count)}
    return shelf.put(type(run)(run.folder, run.sha256, run.documents, frames))


def section(text, name):
    return text.split(f'id="{name}"')[1].split("</section>")[0]


def days(part):
    return re.findall(r'<th scope="row">\s*(\d{4}-\d\d-\d\d)', part)


def test_payments_are_shown_newest_first_and_all_of_them_on_demand(desk, person):
    client = person("analyst")
    address = f"/run/{put(249)}/account/?id=A1"
    few = section(client.get(address).content.decode(), "payments")
    assert len(days(few)) == 10
    assert days(few) == sorted(days(few), reverse=True)
    assert "Show all 250" in few
    assert 'href="/run/' in few and "&amp;payments=1#payments" in few
    seen = []
    for page, count in ((1, 100), (2, 100), (3, 50), (9, 50)):
        text = client.get(f"{address}&payments={page}&contacts=1").content.decode()
        part = section(text, "payments")
        assert len(days(part)) == count
        seen += days(part) if page < 9 else []
        assert ('rel="next"' in part) == (page < 3)
        assert ("&amp;contacts=1&amp;payments=1#payments" in part) == (page == 2)
    assert len(seen) == 250 and seen == sorted(seen, reverse=True)
    assert "Only the newest 10" in part


@pytest.mark.parametrize("odd", ["0", "-1", "x", "", "²", "9" * 30])
def test_an_odd_page_is_answered(desk, person, odd):
    assert (
        person("analyst")
        .get(f"/run/{desk}/account/", {"id": "A1", "payments": odd, "contacts": odd})
        .status_code
        == 200
    )


def test_the_drawer_leads_to_all_payments_on_the_page(desk, person):
    text = person("analyst").get(f"/run/{desk}/account/?id=A1&part=1").content.decode()
    assert f'href="/run/{desk}/account/?id=A1&amp;payments=1#payments"' in text


def test_queries_do_not_grow_with_payments(desk, person, django_assert_max_num_queries):
    client, large = person("analyst"), put(249)
    for run in (desk, large):
        client.get(f"/run/{run}/account/?id=A1")
    with django_assert_max_num_queries(QUERIES):
        client.get(f"/run/{desk}/account/?id=A2")
    with django_assert_max_num_queries(QUERIES):
        client.get(f"/run/{large}/account/?id=A1&payments=2")
