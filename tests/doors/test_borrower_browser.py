"""The public pages as borrowers use them: a real browser, both languages, phone and desktop.

They need no database: an answer of theirs would fail here if it asked for one.
"""

import pytest
from django.test import override_settings

from browser import chromium, listen, shut_out, without

pytestmark = without("THE PUBLIC PAGES")
QUESTION = "product=flat_fee_12&amount=1200&on=2026-11-25"
REFUSED = "product=other&instalments=12&fee=1.5&amount=1200&on=2026-11-25"
PAGES = {
    "form": "/calculator/",
    "answer": f"/calculator/?{QUESTION}",
    "refused": f"/calculator/?{REFUSED}",
    "faulty": "/calculator/?product=nothing&amount=-5&on=2300-01-01",
    "planner": "/planner/",
}
WIDE_TOO = ("answer", "planner")
DEBTS = (("Card", "14500", "18.25", "10%"), ("Cousin", "6000", "0", "500"))


@pytest.fixture(scope="module")
def base():
    """The desk's own application, without any database behind it."""
    import threading

    from django.core.wsgi import get_wsgi_application
    from waitress.server import create_server

    with override_settings(ALLOWED_HOSTS=["127.0.0.1"]):
        server = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=2)
        runs = threading.Thread(target=server.run, daemon=True)
        runs.start()
        yield f"http://127.0.0.1:{server.effective_port}"
        server.close()


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture
def visit(browser, base):
    """Opens a page for a reader; afterwards no console message may have come."""
    contexts, faults = [], []

    def opened(language="en", theme="light", width=390, **more):
        context = browser.new_context(viewport={"width": width, "height": 844}, **more)
        cookies = {"django_language": language, "theme": theme}
        context.add_cookies([{"name": k, "value": v, "url": base} for k, v in cookies.items()])
        contexts.append(context)
        page = context.new_page()
        listen(page, faults)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def fill(page, base):
    page.goto(f"{base}/planner/")
    page.locator("#income").fill("8000")
    page.locator("#outgoings").fill("5200")
    for number, debt in enumerate(DEBTS, start=1):
        for part, value in zip(("name", "balance", "rate", "minimum"), debt, strict=True):
            page.locator(f"#{part}-{number}").fill(value)
    page.locator("#extra").fill("200")
    page.locator("#less").fill("20")


def look(page):
    """It fits, nothing on it is too small to be touched, and axe finds nothing."""
    root = page.locator("html")
    assert root.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), "it scrolls sideways"
    heights = root.evaluate(
        """e => [...e.querySelectorAll("main button, main input, main select, nav a")]
            .map(one => one.getBoundingClientRect()).filter(box => box.width > 30)
            .map(box => box.height)"""
    )
    assert min(heights) >= 44
    assert shut_out(page) == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_quiet_accessible_and_fits(visit, base, name, language):
    looks = ((390, "dark"), (1200, "light"))
    for width, theme in looks if name in WIDE_TOO else looks[:1]:
        page = visit(language, theme, width)
        assert page.goto(base + PAGES[name]).status == 200
        lang = "zh-Hans" if language == "zh-hans" else "en"
        assert page.locator("html").get_attribute("lang") == lang
        look(page)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_plan_is_quiet_accessible_and_fits(visit, base, language):
    for width, theme in ((390, "light"), (1200, "dark")):
        page = visit(language, theme, width)
        fill(page, base)
        page.locator("main button.main").click()
        page.locator("#answer svg polyline").first.wait_for()
        look(page)


def test_everything_works_without_a_script(visit, base):
    page = visit(java_script_enabled=False)
    page.goto(f"{base}/calculator/")
    page.get_by_role("link", name="Try an example").click()
    page.get_by_text("CN¥1,272.00").wait_for()
    page.get_by_label("Price", exact=True).fill("2400")
    page.get_by_role("button", name="Show what it costs").click()
    page.get_by_text("CN¥2,544.00").wait_for()
    assert "amount=2400" in page.url
    page.get_by_role("link", name="中文").click()
    page.get_by_text("¥2,544.00").wait_for()
    assert "language" not in page.url
    page.get_by_role("link", name="深色").click()
    assert page.locator("#theme-dark").count() == 1


def test_a_plan_is_made_without_a_script(visit, base):
    page = visit(java_script_enabled=False)
    fill(page, base)
    page.get_by_role("button", name="Add a debt").click()
    page.locator("#balance-3").fill("100")
    page.locator("#balance-3").press("Enter")  # asks for the plan, not for another language
    problems = page.get_by_role("alert")
    problems.get_by_text("Debt 3").first.wait_for()
    assert page.locator("#balance-1").input_value() == "14500"
    page.get_by_role("button", name="Take out debt 3").click()
    page.get_by_role("button", name="Show the plans").last.click()
    page.get_by_role("heading", name="Your plan").wait_for()
    page.get_by_role("button", name="中文").click()
    page.get_by_role("heading", name="您的计划").wait_for()
    assert page.locator("#name-2").input_value() == "Cousin"


def test_what_is_printed_is_the_answer_and_not_the_form(visit, base):
    page = visit()
    page.goto(f"{base}/calculator/?{QUESTION}")
    page.emulate_media(media="print")
    assert not page.locator("form").is_visible()
    assert page.locator("table.plan").is_visible()
    assert page.pdf().startswith(b"%PDF")
