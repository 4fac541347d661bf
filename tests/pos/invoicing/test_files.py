"""Invoices as files: whole or not at all, the same again, the same figures in both forms."""

import json
import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders_invoicing import ANY_SALE, ONE, Drawn, built
from catalog.vat import Regime
from pos.invoicing.providers.base import Ask, InvoiceRefused
from pos.invoicing.providers.files import Files, put, to_json
from pos.invoicing.providers.xml_document import to_xml

RATES = {"kct": "KCT", "kkknt": "KKKNT"}


def ask(drawn: Drawn = ONE, regime: Regime = Regime.DEDUCTION, **buyer: Any) -> Ask:
    return Ask("k", built(drawn, regime, **buyer), "1C26MPH", 7)


def texts(root: Xml.Element, path: str) -> list[int]:
    return [int(one.text or "") for one in root.findall(path)]


@settings(max_examples=60)
@given(ANY_SALE)
def test_json_and_xml_hold_the_same_figures(drawn: Drawn) -> None:
    wanted = ask(drawn)
    said, root = json.loads(to_json(wanted)), Xml.fromstring(to_xml(wanted))
    lines, sums = ".//DSHHDVu/HHDVu", ".//TToan"
    for tag, name in (("ThTien", "net"), ("TThue", "vat"), ("TTSThue", "total")):
        assert texts(root, f"{lines}/{tag}") == [line[name] for line in said["lines"]]
    for tag, name in (("TgTCThue", "net"), ("TgTThue", "vat"), ("TgTTTBSo", "payable")):
        assert texts(root, f"{sums}/{tag}") == [said["totals"][name]]
    for tag, name in (("ThTien", "net"), ("TThue", "vat")):
        assert texts(root, f"{sums}/THTTLTSuat/LTSuat/{tag}") == [r[name] for r in said["rates"]]
    found = [one.text for one in root.findall(f"{sums}/THTTLTSuat/LTSuat/TSuat")]
    wanted_rates = [
        RATES.get(rate["vat_kind"]) or f"{rate['vat_permille'] / 10:g}%" for rate in said["rates"]
    ]
    assert found == wanted_rates


@given(st.text())
def test_the_xml_is_well_formed_whatever_people_are_called(name: str) -> None:
    root = Xml.fromstring(to_xml(ask(name=f"A{name}", address="<b>&amp;", tax_code="x")))
    buyer = root.find(".//NMua/DChi")
    assert buyer is not None
    assert buyer.text == "<b>&amp;"


def test_a_seller_without_separate_vat_writes_a_sales_invoice() -> None:
    root = Xml.fromstring(to_xml(ask(regime=Regime.HOUSEHOLD)))
    assert root.findtext(".//THDon") == "Hóa đơn bán hàng"
    assert root.findall(".//TSuat") == root.findall(".//TThue") == []
    assert root.findtext(".//ThTien") == root.findtext(".//TgTTTBSo") == "108000"


def test_files_have_stable_names_and_the_same_content_again(tmp_path: Path) -> None:
    provider, wanted = Files(tmp_path, "PH"), ask()
    assert provider.look(wanted) is None
    first = provider.issue(wanted)
    kept = {path: path.read_bytes() for path in (tmp_path / "2026").iterdir()}
    assert {path.name for path in kept} == {"1C26MPH-00000007.json", "1C26MPH-00000007.xml"}
    assert provider.issue(wanted) == provider.look(wanted) == first
    assert {path: path.read_bytes() for path in (tmp_path / "2026").iterdir()} == kept


def test_a_file_is_there_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    put(path, b"old")

    def full(_handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        put(path, b"new")
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]
    assert path.read_bytes() == b"old"


def test_after_a_kill_between_the_two_files_it_is_not_there_yet(tmp_path: Path) -> None:
    provider, wanted = Files(tmp_path, "PH"), ask()
    provider.issue(wanted)
    (tmp_path / "2026" / "1C26MPH-00000007.json").unlink()
    assert provider.look(wanted) is None
    assert provider.issue(wanted).number == 7


def test_without_a_number_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(InvoiceRefused):
        Files(tmp_path, "PH").issue(Ask("k", built(ONE), None, None))
    assert list(tmp_path.iterdir()) == []
