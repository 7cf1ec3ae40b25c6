"""Make the pictures of READMEs and docs: `make_pictures.py RUN/report.html [SIGN-IN LINK]`.

The link is the one that `./dev demo` prints; with it, the desk's pictures are made too.

Needs Chromium (`/usr/bin/chromium`) and the test group's playwright. The same report gives the same
pictures on the same machine; fonts differ between machines.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parent / "img"
SIZE_MOST = 300_000  # bytes of one picture
WIDE, HIGH = 1200, 900
# Picture and language: the top of the page, in light, as README.md and README.zh.md show it.
PICTURES = (
    ("report.png", "en"),
    ("report-zh.png", "zh"),
)
# Pages of the run loaded last: who is called, and why (READMEs); the first page (docs/start.md).
DESK = (
    ("desk.png", "en", "/worklist/?treatment=call"),
    ("desk-zh.png", "zh-hans", "/worklist/?treatment=call"),
    ("overview.png", "en", "/overview/"),
    ("overview-zh.png", "zh-hans", "/overview/"),
)


def main(report: Path, link: str | None) -> None:
    """Write every picture of `PICTURES`, and with a sign-in link those of `DESK`, into docs/img."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": WIDE, "height": HIGH}, locale="en-GB")
        page.goto(report.resolve().as_uri())
        for name, language in PICTURES:
            take(page, FOLDER / name, language)
        if link is not None:
            take_desk(browser.new_page(viewport={"width": WIDE, "height": HIGH}), link)
        browser.close()


def take_desk(page: Page, link: str) -> None:
    """Sign in, and show its pages."""
    page.goto(link)
    page.locator("button.main").click()
    page.wait_for_url("**/overview/")
    start = page.url
    for name, language, there in DESK:
        place = start.replace("/overview/", there)
        words = {"django_language": language, "theme": "light"}
        page.context.add_cookies([{"name": k, "value": v, "url": place} for k, v in words.items()])
        page.goto(place)
        keep(page, FOLDER / name)


def take(page: Page, path: Path, language: str) -> None:
    """One picture of the report."""
    page.locator(f"label[for=language-{language}]").click()
    page.locator("label[for=theme-light]").click()
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 0)")
    keep(page, path)


def keep(page: Page, path: Path) -> None:
    """Write what the page shows; it must stay small enough for a README."""
    page.screenshot(path=path)
    size = path.stat().st_size
    if size > SIZE_MOST:
        raise SystemExit(f"{path} has {size:,} bytes, more than {SIZE_MOST:,}")
    sys.stderr.write(f"{path} {size:,} bytes\n")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) == 3 else None)
