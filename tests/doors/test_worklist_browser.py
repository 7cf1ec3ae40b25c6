"""A supervisor hands out the day's work by clicks and keys; a collector works the own list."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from browser import chromium, listen, shut_out, without
from desk_books import held_run, next_run, write_folder
from desk_server import short_folder
from served_desk import Served

pytestmark = without("THE WORKLIST")
ASIDE = """
import sys
from pathlib import Path
from ruqi.apps.server import database
with database(Path(sys.argv[1])):
    from ruqi.apps.desk_wiring import shelve
    from ruqi.apps.web.sign_in import invite
    shelve(Path(sys.argv[2]))
    for name in ("lead", "chief"):
        print(name, invite(name, ["supervisor"]))
    for name in ("li", "wang"):
        print(name, invite(name, ["collector"]))
"""


@pytest.fixture(scope="module")
def served():
    """Two runs of one book, and the links by which three people sign in."""
    with short_folder() as folder:
        made = Served(folder)
        write_folder(made.run, held_run())
        later = write_folder(folder / "later", next_run())
        made.start()
        words = [sys.executable, "-c", ASIDE, str(folder / "db"), str(later)]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        made.links = dict(line.split() for line in said.splitlines())
        yield made
        made.end()


@pytest.fixture(scope="module")
def browser():
    with chromium() as made:
        yield made


def enter(browser, served, name, faults):
    """A page where somebody has signed in; what the console says is added to `faults`."""
    page = browser.new_context(locale="en-GB").new_page()
    listen(page, faults)
    page.goto(f"{served.base}/enter/{served.links[name]}/")
    page.locator("button.main").click()
    page.wait_for_load_state()
    return page


def looks_well(page, served):
    """Both languages, wide and narrow, light and dark: it fits, and axe finds nothing."""
    address = page.url
    for language, theme, width in (("zh-hans", "dark", 390), ("en", "light", 1200)):
        cookies = {"django_language": language, "theme": theme}
        page.context.add_cookies(
            [{"name": k, "value": v, "url": served.base} for k, v in cookies.items()]
        )
        page.set_viewport_size({"width": width, "height": 900})
        assert page.goto(address).status == 200
        root = page.locator("html")
        assert root.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), "it scrolls sideways"
        assert shut_out(page) == []


def test_work_is_handed_out_and_done_from_the_own_list(served, browser):
    faults = []
    lead = enter(browser, served, "lead", faults)
    lead.goto(f"{served.base}/run/2/worklist/")
    looks_well(lead, served)

    lead.get_by_role("link", name="Treated otherwise").click()
    lead.wait_for_url("**change=changed")
    assert "was: Call" in lead.locator("td.then").inner_text()
    lead.goto(f"{served.base}/run/2/worklist/")
    lead.locator("select[name=bucket]").select_option("M1")
    lead.get_by_role("button", name="Show").click()
    lead.wait_for_url("**/worklist/?bucket=M1")
    lead.locator("details.keep summary").click()
    lead.locator("details.keep input[name=name]").fill("The day's M1")
    lead.get_by_role("button", name="Save this view").click()
    lead.locator(".chip-link", has_text="The day's M1").wait_for()

    lead.get_by_role("button", name="Assign all 3 that match").click()
    lead.wait_for_url("**/assign/?**")
    lead.locator("input[name=to][value=li]").check()
    lead.locator("input[name=to][value=wang]").check()
    lead.get_by_role("button", name="Preview").click()
    lead.get_by_role("heading", name="Who has how much").wait_for()
    looks_well(lead, served)
    lead.get_by_role("button", name="Assign 3 accounts").click()
    lead.get_by_text("3 accounts assigned.").wait_for()

    lead.goto(f"{served.base}/run/2/worklist/?assigned=nobody&sort=account")
    for key in ("j", "x", "a"):  # the first row, chosen, assigned
        lead.keyboard.press(key)
    lead.wait_for_url("**/assign/?**reach=chosen**")
    assert "Accounts chosen: 1." in lead.locator("main").inner_text()

    collector = enter(browser, served, "li", faults)
    assert collector.url == f"{served.base}/run/2/worklist/"
    collector.get_by_role("heading", name="My list").wait_for()
    looks_well(collector, served)
    seen = collector.locator("[data-row] a[data-open]").all_inner_texts()
    assert 0 < len(seen) < 3
    with collector.expect_download() as file:
        collector.get_by_role("link", name="Excel").click()
    content = io.BytesIO(Path(file.value.path()).read_bytes())
    rows = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == seen
    assert faults == []


def test_unmasking_is_asked_for_and_its_link_is_ones_own(served, browser):
    faults = []
    chief = enter(browser, served, "chief", faults)
    chief.goto(f"{served.base}/run/1/dialler/?bucket=M2")
    looks_well(chief, served)
    chief.locator("input[name=reason]").fill("Agency campaign of October")
    chief.get_by_role("button", name="Put on record").click()
    link = chief.get_by_role("link", name="Download with whole numbers")
    link.wait_for()
    looks_well(chief, served)
    with chief.expect_download() as file:
        link.click()
    assert file.value.suggested_filename == "dialler-1-unmasked.csv"
    address = served.base + link.get_attribute("href")
    assert faults == []
    wang = enter(browser, served, "wang", [])
    assert wang.goto(address).status == 403
