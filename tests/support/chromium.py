"""Debian's Chromium, driven by Playwright; nothing is downloaded."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = (1280, 800)
PHONE = (390, 844)


@contextmanager
def launched() -> Iterator[Browser]:
    """A running browser; raises when none is installed."""
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError("no chromium for the browser tests: run `make test-setup`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, address: str, size: tuple[int, int], now: datetime) -> Iterator[Page]:
    """A page of someone in Vietnam at `now`; fails afterwards if the browser complained."""
    width, height = size
    context: BrowserContext = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    context.clock.install(time=now)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.extend(_complaint(message)))
    yield page
    context.close()
    assert complaints == []


def _complaint(message: ConsoleMessage) -> list[str]:
    # An answer such as 422 or 404 is the test's own business; everything else is a fault.
    is_answer = message.text.startswith("Failed to load resource")
    return [message.text] if message.type == "error" and not is_answer else []


def barriers(page: Page) -> list[str]:
    """What keeps people with disabilities out of the page, by axe's rules; one line each."""
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:120]}"
        for rule in found
        for node in rule["nodes"]
    ]
