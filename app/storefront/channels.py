"""Sheets with which the goods are put up on other platforms. Pure but for the file they write.

The platforms change their templates now and then: compare the columns with a template downloaded
from the seller's account before an upload. What the shop does not know stays empty.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter

from app.core.text import N_
from app.storefront.feeds import ChannelRow

Cell = str | int | None
Reader = Callable[[ChannelRow, str], Cell]

WIDTH = 22


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its heads from top to bottom, and what stands in it."""

    heads: tuple[str, ...]
    read: Reader


def _nothing(_row: ChannelRow, _url: str) -> Cell:
    return None


def _title(row: ChannelRow, _url: str) -> Cell:
    return row.product.name_vi


def _description(row: ChannelRow, _url: str) -> Cell:
    return row.product.summary_vi


def _group(row: ChannelRow, _url: str) -> Cell:
    return row.product.slug


def _pack(row: ChannelRow, _url: str) -> Cell:
    return row.sku.name_vi


def _price(row: ChannelRow, _url: str) -> Cell:
    return row.price


def _stock(row: ChannelRow, _url: str) -> Cell:
    return row.available


def _code(row: ChannelRow, _url: str) -> Cell:
    return row.sku.code


def _gtin(row: ChannelRow, _url: str) -> Cell:
    return row.gtin


def _brand(row: ChannelRow, _url: str) -> Cell:
    return row.brand


def _shelf(row: ChannelRow, _url: str) -> Cell:
    return row.product.category.name_vi


def _origin(row: ChannelRow, _url: str) -> Cell:
    return row.product.area_text


def _content(row: ChannelRow, _url: str) -> Cell:
    return row.unit_measure[0] if row.unit_measure else None


def _link(_row: ChannelRow, url: str) -> Cell:
    return url


@dataclass(frozen=True)
class Channel:
    """A platform with the columns of its upload sheet."""

    slug: str
    name: str
    note: str
    columns: Sequence[Column]

    @property
    def head_rows(self) -> int:
        """How many rows of heads stand above the goods."""
        return len(self.columns[0].heads)


SHOPEE = Channel(
    "shopee",
    "Shopee",
    N_(
        "Choose the Shopee category and add pictures and the weight of the parcel before uploading."
    ),
    [
        Column(("ps_category", "Ngành hàng"), _nothing),
        Column(("ps_product_name", "Tên sản phẩm"), _title),
        Column(("ps_product_description", "Mô tả sản phẩm"), _description),
        Column(("ps_sku_parent_short", "SKU sản phẩm"), _group),
        Column(("et_title_variation_integration_no", "Mã tích hợp phân loại"), _group),
        Column(("et_title_variation_1", "Nhóm phân loại 1"), lambda _row, _url: "Quy cách"),
        Column(("et_title_option_for_variation_1", "Phân loại của nhóm 1"), _pack),
        Column(("ps_price", "Giá"), _price),
        Column(("ps_stock", "Kho hàng"), _stock),
        Column(("ps_sku_short", "SKU phân loại"), _code),
        Column(("ps_gtin_code", "GTIN"), _gtin),
        Column(("ps_item_cover_image", "Ảnh bìa"), _nothing),
        Column(("ps_weight", "Cân nặng"), _nothing),
    ],
)

POSTMART = Channel(
    "postmart",
    "Postmart",
    N_("Copy the columns into the sheet of your Postmart stall; add pictures before uploading."),
    [
        Column(("Mã sản phẩm",), _code),
        Column(("Tên sản phẩm",), _title),
        Column(("Quy cách",), _pack),
        Column(("Danh mục",), _shelf),
        Column(("Mô tả",), _description),
        Column(("Giá bán (đồng)",), _price),
        Column(("Tồn kho",), _stock),
        Column(("Khối lượng/dung tích tịnh",), _content),
        Column(("Nhà sản xuất",), _brand),
        Column(("Xuất xứ",), _origin),
        Column(("Mã vạch",), _gtin),
        Column(("Liên kết",), _link),
    ],
)

CHANNELS = (SHOPEE, POSTMART)


def workbook(channel: Channel, rows: Iterable[tuple[ChannelRow, str]]) -> bytes:
    """An XLSX file of (article, address of its page) for one platform."""
    file = BytesIO()
    # Names of goods are text: one that begins with "=" must not become a formula.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet, bold = book.add_worksheet(channel.name), book.add_format({"bold": True})
        sheet.set_column(0, len(channel.columns) - 1, WIDTH)
        sheet.freeze_panes(channel.head_rows, 0)
        for place, column in enumerate(channel.columns):
            for line, text in enumerate(column.heads):
                sheet.write_string(line, place, text, bold)
        for line, (row, url) in enumerate(rows, channel.head_rows):
            sheet.write_row(line, 0, [column.read(row, url) for column in channel.columns])
    return file.getvalue()
