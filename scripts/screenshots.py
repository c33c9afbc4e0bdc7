"""Take the README's pictures of the page: python scripts/screenshots.py [PAGE]."""

import base64
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))  # the browser is that of the tests

from playwright.sync_api import Page  # noqa: E402
from support.browser import browser, choose, executable, open_page  # noqa: E402

DEFAULT = ROOT / "demo" / "lake" / "index.html"
IMAGES = ROOT / "docs" / "images"
DESKTOP, PHONE = {"width": 1180, "height": 1010}, {"width": 360, "height": 780}


def main() -> None:
    """Four pictures: the answers in both languages, charts with a filter in the dark, a phone."""
    page_file = Path(sys.argv[1] if len(sys.argv) > 1 else DEFAULT).resolve()
    path = executable()
    if path is None:
        sys.exit("screenshots: no browser; apt-get install chromium, or set BROWSER_PATH")
    if not page_file.is_file():
        sys.exit(f"screenshots: no {page_file}; run: make run")
    with browser(path) as chromium:
        uri = page_file.as_uri()
        for language, name in (("en", "page"), ("pt-BR", "page.pt-BR")):
            page = open_page(chromium, uri, viewport=DESKTOP, color_scheme="light")
            choose(page, "language", language)
            save(page, name)
        page = open_page(chromium, uri, viewport=DESKTOP, color_scheme="dark")
        choose(page, "genre", "0")
        page.evaluate("document.querySelector('#figure-films').scrollIntoView()")
        save(page, "charts-dark")
        page = open_page(chromium, uri, viewport=PHONE, color_scheme="light")
        page.evaluate("document.querySelector('#answers').scrollIntoView()")
        save(page, "phone")


def save(page: Page, name: str) -> None:
    """The window as a WebP file of the README's images."""
    options = {"format": "webp", "quality": 82}
    page.wait_for_timeout(800)  # smooth scrolling ends
    screenshot = page.context.new_cdp_session(page).send("Page.captureScreenshot", options)
    (IMAGES / f"{name}.webp").write_bytes(base64.b64decode(screenshot["data"]))
    page.context.close()


if __name__ == "__main__":
    main()
