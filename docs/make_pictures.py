"""Make the README's pictures from a finished run: `python docs/make_pictures.py RUN/report.html`.

Needs Chromium (`/usr/bin/chromium`) and the test group's playwright. The same report gives the same
pictures on the same machine; fonts differ between machines.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parent / "img"
SIZE_MOST = 300_000  # bytes of one picture
WIDE, HIGH = 1200, 900
HEADER = 60  # the bar that stays at the top
# Picture, language, theme, and the part of the page that stands at its top (None: the beginning).
PICTURES = (
    ("report-en.png", "en", "light", None),
    ("report-zh.png", "zh", "light", None),
    ("plan-en.png", "en", "light", "plan"),
    ("rolls-zh-dark.png", "zh", "dark", "rolls"),
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
        for name, language, theme, part in PICTURES:
            take(page, FOLDER / name, language, theme, part)
        browser.close()


def take(page: Page, path: Path, language: str, theme: str, part: str | None) -> None:
    """One picture; it must stay small enough for a README."""
    page.locator(f"label[for=language-{language}]").click()
    page.locator(f"label[for=theme-{theme}]").click()
    page.mouse.move(0, 0)
    top = 0 if part is None else page.locator(f"#{part}").evaluate("e => e.offsetTop")
    page.evaluate(f"scrollTo(0, {max(top - HEADER, 0)})")
    page.screenshot(path=path)
    size = path.stat().st_size
    if size > SIZE_MOST:
        raise SystemExit(f"{path} has {size:,} bytes, more than {SIZE_MOST:,}")
    sys.stderr.write(f"{path} {size:,} bytes\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
