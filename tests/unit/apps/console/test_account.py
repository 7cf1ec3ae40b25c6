import pytest

from ruqi.adapters.postgres import lists

pytestmark = pytest.mark.django_db


def test_an_account_tells_why_and_by_which_rule(desk, person):
    client = person("analyst")
    barred = client.get(f"/run/{desk}/worklist/?contact=barred").context["rows"][0]["account"]
    text = client.get(f"/run/{desk}/account/", {"id": barred}).content.decode()
    assert "Not to be contacted" in text
    for part in ("why", "bars", "options", "score", "history"):
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
