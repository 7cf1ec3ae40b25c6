import pytest
from waitress.adjustments import Adjustments

from ruqi.apps import body_limit
from ruqi.apps.body_limit import LimitedParser


def head(path, length, cookie="", method="POST"):
    lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Content-Length: {length}"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def parsed(*arguments, **more):
    parser = LimitedParser(Adjustments())
    parser.received(head(*arguments, **more))
    return parser


@pytest.fixture
def known(monkeypatch, settings):
    settings.UPLOAD_MAX = 100 << 20
    monkeypatch.setattr(body_limit, "signed_in", lambda cookies: "mine" in cookies)


def test_only_uploads_of_the_signed_in_may_be_large(known):
    assert parsed("/books/upload/", 50 << 20, "sessionid=mine").error is None
    assert parsed("/books/upload/", 50 << 20).error.code == 413
    assert parsed("/go/", 2 << 20, "sessionid=mine").error.code == 413
    assert parsed("/go/", 1000).error is None


def test_too_large_is_told_in_both_languages(known):
    parser = parsed("/books/upload/", 200 << 20, "sessionid=mine")
    assert parser.completed
    assert "100 MB" in parser.error.body
    assert "未保留" in parser.error.body


@pytest.mark.django_db
def test_a_session_is_looked_up(person):
    client = person("analyst")
    cookie = client.cookies["sessionid"].value
    assert body_limit.signed_in(f"a=b; sessionid={cookie}")
    assert not body_limit.signed_in("sessionid=nobody")
    assert not body_limit.signed_in("")
