"""A till's receipt tells the treatments apart, and says nothing of VAT that its seller does not show."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from builders import BY_NOBODY, make_sku
from catalog import products
from catalog.vat import VatClass
from pos.counter.posting import SaleLine
from support.browser import Browser
from support.counter import make_counter


@pytest.fixture
def path(session: Session, visitor: Browser) -> str:
    """The receipt of one article of each kind, of 125,000 đồng each."""
    counter = make_counter(session)
    lines = []
    for vat_class in (VatClass.OWN_PRODUCE, VatClass.RAW_FARM_TRADE, VatClass.RAW_FARM, None):
        sku = make_sku(session)
        products.set_vat_class(session, sku.product, vat_class, **BY_NOBODY)
        lines.append(SaleLine(sku.id, 1, 125_000))
    number = counter.sell(session, *lines).result["number"]
    session.commit()
    visitor.sign_in(counter.cashier)
    return f"/pos/receipts/{number}?lang=en"


WORDS = ("KCT (not subject to VAT)", "KKKNT (not declared", "VAT 5 % in", "rate not decided yet")


def test_each_treatment_has_its_line(visitor: Browser, path: str) -> None:
    page = visitor.get(path).get_data(as_text=True)
    assert [text for text in WORDS if text in page] == list(WORDS)
    assert "Prices include VAT" in page


def test_a_household_shows_no_vat(
    app: Flask, visitor: Browser, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    household = replace(app.extensions["phohien_settings"], vat_regime="household")
    monkeypatch.setitem(app.extensions, "phohien_settings", household)
    page = visitor.get(path).get_data(as_text=True)
    assert [text for text in WORDS if text in page] == []
    assert "Prices include VAT" not in page
