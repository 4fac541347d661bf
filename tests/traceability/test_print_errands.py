import csv
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.types import Json
from app.errands import errands, print_shop, sweeps
from app.jobs import run_due
from builders import BY_NOBODY, NOW, STAMP_KEYS, serial_of
from builders_prints import a_shop, layout, make_issued, make_run
from traceability import digests, exports, pins, print_errands, prints, serials, stamps
from traceability.models import StampBatch
from traceability.print_models import PrintKind, PrintRun, PrintState
from traceability.printing import lists


def payload(run: PrintRun) -> Json:
    return {"run": str(run.id)}


@pytest.fixture
def batch(session: Session) -> StampBatch:
    made = make_issued(session, 200, pin=True)
    session.commit()
    return made


def asked(session: Session, batch: StampBatch, kind: PrintKind = PrintKind.PDF, **over: Any) -> Any:
    run = make_run(session, batch, kind, **over)
    session.commit()
    return run


def test_the_worker_computes_the_digest_once(session: Session, batch: StampBatch) -> None:
    print_errands.digest(STAMP_KEYS, {"batch": str(batch.id)})
    session.refresh(batch)
    key = stamps.key_of(batch, STAMP_KEYS)
    assert batch.serials_digest == serials.digest(key, batch.identity, batch.ref, batch.size)
    digests.store(session, batch.id, "another")
    session.refresh(batch)
    assert batch.serials_digest != "another"


def test_a_print_becomes_a_file_with_its_digest_and_nobody_else_may_read_it(
    session: Session, batch: StampBatch, tmp_path: Path
) -> None:
    run = asked(session, batch)
    print_errands.work(a_shop(tmp_path / "prints"), payload(run))
    session.refresh(run)
    session.refresh(batch)
    assert (run.state, run.done, run.error) == (PrintState.DONE, 200, None)
    assert batch.serials_digest is not None  # no serial leaves before its digest is kept
    path = tmp_path / "prints" / str(run.file)
    assert (run.bytes, run.sha256) == (path.stat().st_size, print_errands.sha256_of(path))
    assert path.stat().st_mode & 0o077 == 0
    assert len(pypdfium2.PdfDocument(path)) == 1 + layout().pages(200)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_list_names_number_serial_address_and_code(
    session: Session, batch: StampBatch, tmp_path: Path
) -> None:
    run = asked(session, batch, PrintKind.CSV, first=3, count=2)
    print_errands.work(a_shop(tmp_path), payload(run))
    session.refresh(run)
    rows = list(csv.reader((tmp_path / str(run.file)).read_text().splitlines()))
    serial = serial_of(batch, 4)
    pin = pins.pin_for(pins.key_of(batch, STAMP_KEYS), batch.ref, 4)
    assert rows[0] == ["number", "serial", "url", "pin"]
    assert rows[2] == ["5", serial, f"https://id.ocop.vn/01/{batch.identity}/21/{serial}", pin]
    assert len(rows) == 3


def test_a_workbook_holds_the_same(session: Session, batch: StampBatch, tmp_path: Path) -> None:
    run = asked(session, batch, PrintKind.XLSX, count=20)
    print_errands.work(a_shop(tmp_path), payload(run))
    session.refresh(run)
    rows = list(openpyxl.load_workbook(tmp_path / str(run.file)).active.values)
    assert rows[0] == ("number", "serial", "url", "pin")
    assert [row[1] for row in rows[1:]] == [serial_of(batch, number) for number in range(20)]
    assert rows[20][0] == 20


def test_a_workbook_begins_a_new_sheet_when_one_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "ROWS_OF_A_SHEET", 3)
    with (tmp_path / "x.xlsx").open("wb") as out:
        lists.write_xlsx(out, ((n, "S", "U") for n in range(1, 8)), pins=False)
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert [sheet.max_row for sheet in book] == [4, 4, 2]


@pytest.fixture
def each_page_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(print_errands, "BEAT_SECONDS", 0.0)


@pytest.mark.usefixtures("each_page_is_noted")
def test_a_print_that_is_stopped_keeps_its_beginning_and_goes_on(
    session: Session, batch: StampBatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = asked(session, batch)
    print_errands.work(a_shop(tmp_path), payload(whole))
    run = asked(session, batch)
    seen: list[int] = []
    beat = prints.beat

    def stop_after_a_page(session: Session, run_id: Any, done: int, now: Any) -> bool:
        seen.append(done)
        if len(seen) == 2:
            prints.cancel(session, prints.get(session, run_id), **BY_NOBODY)
        return beat(session, run_id, done, now)

    monkeypatch.setattr(prints, "beat", stop_after_a_page)
    print_errands.work(a_shop(tmp_path), payload(run))
    session.refresh(run)
    assert (run.state, run.done, seen) == (PrintState.CANCELLED, 90, [90, 180])
    assert (tmp_path / f"{run.id}.pdf.part").stat().st_size > 0

    monkeypatch.setattr(prints, "beat", beat)
    prints.resume(session, run, **BY_NOBODY)
    session.commit()
    print_errands.work(a_shop(tmp_path), payload(run))
    session.refresh(run)
    session.refresh(whole)
    assert run.state is PrintState.DONE
    assert run.sha256 == whole.sha256


def test_a_print_cut_off_by_a_crash_ends_in_the_same_file(
    session: Session, batch: StampBatch, tmp_path: Path
) -> None:
    first, second = asked(session, batch), asked(session, batch)
    print_errands.work(a_shop(tmp_path), payload(first))
    session.refresh(first)
    whole = (tmp_path / str(first.file)).read_bytes()
    (tmp_path / f"{second.id}.pdf.part").write_bytes(whole[: len(whole) * 2 // 3])
    print_errands.work(a_shop(tmp_path), payload(second))
    session.refresh(second)
    assert second.sha256 == first.sha256


@pytest.mark.parametrize("broken", ["keys", "fonts"])
def test_a_print_that_cannot_be_made_says_why(
    session: Session, batch: StampBatch, tmp_path: Path, broken: str
) -> None:
    run = asked(session, batch)
    shop = a_shop(tmp_path, keys={}) if broken == "keys" else a_shop(tmp_path)
    shop = replace(shop, font_dir=tmp_path) if broken == "fonts" else shop
    print_errands.work(shop, payload(run))
    session.refresh(run)
    assert run.state is PrintState.FAILED
    assert {"keys": "KeyMissing", "fonts": "FontMissing"}[broken] in str(run.error)
    print_errands.work(a_shop(tmp_path), payload(run))
    session.refresh(run)
    assert run.state is PrintState.FAILED  # nobody asked to try again


def test_a_print_that_was_stopped_before_it_began_is_left_alone(
    session: Session, batch: StampBatch, tmp_path: Path
) -> None:
    run = asked(session, batch)
    prints.cancel(session, run, **BY_NOBODY)
    session.commit()
    print_errands.work(a_shop(tmp_path), payload(run))
    assert list(tmp_path.iterdir()) == []


def test_stamps_with_codes_to_scratch_have_them_on_the_sheet(
    session: Session, batch: StampBatch, tmp_path: Path
) -> None:
    run = asked(session, batch, layout=layout("a4-20-pin"), count=3)
    print_errands.work(a_shop(tmp_path), payload(run))
    session.refresh(run)
    text = pypdfium2.PdfDocument(tmp_path / str(run.file))[1].get_textpage().get_text_bounded()
    key = pins.key_of(batch, STAMP_KEYS)
    assert all(pins.pin_for(key, batch.ref, number) in text for number in range(3))


def test_lists_of_many_stamps_are_made_a_piece_at_a_time(
    session: Session, batch: StampBatch, tmp_path: Path
) -> None:
    run = make_run(session, batch, PrintKind.CSV)
    order = print_errands.order_of(run, a_shop(tmp_path))
    many = replace(order, count=40_000, pin_key=None)
    seen: list[int] = []
    with (tmp_path / "x.csv").open("w+b") as out:
        exports.write(out, many, font_dir=tmp_path, watch=lambda done: not seen.append(done))
    assert seen == [exports.TOGETHER, 2 * exports.TOGETHER, 40_000]
    assert len((tmp_path / "x.csv").read_text().splitlines()) == 40_001


def test_deleting_files_bears_a_repetition(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    print_errands.delete_files(tmp_path, ["a", "b"])
    print_errands.delete_files(tmp_path, ["a", "b"])
    assert os.listdir(tmp_path) == []


def test_the_worker_knows_the_errands_and_clears_old_files_away(
    session: Session, batch: StampBatch, app: Flask
) -> None:
    run = asked(session, batch, PrintKind.CSV, count=3)
    known = {name: errands(app)[name] for name in (digests.WORK, prints.WORK)}
    run_due(NOW, jobs={}, errands=known)
    session.refresh(run)
    session.refresh(batch)
    assert (run.state, batch.serials_digest is None) == (PrintState.DONE, False)
    path = print_shop(app).folder / str(run.file)
    assert path.exists()
    [sweep] = [one for one in sweeps(app) if one.name == "old prints of stamps"]
    sweep.run(session, NOW + prints.KEPT * 2)
    assert not path.exists()
