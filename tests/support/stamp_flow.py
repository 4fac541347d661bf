"""A stall with one certified product and nothing on its shelf, and the hands that bring goods there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pypdfium2
import zxingcpp
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from app.accounts.access import place_scope, producer_scope
from app.accounts.models import Role, User
from app.core import clock
from app.errands import errands
from app.jobs import run_due
from builders import make_place, make_producer, make_product, make_register, make_user, recognise
from builders_prints import image
from support.chromium import PHONE, barriers
from support.live import enter_as


@dataclass(frozen=True)
class Stall:
    """Keys and names of a shop that serves the web too, and its people."""

    slug: str
    name: str
    sku_code: str
    gtin: str
    place_id: UUID
    place: str
    producer: User
    officer: User
    keeper: User
    cashier: User


def build(session: Session) -> Stall:
    """A published product with four stars, a shop with a register; no lot and no stamp yet."""
    maker = make_producer(session, name="HTX Nhãn lồng Hồng Nam", slug="htx-hong-nam")
    product = make_product(session, publish=True, name_vi="Long nhãn Hồng Nam", producer=maker)
    recognise(session, product, 4)
    shop = make_place(session, name="Điểm bán Phố Hiến", address="12 Phố Hiến", serves_web=True)
    make_register(session, shop)
    sku, here = product.skus[0], place_scope(shop.id)
    return Stall(
        slug=product.slug,
        name=product.name_vi,
        sku_code=sku.code,
        gtin=str(sku.gtin),
        place_id=shop.id,
        place=shop.name,
        producer=make_user(session, Role.PRODUCER, producer_scope(maker.id)),
        officer=make_user(session, Role.OFFICER),
        keeper=make_user(session, Role.STOCK_KEEPER, here),
        cashier=make_user(session, Role.CASHIER, here),
    )


@dataclass
class Hands:
    """One telephone in the hands of one member of staff after another; each page is judged."""

    page: Page
    app: Flask
    live: str
    wrong: list[str] = field(default_factory=list)

    def of(self, user: User) -> None:
        """The next one signs in."""
        enter_as(self.page, self.app, self.live, user)

    def go(self, path: str) -> None:
        """Open a page."""
        self.page.goto(path)
        self.wrong += faults(self.page)

    def fill(self, **values: object) -> None:
        """Write into fields of the page by their names."""
        for name, value in values.items():
            self.page.locator(f"main [name={name}]").fill(str(value))

    def press(self, step: str) -> None:
        """Send the form whose address ends so."""
        self.page.locator(
            f"form[action$='{step}'] button[type=submit], form[action$='{step}'] .btn"
        ).first.click()
        self.page.wait_for_load_state()
        self.wrong += faults(self.page)


def work(app: Flask) -> None:
    """The worker does what is queued."""
    run_due(clock.now(), errands=errands(app))


def symbols(file: Path) -> list[str]:
    """What the square codes of a printed file say, page by page, as a phone reads them."""
    with pypdfium2.PdfDocument(file) as document:
        return [
            str(found.text) for page in document for found in zxingcpp.read_barcodes(image(page))
        ]


@contextmanager
def telephone(browser: Browser, live: str, make: str, *, script: bool = True) -> Iterator[Page]:
    """Somebody's telephone, told from others by its make."""
    width, height = PHONE
    context = browser.new_context(
        base_url=live,
        locale="vi-VN",
        user_agent=f"Mozilla/5.0 (Linux; Android 16; {make}) Chrome/140.0 Mobile",
        viewport={"width": width, "height": height},
        java_script_enabled=script,
    )
    yield context.new_page()
    context.close()


def faults(page: Page) -> list[str]:
    """What keeps someone out of the page on a telephone, or makes it wider than that."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    wrong = barriers(page) + ([f"{wide} px wide"] if wide > PHONE[0] else [])
    return [f"{page.url}: {text}" for text in wrong]
