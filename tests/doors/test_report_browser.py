"""The report in a real browser: quiet, offline, switchable, printable, readable without script."""

import pytest

from browser import chromium, listen, without
from report_view import HOSTILE, make_view
from ruqi.adapters.report.html import render

pytestmark = without("THE REPORT")


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(make_view(HOSTILE)), encoding="utf-8")
    return path


@pytest.fixture
def page(browser, report, request):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    opened = context.new_page()
    faults = []
    listen(opened, faults)
    opened.on(
        "dialog", lambda dialog: (faults.append("a script of the book ran"), dialog.dismiss())
    )
    opened.on("request", lambda sent: faults.append(sent.url) if asked_outside(sent.url) else None)
    opened.goto(report.as_uri())
    yield opened
    context.close()
    assert faults == []


def asked_outside(url):
    return not url.startswith("file:") or not url.endswith("report.html")


def choose(page, name):
    page.locator(f"label[for={name}]").click()


def test_charts_are_drawn_as_svg_with_words_for_listeners(page):
    charts = page.locator(".chart:visible")
    assert charts.count() == 5
    for place in range(charts.count()):
        assert charts.nth(place).locator("svg path").count() > 3
        assert charts.nth(place).get_attribute("role") == "img"
        assert len(charts.nth(place).get_attribute("aria-label")) > 20


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("language", "lang", "title", "month"),
    [
        ("en", "en", "Overdue risk and the plan of the day", "Sep"),
        ("zh", "zh-Hans", "逾期风险与当日处置方案", "9月"),
    ],
)
def test_language_and_theme_switch(page, tmp_path, theme, language, lang, title, month):
    choose(page, f"language-{language}")
    choose(page, f"theme-{theme}")
    assert page.locator("h1").inner_text().strip() == title
    assert page.locator("html").get_attribute("lang") == lang
    assert month in page.locator("#chart-trend-late_1p_count").inner_text()
    dark = page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor")
    assert dark == ("rgb(15, 19, 26)" if theme == "dark" else "rgb(247, 248, 250)")
    ink = page.locator("#chart-trend-late_1p_count svg").inner_html()
    assert ("#8ab4ff" in ink) == (theme == "dark")
    shot = tmp_path / f"{language}-{theme}.png"
    page.screenshot(path=shot)
    assert shot.stat().st_size > 20_000


def test_switching_a_definition_shows_its_panel_and_draws_its_chart(page):
    page.locator(".choices label", has_text="Late by two steps or more").first.click()
    assert page.locator("#chart-trend-late_2p_count svg").is_visible()
    assert not page.locator("#chart-trend-late_1p_count").is_visible()
    page.locator("#rolls .choices label", has_text="by balance").click()
    page.locator("#rolls .choices label", has_text="Sep 2005").click()
    caption = page.locator("#rolls .caption:visible")
    assert caption.count() == 1
    assert caption.inner_text().startswith("Roll rates by balance: Sep 2005 ⚑")


def test_the_keyboard_alone_switches(page):
    page.locator("#language-en").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("h1").inner_text().strip() == "逾期风险与当日处置方案"
    outline = page.locator("label[for=language-zh]").evaluate(
        "e => getComputedStyle(e).outlineStyle"
    )
    assert outline == "solid"


def test_a_chinese_reader_is_met_in_chinese(browser, report):
    context = browser.new_context(locale="zh-CN")
    opened = context.new_page()
    opened.goto(report.as_uri())
    assert opened.locator("html").get_attribute("lang") == "zh-Hans"
    context.close()


def test_text_tables_and_switches_work_without_script(browser, report):
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(report.as_uri())
    choose(opened, "language-zh")
    choose(opened, "theme-dark")
    assert opened.locator("h1").inner_text().strip() == "逾期风险与当日处置方案"
    opened.locator(".choices label", has_text="逾期二级及以上").first.click()
    assert opened.locator("#trend table:visible").count() == 1
    assert opened.locator(".chart:visible").count() == 0
    assert opened.locator(".only-plain:visible").count() == 5
    context.close()


@pytest.mark.parametrize("wide", [390, 1280])
def test_nothing_sticks_out(page, wide):
    page.set_viewport_size({"width": wide, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == wide


def test_on_a_phone_long_tables_are_closed_and_wide_ones_say_that_they_scroll(browser, tmp_path):
    view = make_view()
    view["evaluation"]["scores"] += [dict(view["evaluation"]["scores"][0])] * 9
    path = tmp_path / "report.html"
    path.write_text(render(view), encoding="utf-8")
    phone = browser.new_page(viewport={"width": 390, "height": 844}, locale="en-GB")
    phone.goto(path.as_uri())
    long = phone.locator("#quality details.phone").first
    assert long.get_attribute("open") is None
    long.locator("summary").click()
    assert long.locator("table").is_visible()
    assert "scrolls sideways" in long.locator(".caption").inner_text()
    narrow = phone.locator("#plan th[scope=row]").evaluate_all(
        "all => Math.min(...all.filter(e => e.offsetWidth).map(e => e.offsetWidth))"
    )
    assert narrow > 90  # a name never stands one letter a line
    chart = phone.locator("#chart-ranking")
    assert chart.evaluate("e => e.offsetHeight") == 1020
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    phone.close()


def test_a_link_into_something_folded_opens_it(page):
    assert not page.locator("#def-late_1p_count").is_visible()
    page.locator(".card a.chip").first.click()
    assert page.locator("#def-late_1p_count").is_visible()
    assert not page.locator("#provenance table").first.is_visible()


def test_paper_is_light_and_keeps_the_charts(page, tmp_path):
    choose(page, "theme-dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    drawing = page.locator("#chart-trend-late_1p_count svg")
    assert drawing.get_attribute("viewBox") == "0 0 860 310"
    assert "#1d4ed8" in drawing.inner_html()
    head = page.locator("#measures thead").first
    assert head.evaluate("e => getComputedStyle(e).display") == "table-header-group"
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert "#8ab4ff" in drawing.inner_html()
    assert page.pdf(path=tmp_path / "report.pdf").startswith(b"%PDF")


def test_the_policy_stops_a_foreign_script(browser, report):
    context = browser.new_context()
    opened = context.new_page()
    refused = []
    opened.on("console", lambda message: refused.append(message.text))
    opened.goto(report.as_uri())
    opened.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'x = 1'}))"
    )
    assert opened.evaluate("typeof x") == "undefined"
    assert any("Content Security Policy" in text for text in refused)
    context.close()
