import pytest
from django.db import OperationalError
from django.test import Client

from ruqi.apps.web import views
from ruqi.apps.web.sign_in import invite

pytestmark = pytest.mark.django_db


def test_looking_at_a_link_does_not_use_it_up():
    address = f"/enter/{invite('li', ['collector'])}/"
    client = Client()
    for _ in range(2):
        assert client.get(address).status_code == 200
    assert client.post(address).url == "/"
    assert client.session["_auth_user_id"]
    assert Client().post(address).status_code == 410
    assert Client().get(address).status_code == 410


def test_a_forged_post_is_refused():
    address = f"/enter/{invite('li', ['collector'])}/"
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403


def test_style_and_script_are_whole():
    assert b".desk" in Client().get("/style.css").content
    assert b"echarts.init" in Client().get("/charts.js").content


def test_the_language_is_remembered():
    client = Client()
    client.post("/language/setlang/", {"language": "zh-hans", "next": "/account/login/"})
    assert '<html lang="zh-Hans"' in client.get("/account/login/").content.decode()
    stray = client.post("/language/setlang/", {"language": "en", "next": "https://evil.example"})
    assert stray.url == "/"


def test_a_theme_and_whether_keys_act_are_kept_without_a_script():
    answer = Client().post("/theme/", {"theme": "dark", "next": "/account/login/"})
    assert (answer.url, answer.cookies["theme"].value) == ("/account/login/", "dark")
    stray = Client().post("/theme/", {"theme": "<b>", "next": "//evil.example"})
    assert (stray.url, "theme" in stray.cookies) == ("/", False)
    off = Client().post("/keys/", {"keys": "off", "next": "/find/"})
    assert (off.url, off.cookies["keys"].value) == ("/find/", "off")
    assert "keys" not in Client().post("/keys/", {"keys": "perhaps"}).cookies
    assert Client(enforce_csrf_checks=True).post("/theme/", {"theme": "dark"}).status_code == 403


@pytest.mark.parametrize(("error", "status"), [(OperationalError, 503), (ValueError, 500)])
def test_a_database_that_is_away_is_told_apart_from_our_faults(monkeypatch, error, status):
    def fails(_):
        raise error("张三")

    monkeypatch.setattr(views.sign_in, "known", fails)
    answer = Client(raise_request_exception=False).get("/enter/x/")
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status == 503)
    assert "张三" not in answer.content.decode()
