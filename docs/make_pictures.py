"""Make the READMEs' pictures from a run: `python docs/make_pictures.py RUN/report.html`.

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


def main(report: Path) -> None:
    """Write every picture of `PICTURES` into docs/img."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": WIDE, "height": HIGH}, locale="en-GB")
        page.goto(report.resolve().as_uri())
        for name, language in PICTURES:
            take(page, FOLDER / name, language)
        browser.close()


def take(page: Page, path: Path, language: str) -> None:
    """One picture; it must stay small enough for a README."""
    page.locator(f"label[for=language-{language}]").click()
    page.locator("label[for=theme-light]").click()
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=path)
    size = path.stat().st_size
    if size > SIZE_MOST:
        raise SystemExit(f"{path} has {size:,} bytes, more than {SIZE_MOST:,}")
    sys.stderr.write(f"{path} {size:,} bytes\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
