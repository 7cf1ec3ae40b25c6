from types import SimpleNamespace

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
    status, headers, page = parser.error.to_response()
    assert status == "413 Request Entity Too Large"
    assert dict(headers)["Content-Security-Policy"]
    assert "100 MB" in page.decode()
    assert "未保留" in page.decode()


def test_too_large_a_body_is_not_asked_for(known):
    parser = LimitedParser(Adjustments())
    raw = head("/books/upload/", 200 << 20, "sessionid=mine")
    parser.received(raw.replace(b"Host: x", b"Host: x\r\nExpect: 100-continue"))
    assert parser.error.code == 413
    assert not parser.expect_continue


@pytest.mark.parametrize(
    "lines",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Content-Length: 5\r\nContent-Length: 6",
        f"Content-Length: {'9' * 5000}",
        f"Content-Length: {'9' * 30}",
        "Content-Length: -1",
        "Content-Length: +5",
        "Content-Length : 5",
        "Transfer-Encoding : chunked\r\nContent-Length: 5",
        "X: a\nContent-Length: 5",
    ],
)
def test_a_request_that_two_servers_could_read_in_two_ways_is_refused(known, lines):
    parser = LimitedParser(Adjustments())
    parser.received(f"POST /go/ HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n".encode())
    assert parser.completed
    assert parser.error.code == 400
    assert "无法读取" in parser.error.to_response()[2].decode()


def test_chunks_for_a_server_that_knows_none_are_refused(known):
    parser = LimitedParser(Adjustments())
    parser.received(b"POST /go/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
    assert parser.error.code == 400


@pytest.mark.parametrize(
    ("line", "code"), [("X: " + "a" * 300_000, 431), ("Transfer-Encoding: x", 501)]
)
def test_what_the_server_refuses_is_a_page_in_both_languages(known, line, code):
    parser = LimitedParser(Adjustments())
    parser.received(f"GET / HTTP/1.1\r\nHost: x\r\n{line}\r\n\r\n".encode())
    assert parser.error.code == code
    page = parser.error.to_response()[2].decode()
    assert page.startswith("<!doctype html>")
    assert 'lang="zh-Hans"' in page


@pytest.mark.django_db
def test_a_session_is_looked_up(person):
    client = person("analyst")
    cookie = client.cookies["sessionid"].value
    assert body_limit.signed_in(f"a=b; sessionid={cookie}")
    assert not body_limit.signed_in("sessionid=nobody")
    assert not body_limit.signed_in("")


def test_a_session_is_asked_for_in_a_connection_that_is_alive(monkeypatch):
    done = []
    line = SimpleNamespace(in_atomic_block=False, close=lambda: done.append("close"))
    monkeypatch.setattr("django.db.connection", line)
    load = "django.contrib.sessions.backends.db.SessionStore.load"
    monkeypatch.setattr(load, lambda self: done.append("ask") or {})
    assert not body_limit.signed_in("sessionid=somebody")
    assert done == ["close", "ask", "close"]


def test_who_uploads_while_the_database_is_away_is_told_to_try_again(monkeypatch):
    monkeypatch.setattr(body_limit, "signed_in", lambda _: None)
    parser = parsed("/books/upload/", 50 << 20, "sessionid=mine")
    status, _, page = parser.error.to_response()
    assert status == "503 Service Unavailable"
    assert "数据库" in page.decode()
    assert parsed("/books/upload/", 1000, "sessionid=mine").error is None
