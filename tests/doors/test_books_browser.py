"""The main story by clicks: a foreign book is uploaded, mapped, mended, run and worked from."""

from pathlib import Path

import pytest

from browser import chromium, quiet_page, shut_out, without
from desk_server import short_folder
from doors.books import stranger
from served_desk import Served

pytestmark = without("THE DESK")
WAIT = 240_000  # milliseconds, for work in the background on a busy machine
SAYS = {
    "en": {
        "read": "The files were read.",
        "faults": "Faults: 1. Correct the mapping",
        "clean": "No faults. The book can be run.",
        "done": "The run is finished and stands on the desk.",
        "mapping": "Mapping",
        "save": "Save and check",
        "run": "Run",
        "again": "Upload corrections",
        "upload": "Upload",
    },
    "zh-hans": {
        "read": "文件已读取",
        "faults": "共 1 处数据错误。请按",
        "clean": "没有数据错误，可以运行。",
        "done": "运行完成，结果已载入工作台。",
        "mapping": "字段映射",
        "save": "保存并检查",
        "run": "开始运行",
        "again": "上传更正",
        "upload": "上传",
    },
}


@pytest.fixture(scope="module")
def served():
    with short_folder() as folder:
        made = Served(folder)
        made.link = made.start()
        yield made
        made.end()


@pytest.fixture(scope="module")
def browser(served):
    with chromium() as opened:
        context = opened.new_context()
        page = context.new_page()
        page.goto(served.link)
        page.locator("button.main").click()
        page.wait_for_url("**/books/")
        page.close()
        yield context


@pytest.fixture
def page(browser):
    with quiet_page(browser) as opened:
        yield opened


def sound(page):
    """The page fits, wide and narrow, and shuts nobody out."""
    for width in (1200, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.reload()  # what scrolls takes the keyboard once the page has its width
        fits = page.locator("html").evaluate("e => e.scrollWidth <= e.clientWidth + 1")
        assert fits, f"{page.url} scrolls sideways at {width}"
        assert shut_out(page) == []
    page.set_viewport_size({"width": 1200, "height": 900})


def damaged(book):
    """The book with a wrong cell on its third line; the sound file's bytes."""
    path = book / "月末.csv"
    whole = path.read_bytes()
    lines = whole.split(b"\n")
    lines[2] = lines[2].replace("年".encode("gb18030"), b"?")
    path.write_bytes(b"\n".join(lines))
    return whole


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_from_a_strangers_files_to_a_worklist(served, browser, page, tmp_path, language):
    says = SAYS[language]
    theme = "light" if language == "en" else "dark"
    for name, value in {"django_language": language, "theme": theme}.items():
        browser.add_cookies([{"name": name, "value": value, "url": served.base}])
    book = stranger(tmp_path / language)
    (book / "tape.yaml").unlink()
    whole = damaged(book)

    page.goto(f"{served.base}/books/")
    sound(page)
    page.locator("input[type=file]").first.set_input_files(sorted(book.glob("*.csv")))
    page.locator("input[name=name]").fill(f"stranger {language}")
    page.get_by_role("button", name=says["upload"], exact=True).click()
    page.wait_for_url("**/books/*/")
    page.get_by_text(says["read"]).wait_for(timeout=WAIT)
    sound(page)

    page.get_by_role("link", name=says["mapping"], exact=True).click()
    page.wait_for_url("**/mapping/")
    sound(page)
    page.locator("summary:has(#m-text)").click()
    page.locator("#yaml").fill("tape: [")  # no YAML
    page.locator("button.plain").click()
    page.locator("main > [role=alert]").wait_for()
    sound(page)
    page.goto(page.url.replace("mapping/text/", "discard/"))
    page.locator("main form button").wait_for()
    sound(page)
    page.goto(page.url.replace("discard/", "mapping/"))
    assert page.locator("[name='c.performance.stage']").input_value() == "逾期阶段"
    assert page.locator("[name='t.performance.encoding']").input_value() == "gb18030"
    # One wrong cell takes no column from the draft; a person makes sure of it all the same.
    assert page.locator("[name='c.performance.on']").input_value() == "账期"
    page.locator("[name='c.performance.on']").select_option("账期")
    page.locator("[name='f.performance.on.format']").fill("%Y年%m月")
    page.get_by_role("button", name=says["save"]).click()
    page.wait_for_url("**/books/*/")
    page.get_by_text(says["faults"]).wait_for(timeout=WAIT)
    assert page.locator("#faults tbody tr").first.locator("td").first.inner_text() == "3"
    sound(page)
    with page.expect_download() as file:
        page.locator("#faults").get_by_role("link", name="CSV").click()
    assert "月末.csv" in Path(file.value.path()).read_text("utf-8-sig")

    (book / "月末.csv").write_bytes(whole)
    page.locator("form.upload input[type=file]").first.set_input_files(book / "月末.csv")
    before = page.url
    page.get_by_role("button", name=says["again"]).click()
    page.wait_for_url(lambda url: url != before)
    page.get_by_text(says["read"]).wait_for(timeout=WAIT)
    page.locator("button[value=check]").click()
    page.get_by_text(says["clean"]).wait_for(timeout=WAIT)
    page.get_by_role("button", name=says["run"], exact=True).click()
    page.get_by_text(says["done"]).wait_for(timeout=WAIT)
    sound(page)
    page.locator("#state a[href*=worklist]").click()
    page.wait_for_url("**/worklist/")
    worklist = page.url
    page.goto(served.base + page.locator("a[data-open]").first.get_attribute("href"))
    page.locator("dl.facts").wait_for()
    page.goto(worklist)
    with page.expect_download() as file:
        page.locator("a[href*='worklist.csv']").first.click()
    assert file.value.suggested_filename.startswith("worklist")
