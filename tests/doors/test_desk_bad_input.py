"""What strangers send to the desk: forged posts, foreign hosts, other people's sessions, HTML."""

import polars as pl
import pytest
from django.conf import settings
from django.test import Client

from desk_books import held_run
from ruqi.apps.console import opened

ROLES = ("analyst", "supervisor", "compliance", "administrator")
ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)")
HTML = '"><script>alert(1)</script>'


@pytest.fixture
def client(desk, person):
    return person(*ROLES)


@pytest.mark.parametrize(
    "path", ["/language/setlang/", "/account/logout/", "/account/password/change/", "/enter/x/"]
)
def test_a_forged_post_is_refused(client, path):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = strict.post(path, {"language": "zh-hans"}, headers={"host": "localhost"})
    assert answer.status_code == 403
    stolen = strict.post(
        path,
        {"csrfmiddlewaretoken": "x" * 64},
        headers={"host": "localhost", "origin": "https://evil.example"},
    )
    assert stolen.status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil", ""])
def test_a_foreign_host_gets_no_page(client, host, desk):
    answer = client.get(f"/run/{desk}/overview/", headers={"host": host})
    assert answer.status_code == 400
    forwarded = {"host": "localhost", "x-forwarded-host": "evil.example"}
    page = client.get(f"/run/{desk}/overview/", headers=forwarded)
    assert b"evil.example" not in page.content


@pytest.mark.parametrize("there", ELSEWHERE)
def test_no_link_of_ours_leads_elsewhere(client, there):
    answers = [
        client.post("/language/setlang/", {"language": "en", "next": there}),
        client.get("/go/", {"run": there, "next": there}),
        Client().post("/account/login/", {"login": "a", "password": "b", "next": there}),
        client.get("/account/login/", {"next": there}),
    ]
    for answer in answers:
        assert "evil" not in answer.headers.get("Location", "")
        assert "alert" not in answer.headers.get("Location", "")


def test_signing_in_gives_a_new_session_and_signing_out_ends_it(db, desk):
    from ruqi.apps.web.sign_in import invite

    client = Client(headers={"host": "localhost"})
    client.cookies[settings.SESSION_COOKIE_NAME] = "f" * 32  # put there by somebody else
    link = f"/enter/{invite('new', ['supervisor'])}/"
    client.post(link)
    mine = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert mine != "f" * 32
    stranger = Client(headers={"host": "localhost"})
    stranger.cookies[settings.SESSION_COOKIE_NAME] = "f" * 32
    assert stranger.get(f"/run/{desk}/overview/").status_code == 302
    assert stranger.post(link).status_code == 410  # the link is spent
    client.post("/account/logout/")
    stranger.cookies[settings.SESSION_COOKIE_NAME] = mine
    assert stranger.get(f"/run/{desk}/overview/").status_code == 302


def test_a_session_cookie_is_out_of_reach_of_scripts_and_other_sites(db):
    from ruqi.apps.web.sign_in import invite

    client = Client(headers={"host": "localhost"})
    client.post(f"/enter/{invite('new', ['supervisor'])}/")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_html_in_ids_names_and_addresses_is_shown_as_text(db, person):
    from ruqi.adapters.postgres import shelf

    for kept in (opened.opened, opened.drawn):
        kept.cache_clear()
    run = held_run(sha256="e" * 64)
    for table in ("plan", "steps", "scores", "history", "payments"):
        ids = run.frames[table]["account_id"].str.replace("^A1$", HTML)
        run.frames[table] = run.frames[table].with_columns(ids)
    run.frames["payments"] = run.frames["payments"].with_columns(kind=pl.lit(HTML))
    run.frames["contacts"] = run.frames["contacts"].with_columns(
        channel=pl.lit(HTML), direction=pl.lit(HTML), outcome=pl.lit(HTML), agency=pl.lit(HTML)
    )
    run.documents["run.json"]["tape"] = HTML
    run_id = shelf.put(run)
    client = person(*ROLES, name="<b>boss</b>")
    pages = ("overview/", "worklist/", f"worklist/?find={HTML}&bucket={HTML}&rule={HTML}")
    paths = [f"/run/{run_id}/{one}" for one in pages] + ["/books/", "/people/"]
    texts = [client.get(path).content.decode() for path in paths]
    texts.append(client.get(f"/run/{run_id}/account/", {"id": HTML}).content.decode())
    for text in texts:
        assert "<script>alert" not in text
        assert "<b>boss" not in text
    assert "&lt;script&gt;alert(1)" in texts[1]
    assert "&lt;script&gt;alert(1)" in texts[-1]


@pytest.mark.parametrize(
    "asked", ["\0", "a" * 5000, "%00", "' OR 1=1 --", "../../etc/passwd", "ｘ"]
)
def test_strange_words_in_an_address_are_no_error(client, desk, asked):
    for name in ("find", "bucket", "treatment", "sort", "page", "least"):
        page = client.get(f"/run/{desk}/worklist/", {name: asked})
        assert page.status_code == 200, name
    assert client.get(f"/run/{desk}/account/", {"id": asked}).status_code == 404
    assert client.get("/go/", {"run": asked}).status_code in (302, 404)


def test_a_theme_that_is_none_is_the_readers_own(client, desk):
    client.cookies["theme"] = '"><img src=x>'
    page = client.get(f"/run/{desk}/overview/").content.decode()
    assert "<img src=x" not in page
