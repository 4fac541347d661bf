"""Pictures of the main pages, for the documentation and for looking at one's work.

    python -m benchmarks.screenshots                    all of them, into docs/screenshots
    python -m benchmarks.screenshots till verify        some of them
    python -m benchmarks.screenshots --to build/look --lang en --dark /gio-hang /quan-ly/kho@officer

`--address` takes a demonstration that runs already; PHOHIEN_INSTANCE then names its folder.
"""

import argparse
import io
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.config import ROOT
from app.core import db
from app.core.web import settings
from app.demo import loading, people
from app.factory import create_app
from benchmarks.demonstration import served

FOLDER = ROOT / "docs" / "screenshots"
HEIGHTS = {390: 844, 768: 1024, 1280: 800}
LONGEST = 1800  # pixels; a longer page is cut, its end says nothing new
MOST_BYTES = 250_000
LOAD_ALL = """async () => {
    for (const image of document.images) image.loading = 'eager';
    await Promise.all([...document.images].map((image) => image.decode().catch(() => null)));
    await document.fonts.ready;
}"""
STAFF = {
    "officer": people.OFFICER,
    "producer": people.PRODUCER,
    "manager": people.MANAGER,
    "cashier": people.CASHIER,
    "keeper": people.KEEPER,
    "customer": people.CUSTOMER,
}


@dataclass(frozen=True)
class Shot:
    """One page: who looks at it, and how to get there. `whole` takes what lies below the fold."""

    name: str
    go: Callable[[Page], object]
    login: str | None = None
    whole: bool = True


def at(path: str) -> Callable[[Page], object]:
    """Go there by address."""
    return lambda page: page.goto(path)


def first_of(path: str, link: str) -> Callable[[Page], object]:
    """Go to a list, then follow its first link of this kind."""

    def go(page: Page) -> None:
        page.goto(path)
        page.goto(str(page.locator(link).first.get_attribute("href")))

    return go


def stamp(what: str) -> Callable[[Page], object]:
    """The page of a stamp of the demonstration, by what it shows."""

    def go(page: Page) -> None:
        with db.reading() as session:
            addresses = dict(loading.examples(session, settings()))
        page.goto(re.sub(r"^https?://[^/]+", "", addresses[what]))

    return go


def journey(page: Page) -> None:
    """The story of the lot whose stamp is on sale."""
    stamp("on sale")(page)
    page.goto(str(page.locator("a[href^='/lo/']").first.get_attribute("href")))


def prints(page: Page) -> None:
    """The form that has sheets of stamps made."""
    first_of("/quan-ly/tem", "tbody th a")(page)
    page.goto(f"{page.url}/in")


def filled_cart(page: Page) -> None:
    """Put the first product of the shop into the cart."""
    first_of("/san-pham?in_stock=1", ".product-card-name a")(page)
    page.locator(".product-buy .btn").click()
    page.goto("/gio-hang")


def checkout(page: Page) -> None:
    """The checkout of that cart."""
    filled_cart(page)
    page.goto("/thanh-toan")


def review(page: Page) -> None:
    """The order once more, before it is confirmed; to be paid by transfer."""
    checkout(page)
    page.fill("input[name=name]", "Nguyễn Thị Lan")
    page.fill("input[name=phone]", "0912 345 678")
    page.fill("input[name=address]", "12 Phố Hiến")
    page.locator("select[name=area]").select_option(index=1)
    transfer = page.locator("input[name=pay][value=transfer]")
    if transfer.count():
        transfer.check()
    page.locator(".btn-large[value=review]").click()
    page.wait_for_load_state()


def placed(page: Page) -> None:
    """The page of an order that waits for its money."""
    review(page)
    page.locator(".btn-large[value=confirm]").click()
    page.wait_for_load_state()


def packing(page: Page) -> None:
    """Packing the first order that is to be packed."""
    first_of("/quan-ly/don-hang/?queue=to_pack", "tbody th a")(page)
    page.goto(f"{page.url}/dong-goi")


def till(page: Page) -> None:
    """The till of the first register, with three articles on the ticket."""
    page.goto("/pos/")
    running = page.locator("main a.btn-large")
    if running.count():
        running.first.click()
    else:
        page.locator("input[name$='float_amount']").first.fill("500000")
        page.locator("main form button").first.click()
    for number in (0, 2, 1):
        page.locator(".key").nth(number).click()
    page.wait_for_timeout(300)


SHOTS = (
    Shot("home", at("/")),
    Shot("listing", at("/san-pham")),
    Shot("product", first_of("/san-pham?in_stock=1", ".product-card-name a")),
    Shot("calendar", at("/mua-vu")),
    Shot("policy", at("/chinh-sach/giao-hang")),
    Shot("cart", filled_cart),
    Shot("checkout", checkout),
    Shot("review", review),
    Shot("order", placed),
    Shot("till", till, "cashier", whole=False),
    Shot("verify", stamp("on sale")),
    Shot("stamp-sold", stamp("sold")),
    Shot("stamp-copied", stamp("perhaps copied")),
    Shot("stamp-recalled", stamp("recalled")),
    Shot("journey", journey),
    Shot("recalls", at("/thu-hoi")),
    Shot("anchors", at("/neo")),
    Shot("scans", at("/quan-ly/canh-bao"), "officer"),
    Shot("copy-case", first_of("/quan-ly/canh-bao", "tbody th a"), "officer"),
    Shot("doubt", first_of("/quan-ly/canh-bao/phan-anh", "tbody th a"), "officer"),
    Shot("recall", first_of("/quan-ly/thu-hoi", "tbody th a"), "officer"),
    Shot("prints", prints, "officer", whole=False),
    Shot("products", at("/quan-ly/san-pham"), "officer", whole=False),
    Shot("label-gaps", at("/quan-ly/san-pham/thieu-nhan"), "officer", whole=False),
    Shot("staff", at("/quan-ly/bao-cao/ban-hang"), "officer", whole=False),
    Shot("orders", at("/quan-ly/don-hang/"), "officer", whole=False),
    Shot("packing", packing, "officer"),
    Shot("parcels", at("/quan-ly/giao-hang/"), "officer", whole=False),
    Shot("promotions", at("/quan-ly/khuyen-mai"), "officer", whole=False),
    Shot("money", at("/quan-ly/tien-ve"), "officer", whole=False),
    Shot("invoices", at("/quan-ly/hoa-don/"), "officer", whole=False),
    Shot("order-desk", first_of("/quan-ly/don-hang/", "tbody th a"), "officer", whole=False),
)


def wanted(names: list[str]) -> list[Shot]:
    """The shots with these names; a name that begins with a slash is an address, `@` a login."""
    named = {shot.name: shot for shot in SHOTS}
    return [named[name] if name in named else _by_address(name) for name in names or list(named)]


def _by_address(text: str) -> Shot:
    path, _, login = text.partition("@")
    if not path.startswith("/") or (login and login not in STAFF):
        raise SystemExit(f"no such picture: {text}")
    name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")
    return Shot(name[:60] or "home", at(path), login or None)


def take(page: Page, shot: Shot, width: int) -> bytes:
    """The page as PNG, at this width, with everything on it loaded."""
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    shot.go(page)
    page.evaluate(LOAD_ALL)
    return page.screenshot(full_page=shot.whole, animations="disabled")


def smaller(png: bytes) -> bytes:
    """The same picture, cut to what is told, with fewer colours when it would be heavy."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, LONGEST)))
    for colours in (None, 256, 128, 64):
        out = io.BytesIO()
        drawn = (
            picture.quantize(colours, kmeans=2, dither=Image.Dither.NONE) if colours else picture
        )
        drawn.save(out, "PNG", optimize=True)
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue()


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser of this machine; nothing is downloaded."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        raise SystemExit("no chromium: run `make test-setup`")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])


class Visitors:
    """Browser contexts by login, each signed in once."""

    def __init__(self, browser: Browser, address: str, language: str, dark: bool) -> None:
        self.browser, self.address, self.language, self.dark = browser, address, language, dark
        self.contexts: dict[str | None, BrowserContext] = {}

    def page(self, login: str | None) -> Page:
        """A new page of this person."""
        if login not in self.contexts:
            self.contexts[login] = self._enter(login)
        return self.contexts[login].new_page()

    def _enter(self, login: str | None) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.address,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            color_scheme="dark" if self.dark else "light",
        )
        page = context.new_page()
        page.goto(f"/dang-nhap?lang={self.language}")
        if login:
            page.fill("input[name=email]", STAFF[login])
            page.fill("input[name=password]", people.PASSWORD)
            page.click("main form button[type=submit]")
        page.close()
        return context


def photograph(address: str, options: argparse.Namespace) -> None:
    """Take and keep every wanted picture."""
    options.to.mkdir(parents=True, exist_ok=True)
    # The context is for the database, in which the stamps are looked up.
    with create_app().app_context(), browser() as launched:
        visitors = Visitors(launched, address, options.lang, options.dark)
        for shot in wanted(options.names):
            for width in options.width or (390, 1280):
                page = visitors.page(shot.login)
                target = options.to / f"{shot.name}-{width}.png"
                target.write_bytes(smaller(take(page, shot, width)))
                wide = page.evaluate("document.documentElement.scrollWidth")
                page.close()
                print(f"{target}{f' is {wide} px wide' if wide > width else ''}")
        launched.close()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", help="names of pictures, or addresses as /path@login")
    parser.add_argument("--address", help="a demonstration that runs already")
    parser.add_argument("--to", type=Path, default=FOLDER)
    parser.add_argument("--lang", choices=("vi", "en"), default="vi")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--width", type=int, action="append", choices=HEIGHTS)
    options = parser.parse_args()
    with nullcontext(options.address) if options.address else served() as address:
        photograph(address, options)


if __name__ == "__main__":
    main()
