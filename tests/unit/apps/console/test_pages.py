import pytest

pytestmark = pytest.mark.django_db
SLUGS = ("overview", "measures", "scores", "data", "definitions")


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_speaks_its_readers_language(desk, person, slug):
    client = person("analyst")
    for language, lang in (("en", "en"), ("zh-hans", "zh-Hans")):
        client.cookies["django_language"] = language
        text = client.get(f"/run/{desk}/{slug}/").content.decode()
        assert f'<html lang="{lang}"' in text


def test_figures_lead_to_their_definition(desk, person):
    client = person("analyst")
    overview = client.get(f"/run/{desk}/overview/").content.decode()
    assert f'href="/run/{desk}/definitions/#def-late_1p_count"' in overview
    assert 'id="def-late_1p_count"' in client.get(f"/run/{desk}/definitions/").content.decode()


def test_what_is_synthetic_says_so_on_every_page(desk, person):
    client = person("analyst")
    for slug in (*SLUGS, "worklist", "law"):
        assert "Synthetic data" in client.get(f"/run/{desk}/{slug}/").content.decode(), slug


def test_the_overview_names_no_account(desk, person):
    assert "?id=" not in person("analyst").get(f"/run/{desk}/overview/").content.decode()
