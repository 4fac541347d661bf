"""The pages about invoices and VAT for everybody, on a telephone and on a desk."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.core.db import transaction
from builders import BY_NOBODY, make_order
from builders_invoicing import (
    COMPANY,
    Fake,
    issue,
    make_invoice,
    make_issued,
    make_sold,
    make_taxed,
    refund,
    with_invoices,
)
from catalog.vat import VatClass
from pos.invoicing import corrections, sending
from support.chromium import DESK, PHONE, barriers
from support.live import enter_as
from support.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _on(app: Flask) -> Iterator[None]:
    before = app.extensions["phohien_settings"]
    app.extensions["phohien_settings"] = with_invoices(before)
    yield
    app.extensions["phohien_settings"] = before


def some_of_each() -> dict[str, Any]:
    """A refused, an issued, an adjusted invoice, money back, and sales with faults."""
    with transaction() as session:
        taxed, raw = make_taxed(session), make_taxed(session, VatClass.RAW_FARM)
        issued = make_issued(session, make_sold(session, raw, invoice_to=COMPANY))
        refund(session, issued.order, 20_000)
        old = make_issued(session, make_sold(session, taxed), series="1C26MXY")
        made = corrections.adjust(session, old.id, 9_000, "Trả hàng", key="a", **BY_NOBODY)
        issue(session, made, Fake(series="1C26MXZ"))
        refused = make_invoice(session, make_sold(session, taxed, invoice_to=COMPANY))
        sending.begin(session, refused.id, Fake(), now=BY_NOBODY["now"])
        sending.refused(session, refused.id, "MST người mua không đúng", now=BY_NOBODY["now"])
        missing = make_sold(session, make_taxed(session, None))
        make_order(session, taxed)
        return {
            "issued": issued.id,
            "adjustment": made.id,
            "refused": refused.id,
            "missing": missing.id,
            "product": raw.product_id,
        }


def pages(key: dict[str, Any]) -> dict[str, str]:
    desk = "/quan-ly/hoa-don"
    return {
        "list": f"{desk}/",
        "issued": f"{desk}/?tab=issued",
        "empty": f"{desk}/?tab=none",
        "one": f"{desk}/{key['issued']}",
        "adjustment": f"{desk}/{key['adjustment']}",
        "refused": f"{desk}/{key['refused']}",
        "adjust": f"{desk}/{key['issued']}/dieu-chinh",
        "replace": f"{desk}/{key['issued']}/thay-the",
        "report": f"{desk}/doi-soat",
        "waive": f"{desk}/don/{key['missing']}/khong-can",
        "rates": "/quan-ly/thue-gtgt",
        "class": f"/quan-ly/san-pham/{key['product']}/thue-gtgt",
        "product": f"/quan-ly/san-pham/{key['product']}",
    }


def test_nothing_keeps_anyone_out(page: Page, app: Flask, live: str, live_world: World) -> None:
    enter_as(page, app, live, live_world.officer)
    faults = []
    for name, path in pages(some_of_each()).items():
        page.goto(path)
        for width, height in (PHONE, DESK):
            page.set_viewport_size({"width": width, "height": height})
            wide = page.evaluate("document.documentElement.scrollWidth")
            wrong = barriers(page) + ([f"{wide} px wide"] if wide > width else [])
            faults += [f"{name} at {width} px: {text}" for text in wrong]
    assert faults == []
