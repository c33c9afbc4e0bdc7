"""A headless Chromium for tests and screenshots: the system's own, or Playwright's."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def executable() -> str | None:
    """Where a browser is: `BROWSER_PATH`, the path, or what Playwright installed."""
    path = os.environ.get("BROWSER_PATH") or next(filter(None, map(shutil.which, NAMES)), None)
    if path:
        return path
    with sync_playwright() as playwright:
        installed = playwright.chromium.executable_path
    return installed if os.path.exists(installed) else None  # noqa: PTH110


@contextmanager
def browser(path: str) -> Iterator[Browser]:
    """A running browser."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=[*QUIET])
        yield running
        running.close()


def open_page(running: Browser, uri: str, **context: Any) -> Page:
    """The page, drawn; `page.complaints` are those of its console, `page.requested` addresses."""
    page = running.new_context(**{"viewport": {"width": 1280, "height": 900}} | context).new_page()
    page.complaints, page.requested = [], []
    page.on("console", lambda message: page.complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda request: page.requested.append(request.url))
    page.goto(uri)
    drawn(page)
    return page


def drawn(page: Page) -> None:
    """Wait until every chart shows what is chosen."""
    page.wait_for_selector("html.drawn", timeout=60_000)


def choose(page: Page, name: str, value: str) -> None:
    """Choose a radio button as a person does, by its label."""
    page.locator(f"label:has(> input[name='{name}'][value='{value}'])").click()
    drawn(page)
