import re
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry, Role
from app.errands import print_shop
from builders import make_user, serial_of
from builders_prints import layout, make_issued, make_run
from support.browser import Browser
from traceability import print_errands, prints, stamps
from traceability.models import StampBatch
from traceability.print_models import PrintRun, PrintState

ASKED = {"first": "3", "count": "2", "kind": "pdf", "layout": "a4-20-note"}


@pytest.fixture
def officer(session: Session, visitor: Browser) -> Browser:
    user = make_user(session, Role.OFFICER)
    session.commit()
    return visitor.sign_in(user)


@pytest.fixture
def batch(session: Session) -> StampBatch:
    made = make_issued(session)
    session.commit()
    return made


def only_run(session: Session) -> PrintRun:
    session.expire_all()
    return session.scalars(select(PrintRun)).one()


def worked(app: Flask, run: PrintRun) -> None:
    print_errands.work(print_shop(app), {"run": str(run.id)})


def test_a_file_is_asked_for_made_and_fetched(
    session: Session, officer: Browser, batch: StampBatch, app: Flask, tmp_path: Path
) -> None:
    answer = officer.post(f"/quan-ly/tem/{batch.id}/in", ASKED)
    run = only_run(session)
    assert answer.headers["Location"] == f"/quan-ly/tem/in/{run.id}"
    waiting = officer.get(f"/quan-ly/tem/in/{run.id}?lang=en").text
    assert "Waiting" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert 'hx-trigger="every 1s"' in waiting
    assert officer.get(f"/quan-ly/tem/in/{run.id}/tep").status_code == 409

    worked(app, run)
    ready = officer.get(f"/quan-ly/tem/in/{run.id}?lang=en").text
    assert "Fetch the file" in ready
    assert "refresh" not in ready
    file = officer.get(f"/quan-ly/tem/in/{run.id}/tep")
    assert file.headers["Content-Disposition"].endswith(f"tem-{batch.ref}-3-4.pdf")
    document = pypdfium2.PdfDocument(file.data)
    file.close()
    words = "".join("".join(page.get_textpage().get_text_range() for page in document).split())
    document.close()
    assert [n for n in range(10) if serial_of(batch, n) in words] == [2, 3]
    for said in (
        "OCOP4sao",
        "Cáchđưavàodùng",
        "Tem3–4",
        batch.sku.product.name_vi.replace(" ", ""),
    ):
        assert said in words
    session.refresh(batch)
    assert str(batch.serials_digest)[:32] in words
    fetched = session.scalars(select(AuditEntry).filter_by(action="stamps.print_fetch")).one()
    assert fetched.detail["file"] == "pdf"


def test_the_file_is_the_same_whatever_language_staff_read(
    session: Session, officer: Browser, batch: StampBatch, app: Flask
) -> None:
    for language in ("vi", "en"):
        officer.get(f"/quan-ly/tem?lang={language}")
        officer.post(f"/quan-ly/tem/{batch.id}/in", ASKED)
    runs = session.scalars(select(PrintRun)).all()
    for run in runs:
        worked(app, run)
    session.expire_all()
    assert len({run.sha256 for run in runs}) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"first": "0"},
        {"first": "201"},
        {"count": "199"},
        {"count": "x"},
        {"kind": "exe"},
        {"layout": "../x"},
        {"layout": "a4-20-pin"},
    ],
)
def test_what_cannot_be_printed_is_refused_in_the_form(
    session: Session, officer: Browser, batch: StampBatch, change: dict[str, str]
) -> None:
    assert officer.post(f"/quan-ly/tem/{batch.id}/in", ASKED | change).status_code == 422
    assert session.scalars(select(PrintRun)).all() == []


def test_a_print_is_stopped_and_goes_on(
    session: Session, officer: Browser, batch: StampBatch
) -> None:
    officer.post(f"/quan-ly/tem/{batch.id}/in", ASKED)
    run = only_run(session)
    assert officer.post(f"/quan-ly/tem/in/{run.id}/tiep").status_code == 409
    assert officer.post(f"/quan-ly/tem/in/{run.id}/dung").status_code == 303
    assert "Go on" in officer.get(f"/quan-ly/tem/in/{run.id}?lang=en").text
    assert officer.post(f"/quan-ly/tem/in/{run.id}/tiep").status_code == 303
    assert only_run(session).state is PrintState.QUEUED


def test_a_print_that_failed_says_why(
    session: Session, officer: Browser, batch: StampBatch
) -> None:
    run = make_run(session, batch)
    prints.begin(session, run.id, run.created_at)
    prints.fail(session, run.id, "KeyMissing: <b>no key</b>", run.created_at)
    session.commit()
    page = officer.get(f"/quan-ly/tem/in/{run.id}?lang=en").text
    assert "KeyMissing: &lt;b&gt;" in page


def test_a_file_that_was_deleted_is_gone(
    session: Session, officer: Browser, batch: StampBatch, app: Flask
) -> None:
    run = make_run(session, batch, count=1)
    session.commit()
    worked(app, run)
    names = prints.forget_old(session, now=run.created_at + prints.KEPT * 2)
    session.commit()
    folder = print_shop(app).folder
    print_errands.delete_files(folder, names)
    assert not list(folder.glob(f"{run.id}*"))
    assert officer.get(f"/quan-ly/tem/in/{run.id}/tep").status_code == 409
    assert "was deleted" in officer.get(f"/quan-ly/tem/in/{run.id}?lang=en").text


def test_the_prints_of_a_batch_are_listed(
    session: Session, officer: Browser, batch: StampBatch
) -> None:
    empty = officer.get(f"/quan-ly/tem/{batch.id}/in?lang=en").text
    assert "Nothing has been printed yet" in empty
    run = make_run(session, batch)
    session.commit()
    page = officer.get(f"/quan-ly/tem/{batch.id}/in?lang=en").text
    assert f"/quan-ly/tem/in/{run.id}" in page
    assert "being computed" in officer.get(f"/quan-ly/tem/{batch.id}?lang=en").text


def form_of(**change: str) -> dict[str, str]:
    sizes = {"paper_width": "100", "paper_height": "30", "cell_width": "24", "cell_height": "30"}
    more = {"columns": "4", "rows": "1", "symbol": "20", "text": "6.6"}
    return {"name": "my-roll"} | sizes | more | change


def test_a_layout_of_ones_own_can_be_chosen(
    session: Session, officer: Browser, batch: StampBatch
) -> None:
    assert officer.post("/quan-ly/tem/mau-in", form_of()).status_code == 303
    assert "my-roll" in officer.get("/quan-ly/tem/mau-in").text
    officer.post(f"/quan-ly/tem/{batch.id}/in", ASKED | {"layout": "my-roll"})
    assert only_run(session).layout["paper"] == [100.0, 30.0]


@pytest.mark.parametrize(
    "change", [{"columns": "5"}, {"name": "<b>"}, {"symbol": "nan"}, {"paper_width": "1e99"}]
)
def test_a_layout_that_cannot_be_printed_is_refused(
    officer: Browser, change: dict[str, str]
) -> None:
    assert officer.post("/quan-ly/tem/mau-in", form_of(**change)).status_code == 422


@pytest.mark.parametrize("of", ["product", "lot", "7"])
@pytest.mark.parametrize("mark", ["0", "1"])
def test_one_code_comes_as_a_picture(
    officer: Browser, batch: StampBatch, session: Session, of: str, mark: str, tmp_path: Path
) -> None:
    answer = officer.get(f"/quan-ly/tem/{batch.id}/ma-don?of={of}&as=png&mark={mark}")
    (tmp_path / "x.png").write_bytes(answer.data)
    with Image.open(tmp_path / "x.png") as picture:
        (found,) = zxingcpp.read_barcodes(picture.convert("L"))
    ends = {"product": "", "lot": f"/10/{batch.lot.code}", "7": f"/21/{serial_of(batch, 6)}"}
    assert found.text == f"http://localhost/01/{batch.identity}{ends[of]}"
    noted = session.scalars(select(AuditEntry).filter_by(action="stamps.print_single")).all()
    assert len(noted) == (of == "7")


def test_one_code_comes_as_a_vector_picture(officer: Browser, batch: StampBatch) -> None:
    answer = officer.get(f"/quan-ly/tem/{batch.id}/ma-don?as=svg&mark=1")
    assert answer.mimetype == "image/svg+xml"
    assert re.search(r"<svg .*<image ", answer.text, re.DOTALL)


def test_a_picture_of_a_stamp_outside_the_batch_is_refused(
    officer: Browser, batch: StampBatch
) -> None:
    for of in ("0", "201", "99999999"):
        assert officer.get(f"/quan-ly/tem/{batch.id}/ma-don?of={of}").status_code == 422


def test_stamps_with_codes_are_asked_for_with_a_tick(
    session: Session, officer: Browser, batch: StampBatch
) -> None:
    lot = batch.lot
    officer.post(f"/quan-ly/tem/moi/{lot.id}", {"size": "5", "pin": "y"})
    made = session.scalars(select(StampBatch).filter_by(size=5)).one()
    assert made.has_pin
    assert stamps.requested(session, lot) == 205
    assert layout("a4-20-pin").pin
