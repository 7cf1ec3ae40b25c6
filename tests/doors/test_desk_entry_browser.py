"""The ways in and out, and pages that refuse: in a real browser they shut nobody out."""

import subprocess
import sys

import pytest
from allauth.mfa.totp.internal import auth as totp

from browser import chromium, listen, shut_out, without
from desk_books import held_run, write_folder
from desk_server import short_folder
from served_desk import Served

pytestmark = without("THE WAYS IN")
PASSWORD = "a long pass phrase"
ASIDE = """
import sys
from pathlib import Path
from ruqi.apps.server import database
with database(Path(sys.argv[1])):
    from ruqi.apps.web.sign_in import dismiss, invite
    invite("gone", ["collector"])
    dismiss("gone")
    print("chief", invite("chief", ["analyst", "administrator"]))
    print("fresh", invite("fresh", ["analyst"]))
    print("li", invite("li", ["collector"]))
    print("unused", invite("wang", ["collector"]))
"""


@pytest.fixture(scope="module")
def served():
    with short_folder() as folder:
        made = Served(folder)
        write_folder(made.run, held_run())
        made.start()
        words = [sys.executable, "-c", ASIDE, str(folder / "db")]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        made.links = dict(line.split() for line in said.splitlines())
        yield made
        made.end()


@pytest.fixture(scope="module")
def people(served):
    """Whom pages are asked as: a browser of their own each; the chief has set a password."""
    with chromium() as browser:
        made = {one: browser.new_context() for one in ("nobody", "chief", "fresh", "li")}
        for name in ("chief", "fresh", "li"):
            page = made[name].new_page()
            page.goto(f"{served.base}/enter/{served.links[name]}/")
            page.locator("button.main").click()
            page.wait_for_url("**/run/1/**")
            if name == "chief":
                page.goto(f"{served.base}/account/password/set/")
                page.locator("[name=password1]").fill(PASSWORD)
                page.locator("[name=password2]").fill(PASSWORD)
                send(page)
            page.close()
        yield made


def send(page):
    """Send the form of the page's own part."""
    with page.expect_navigation():
        page.locator("main form button[type=submit], main form button.main").first.click()


def wrong_password(page, base):
    page.goto(f"{base}/account/login/")
    page.locator("[name=login]").fill("chief")
    page.locator("[name=password]").fill("not the word")
    send(page)
    assert page.locator("[role=alert]").count() == 1


def activation(page, base):
    """Where a second factor is made, after the password was asked for again where it is due."""
    page.goto(f"{base}/account/2fa/totp/activate/")
    if page.locator("[name=password]").count():
        page.locator("[name=password]").fill(PASSWORD)
        send(page)
    page.locator("#authenticator_secret").wait_for()


SCENES = {  # who asks, what, and the answer's status
    "sign-in": ("nobody", "/account/login/", 200),
    "wrong password": ("nobody", wrong_password, 200),
    "link": ("nobody", "/enter/{unused}/", 200),
    "spent link": ("nobody", "/enter/{li}/", 410),
    "no such page": ("nobody", "/none/", 404),
    "address too long": ("nobody", "/enter/" + "a" * 300_000, 431),
    "not open": ("li", "/people/", 403),
    "no such way": ("li", "/theme/", 405),
    "password to set": ("fresh", "/account/password/set/", 200),
    "password": ("chief", "/account/password/change/", 200),
    "access to confirm": ("chief", "/account/reauthenticate/", 200),
    "sign-out": ("chief", "/account/logout/", 200),
    "new second factor": ("chief", activation, 200),
    "people": ("chief", "/people/", 200),
}


def seen(served, context, shown, turn, status=200):
    """A scene in both languages: one wide, one narrow, one light, one dark, by turns."""
    themes = ("light", "dark") if turn % 2 else ("dark", "light")
    sizes = (1200, 390) if turn % 4 < 2 else (390, 1200)
    for language, theme, width in zip(("en", "zh-hans"), themes, sizes, strict=True):
        kept = {"django_language": language, "theme": theme}
        context.add_cookies([{"name": k, "value": v, "url": served.base} for k, v in kept.items()])
        page, faults = context.new_page(), []
        listen(page, faults)
        page.set_viewport_size({"width": width, "height": 900})
        if callable(shown):
            shown(page, served.base)
        else:
            assert page.goto(served.base + shown.format(**served.links)).status == status
        fits = page.locator("html").evaluate("e => e.scrollWidth <= e.clientWidth + 1")
        assert fits, f"it scrolls sideways at {width} in {language}"
        assert shut_out(page) == []
        assert faults == []
        page.close()


@pytest.mark.parametrize("name", SCENES)
def test_a_way_in_shuts_nobody_out(served, people, name):
    who, shown, status = SCENES[name]
    seen(served, people[who], shown, list(SCENES).index(name), status)


def test_a_second_factor_shuts_nobody_out(served, people):
    page = people["chief"].new_page()
    activation(page, served.base)
    secret = page.locator("#authenticator_secret").input_value()
    counter = next(totp.yield_hotp_counters_from_time())
    page.locator("[name=code]").fill(totp.format_hotp_value(totp.hotp_value(secret, counter)))
    send(page)
    page.wait_for_url("**/recovery-codes/**")
    page.close()
    ways = (
        "",
        "recovery-codes/",
        "recovery-codes/generate/",
        "totp/deactivate/",
        "reauthenticate/",
    )
    for turn, way in enumerate(ways):
        seen(served, people["chief"], f"/account/2fa/{way}", turn)


def too_often(page, base):
    """Ask so often that no further try is answered."""
    page.goto(f"{base}/account/login/")
    token = page.locator("main [name=csrfmiddlewaretoken]").input_value()
    tries = {"csrfmiddlewaretoken": token}
    while page.request.post(f"{base}/account/login/", form=tries).status != 429:
        pass
    page.locator("[name=login]").fill("nobody")
    page.locator("[name=password]").fill("x")
    send(page)
    assert page.locator("main form").count() == 0


def test_who_tries_too_often_is_told_so_on_a_sound_page(served, people):
    seen(served, people["nobody"], too_often, 3)
