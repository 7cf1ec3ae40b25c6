"""The desk as people use it: `ruqi serve` in a real browser, in both languages, wide and narrow."""

import os
import signal
import time

import pytest

from browser import chromium, quiet_page, shut_out, without
from desk_books import held_run, write_folder
from desk_server import short_folder
from served_desk import Served

without_browser = without("THE DESK")
PAGES = {
    "overview": "overview/",
    "worklist": "worklist/",
    "empty": "worklist/?find=nobody",
    "account": "account/?id=A1",
    "measures": "measures/",
    "figures": "measures/?definition=every&month=every",
    "scores": "scores/",
    "data": "data/",
    "definitions": "definitions/",
    "law": "law/?at=21:59",
    "books": "/books/",
    "people": "/people/",
    "find": "/find/?q=late",
    "factor": "/account/2fa/",
}


@pytest.fixture(scope="module")
def served():
    with short_folder() as folder:
        made = Served(folder)
        write_folder(made.run, held_run())
        made.link = made.start()
        yield made
        made.end()


@pytest.fixture(scope="module")
def signed_in(served):
    with chromium() as browser:
        context = browser.new_context(locale="en-GB")
        page = context.new_page()
        page.goto(served.link)
        page.locator("button.main").click()
        page.wait_for_url("**/overview/")
        yield context


@pytest.fixture
def page(signed_in):
    with quiet_page(signed_in) as opened:
        yield opened


@without_browser
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_quiet_accessible_and_fits(served, signed_in, page, name, language):
    path = PAGES[name] if PAGES[name].startswith("/") else f"/run/1/{PAGES[name]}"
    themes = ("light", "dark")  # each page has both, and so has each width, by turns
    turn = (list(PAGES).index(name) + (language == "en")) % 2
    for width, theme in ((1200, themes[turn]), (390, themes[1 - turn])):
        kept = {"django_language": language, "theme": theme}
        signed_in.add_cookies(
            [{"name": k, "value": v, "url": served.base} for k, v in kept.items()]
        )
        page.set_viewport_size({"width": width, "height": 900})
        assert page.goto(served.base + path).status == 200
        lang = "zh-Hans" if language == "zh-hans" else "en"
        assert page.locator("html").get_attribute("lang") == lang
        root = page.locator("html")
        assert root.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), "it scrolls sideways"
        for chart in page.locator(".chart:visible").all():
            assert chart.locator("svg path").count() > 1
        assert shut_out(page) == []


@without_browser
def test_the_story_from_the_overview_to_an_account_and_out(served, signed_in, page):
    signed_in.add_cookies([{"name": "django_language", "value": "en", "url": served.base}])
    page.set_viewport_size({"width": 1200, "height": 900})
    page.goto(served.base)
    page.get_by_role("link", name="To the worklist").click()
    page.locator("select[name=contact]").select_option("allowed")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/worklist/?contact=allowed")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "find"
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")  # the account opens beside its list
    drawer = page.get_by_role("dialog", name="Account")
    drawer.get_by_role("heading", name="Why this treatment").wait_for()
    assert shut_out(page) == []
    page.keyboard.press("Escape")
    drawer.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.matches('[data-open]')")
    held = []
    page.route("**/account/**part=1", lambda route: held.append(route))
    page.keyboard.press("Enter")
    page.locator("a[data-open][aria-busy=true]").wait_for()  # marked while it waits
    held[0].continue_()
    drawer.get_by_role("link", name="Open as a page").wait_for()
    assert page.locator("[data-open][aria-busy]").count() == 0
    drawer.get_by_role("link", name="Open as a page").click()
    page.wait_for_url("**/account/**")
    page.get_by_role("link", name="Worklist").first.click()
    page.wait_for_url("**/worklist/**")  # keys are heard once the page has loaded
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    with page.expect_download() as file:
        page.get_by_role("link", name="CSV").click()
    assert file.value.suggested_filename == "worklist-1.csv"
    page.locator("form button[value=zh-hans]").click()
    page.locator("h1", has_text="工作清单").wait_for()


@without_browser
def test_a_phone_shows_where_one_is_and_the_own_menu_closes_by_key(served, page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{served.base}/people/")
    current = page.locator(".side [aria-current]")
    page.locator("html.js").wait_for()
    box = current.bounding_box()
    assert 0 <= box["x"] <= 390 - box["width"], "the page's own name lies outside the strip"
    page.locator(".person summary").click()
    page.locator(".person button").wait_for()
    page.keyboard.press("Escape")
    page.locator(".person button").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.set_viewport_size({"width": 1200, "height": 900})


@without_browser
def test_the_worklist_needs_no_scrolling_sideways(served, page):
    page.set_viewport_size({"width": 1200, "height": 900})
    page.goto(f"{served.base}/run/1/worklist/")
    assert page.locator(".list").evaluate("e => e.scrollWidth <= e.clientWidth + 1")


@without_browser
def test_the_palette_reaches_pages_accounts_and_language_by_keys(served, signed_in, page):
    signed_in.add_cookies([{"name": "django_language", "value": "en", "url": served.base}])
    page.goto(f"{served.base}/run/1/law/")
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog")
    palette.get_by_role("status").filter(has_text="found").wait_for()
    assert shut_out(page) == []
    page.keyboard.type("late_1p_count")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.hash") == "#def-late_1p_count"
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    page.keyboard.press("/")  # a page without a search field opens the palette
    palette.get_by_role("status").filter(has_text="found").wait_for()
    page.keyboard.type("A1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/?id=A1")
    page.get_by_role("link", name="Find or do").click()
    page.keyboard.type("简体")
    palette.get_by_text("1 found").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="账户 A1").wait_for()


def test_a_desk_that_is_killed_starts_again_and_stops_cleanly():
    with short_folder() as folder:
        desk = Served(folder)
        write_folder(desk.run, held_run())
        desk.start()
        desk.end(signal.SIGKILL)  # its database lives on, alone
        pid = int((folder / "db" / "postmaster.pid").read_text().split()[0])
        desk.start()
        os.kill(pid, signal.SIGKILL)  # now the database, under a running desk
        until = time.monotonic() + 60
        time.sleep(0.5)
        while not desk.answers():
            assert time.monotonic() < until, desk.log.read_text()
            time.sleep(0.1)
        assert desk.end() == 0
        assert not (folder / "db" / "postmaster.pid").exists()
