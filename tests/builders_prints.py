"""Prints of stamps for tests: a batch without a database, and how its sheets are read back."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image
from sqlalchemy.orm import Session

from app.config import DEMO_STAMP_KEY
from builders import BY_NOBODY, TODAY, make_batch, make_lot, make_sku, recognise
from traceability import prints, serials
from traceability.models import StampBatch
from traceability.print_errands import Shop
from traceability.print_models import PrintKind, PrintRun
from traceability.printing import layouts, sheets
from traceability.printing.furniture import Cover, Header, Note, Words
from traceability.printing.layouts import Layout

ROOT = Path(__file__).parents[1]
FONTS = ROOT / "node_modules" / "@expo-google-fonts" / "be-vietnam-pro"
GTIN, REF = "09520000000011", "7F3K"
HEAD, SHORT_HEAD = f"https://id.ocop.vn/01/{GTIN}/21/", f"https://ocop.vn/01/{GTIN}/21/"
CIPHER = serials.SerialCipher(serials.batch_key(bytes(32), GTIN, REF), GTIN, REF)
WORDS = Words(
    title="Tem 7F3K",
    header=Header(
        ("Long nhãn sấy dẻo Hưng Yên 500 g", "Lô L26A07 · Đợt tem 7F3K"), "Tờ", "In ngày"
    ),
    cover=Cover(
        "Tem truy xuất nguồn gốc",
        [("Sản phẩm", "Long nhãn sấy dẻo"), ("Mã băm", "9c5ced91" * 8)],
        "Cách đưa vào dùng",
        ["Dán tem lên hàng của đúng lô này.", "Kích hoạt dải tem đã dán."],
    ),
    note=Note("Long nhãn sấy dẻo", "OCOP 4 sao", "Cào nhẹ để xem mã"),
)


def layout(name: str = "a4-20", **over: Any) -> Layout:
    """A layout that comes with the program, with changes."""
    return layouts.from_data(layouts.built_in()[name].to_data() | over)


def a_print(name: str = "a4-20", count: int = 10, first: int = 1000, **over: Any) -> sheets.Print:
    """A print of some stamps; heads of 15 mm symbols are short enough for version 3."""
    head = SHORT_HEAD if layouts.built_in()[name].symbol < 16 else HEAD
    values = {"layout": layout(name), "head": head, "words": WORDS, "bodies": CIPHER.bodies}
    return sheets.Print(**{**values, "ref": REF, "first": first, "count": count, **over})


def written(job: sheets.Print, **how: Any) -> bytes:
    """The file."""
    out = BytesIO()
    sheets.write(out, job, font_dir=FONTS, **how)
    return out.getvalue()


def opened(job: sheets.Print) -> pypdfium2.PdfDocument:
    """The file, open for looking at."""
    return pypdfium2.PdfDocument(written(job))


def image(page: pypdfium2.PdfPage, dpi: int = 300) -> Image.Image:
    """The page as a printer of this resolution would set it."""
    return page.render(scale=dpi / 72).to_pil().convert("L")


def symbol(page: Image.Image, job: sheets.Print, position: int, dpi: int = 300) -> Image.Image:
    """The symbol at a position of the page, white margin included."""
    x, y = job.layout.symbol_box(position)
    side, dots = job.layout.symbol, dpi / 25.4
    top = page.height - (y + side) * dots
    return page.crop(
        (round(x * dots), round(top), round((x + side) * dots), round(top + side * dots))
    )


def read(picture: Image.Image) -> str:
    """What the only code of the picture says."""
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)


def serials_of(job: sheets.Print) -> list[str]:
    """Serials in the order in which they are printed."""
    return list(CIPHER.serials(job.first, job.count))


def make_issued(session: Session, size: int = 200, **over: Any) -> StampBatch:
    """A batch whose stamps are issued, of an article with stars."""
    sku = make_sku(session)
    recognise(session, sku.product)
    return make_batch(session, make_lot(session, sku), size, **over)


def make_run(
    session: Session, batch: StampBatch, kind: PrintKind = PrintKind.PDF, **over: Any
) -> PrintRun:
    """A print that was asked for."""
    values = {"layout": layout("a4-20"), "first": 0, "count": batch.size} | over
    how: dict[str, Any] = {"base_url": "https://id.ocop.vn", "day": TODAY, **BY_NOBODY}
    return prints.request(session, batch, prints.Wish(kind, **values), **how)


def a_shop(folder: Path, **over: Any) -> Shop:
    """Where prints of tests are made."""
    keys = {1: DEMO_STAMP_KEY}
    return Shop(folder, FONTS, **{"keys": keys, "words": lambda _run, _layout: WORDS, **over})
