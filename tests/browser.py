"""Debian's Chromium for tests: started, listened to, and asked by axe."""

import shutil
from contextlib import contextmanager

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="needs the test group's playwright")
CHROMIUM = shutil.which("chromium")
REFUSED = "Failed to load resource: the server responded with a status of"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


def without(what):
    """Skips a test of `what`, loudly, where there is no browser."""
    return pytest.mark.skipif(
        CHROMIUM is None, reason=f"NO BROWSER TEST OF {what}: there is no chromium"
    )


@contextmanager
def chromium():
    """A browser that closes at the end."""
    with sync_api.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


def listen(page, faults):
    """Add to `faults` what the page's console says and what its scripts break on.

    That a page itself answers with a status that refuses is for tests to ask, and no fault of it.
    """

    def says(message):
        itself = message.location["url"] == page.url
        if not (itself and message.text.startswith(REFUSED)):
            faults.append(message.text)

    page.on("console", says)
    page.on("pageerror", lambda error: faults.append(str(error)))


@contextmanager
def quiet_page(context):
    """A page whose console must have said nothing by the end."""
    opened, faults = context.new_page(), []
    listen(opened, faults)
    yield opened
    opened.close()
    assert faults == [], faults


def shut_out(page):
    """What axe finds on a page: rule and the first element of each."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found]
