import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import DEMO_ANCHOR_KEY as KEY
from app.config import ROOT
from builders import BY_NOBODY, NOW, TODAY, make_lot, make_sku
from support.browser import Browser
from traceability import anchors, journal
from traceability.history_models import Anchor
from traceability.models import JournalKind, Lot

SCRIPT = ROOT / "static" / "tools" / "verify_anchor.py"
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def lot(session: Session) -> Lot:
    sku = make_sku(session)
    for _n in range(4):
        make_lot(session, sku)
    found = make_lot(session, sku)
    kind = JournalKind.INSPECTED
    journal.append(session, found, kind, occurred_at=NOW, text="Riêng", public=False, **BY_NOBODY)
    anchors.make(session, TODAY, KEY, now=TOMORROW)
    session.commit()
    return found


def proof(visitor: Browser, lot: Lot) -> dict[str, Any]:
    answer = visitor.get(f"/neo/{TODAY.isoformat()}/{lot.sku.code}/{lot.code}.json")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.get_json()
    return told


def verdict(folder: Path, told: dict[str, Any], *more: str) -> tuple[int, str]:
    file = folder / "proof.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(file), *more], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


def test_the_published_script_finds_an_untouched_history_right(
    visitor: Browser, lot: Lot, tmp_path: Path
) -> None:
    code, said = verdict(tmp_path, proof(visitor, lot))
    assert (code, "OK: the history is what it was on 2026-11-24" in said) == (0, True)
    assert "is not public" in said


def test_what_is_not_public_is_withheld_from_the_proof(visitor: Browser, lot: Lot) -> None:
    told = proof(visitor, lot)
    assert "Riêng" not in json.dumps(told, ensure_ascii=False)
    assert [("content" in entry) for entry in told["entries"]] == [True, True, False]


def _text(told: dict[str, Any]) -> None:
    told["entries"][0]["content"][4] = "nơi khác"


def _drop(told: dict[str, Any]) -> None:
    del told["entries"][1]


def _cut(told: dict[str, Any]) -> None:
    told["entries"].pop()


def _root(told: dict[str, Any]) -> None:
    told["anchor"]["root"] = "0" * 64


def _lots(told: dict[str, Any]) -> None:
    told["anchor"]["lots"] += 1


def _withheld(told: dict[str, Any]) -> None:
    told["entries"][2]["content_hash"] = "1" * 64


@pytest.mark.parametrize("forge", [_text, _drop, _cut, _root, _lots, _withheld])
def test_the_script_finds_every_change(
    visitor: Browser, lot: Lot, tmp_path: Path, forge: Any
) -> None:
    told = proof(visitor, lot)
    forge(told)
    code, said = verdict(tmp_path, told)
    assert (code, "WRONG" in said) == (1, True)


def test_a_key_of_somebody_else_does_not_pass(visitor: Browser, lot: Lot, tmp_path: Path) -> None:
    code, said = verdict(tmp_path, proof(visitor, lot), "ab" * 32)
    assert (code, "signature" in said) == (1, True)


def test_each_anchor_names_the_one_before(session: Session, lot: Lot) -> None:
    assert anchors.make_due(session, KEY, now=NOW + timedelta(days=3)) == 2
    first, *rest = reversed(anchors.latest(session, 9))
    assert rest[0].previous == anchors.digest(first)
    assert anchors.make_due(session, KEY, now=NOW + timedelta(days=3)) == 0


def test_a_day_is_anchored_once(session: Session, lot: Lot) -> None:
    before = session.scalars(select(Anchor.signature)).one()
    assert not anchors.make(session, TODAY, KEY, now=TOMORROW)
    assert session.scalars(select(Anchor.signature)).one() == before


def test_without_an_anchor_there_is_no_proof(visitor: Browser, lot: Lot) -> None:
    for day in ("2026-11-23", "x"):
        assert visitor.get(f"/neo/{day}/{lot.sku.code}/{lot.code}.json").status_code == 404
        assert visitor.get(f"/neo/{day}.json").status_code == 404
    assert visitor.get("/neo").status_code == 200


@given(st.lists(st.text(max_size=8), min_size=1, max_size=40, unique=True), st.data())
def test_every_line_leads_to_the_root(lines: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(lines) - 1))
    found = anchors.leaf(lines[at])
    for side, other in anchors.path(lines, at):
        beside = bytes.fromhex(other)
        found = anchors.node(beside, found) if side == "left" else anchors.node(found, beside)
    assert found.hex() == anchors.root(lines)


def test_the_statement_is_what_the_script_expects() -> None:
    text = anchors.statement(date(2026, 1, 2), 3, "aa", "bb")
    assert text == "phohien-anchor-1\n2026-01-02\n3\naa\nbb\n"
