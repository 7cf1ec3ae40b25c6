import pytest
from django.test import Client

from ruqi.apps.web.headers import POLICY


def test_nothing_inline_is_ever_allowed():
    assert "unsafe" not in POLICY
    assert "default-src 'none'" in POLICY


@pytest.mark.django_db
def test_every_answer_carries_the_policy_and_pages_are_not_stored(person):
    page = person("administrator").get("/people/")
    assert page.headers["Content-Security-Policy"] == POLICY
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["X-Frame-Options"] == "DENY"
    style = Client().get("/style.css")
    assert "no-store" not in style.headers["Cache-Control"]
    assert Client().get("/style.css", headers={"If-None-Match": style["ETag"]}).status_code == 304
