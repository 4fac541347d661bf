"""Officers keep the register: decisions over many products, renewals, papers with their files."""

import io

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Role
from app.core.db import Database, reading, transaction
from builders import make_decision, make_product, make_user, recognise
from catalog.models import Product
from catalog.recognition_models import Decision, Evidence, Recognition
from support.browser import Browser

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
DECISION = {
    "number": "2345/QĐ-UBND",
    "issuer": "UBND tỉnh Hưng Yên",
    "issuer_level": "province",
    "issued_on": "2026-05-12",
    "legal_basis": "148/QĐ-TTg",
}


@pytest.fixture
def officer(app: Flask, database: Database) -> Browser:
    with transaction() as session:
        user = make_user(session, Role.OFFICER)
    return Browser(app).sign_in(user)


@pytest.fixture
def product(database: Database) -> Product:
    with transaction() as session:
        return make_product(session, publish=True)


def test_one_decision_recognises_many_products(officer: Browser, product: Product) -> None:
    with transaction() as session:
        second = make_product(session, publish=True)
    page = officer.post("/quan-ly/quyet-dinh/moi", DECISION)
    address = page.headers["Location"]
    for target, score in ((product, "72.5"), (second, "91")):
        form = {"product": str(target.id), "stars": "4", "score": score}
        assert officer.post(address, form).status_code == 303
    shown = officer.get(address).get_data(as_text=True)
    assert product.name_vi in shown
    assert "tiềm năng 5 sao" in shown
    with reading() as session:
        rows = session.scalars(select(Recognition)).all()
        assert {str(row.valid_until) for row in rows} == {"2029-05-12"}


def test_the_same_product_twice_is_refused_and_the_form_comes_back(
    officer: Browser, product: Product
) -> None:
    address = officer.post("/quan-ly/quyet-dinh/moi", DECISION).headers["Location"]
    form = {"product": str(product.id), "stars": "3"}
    assert officer.post(address, form).status_code == 303
    again = officer.post(address, form)
    assert again.status_code == 409
    assert product.name_vi in again.get_data(as_text=True)


@pytest.mark.parametrize(
    ("change", "status"),
    [({"stars": "4", "score": "69.99"}, 422), ({"stars": "4", "score": "101"}, 422),
     ({"stars": "9"}, 422), ({"stars": "3", "valid_until": "2020-01-01"}, 422)],
)  # fmt: skip
def test_impossible_recognitions_are_refused(
    officer: Browser, product: Product, change: dict[str, str], status: int
) -> None:
    address = officer.post("/quan-ly/quyet-dinh/moi", DECISION).headers["Location"]
    answer = officer.post(address, {"product": str(product.id)} | change)
    assert answer.status_code == status
    with reading() as session:
        assert session.scalars(select(Recognition)).all() == []


def test_a_decision_of_the_future_is_refused(officer: Browser) -> None:
    answer = officer.post("/quan-ly/quyet-dinh/moi", DECISION | {"issued_on": "2027-01-01"})
    assert answer.status_code == 422
    assert "2345/QĐ-UBND" in answer.get_data(as_text=True)
    with reading() as session:
        assert session.scalars(select(Decision)).all() == []


def test_a_filed_renewal_is_shown_as_unanswered(officer: Browser, product: Product) -> None:
    with transaction() as session:
        row = recognise(session, session.get_one(Product, product.id))
    answer = officer.post(f"/quan-ly/cong-nhan/{row.id}/ho-so", {"on": "2026-11-01"})
    page = officer.follow(answer).get_data(as_text=True)
    assert "01/11/2026" in page


def paper(content: bytes, name: str = "vietgap.pdf") -> dict[str, object]:
    return {
        "kind": "vietgap",
        "number": "VG-1",
        "issuer": "VinaCert",
        "issued_on": "2026-01-05",
        "file": (io.BytesIO(content), name),
    }


def test_a_filed_paper_can_be_read_by_everyone_and_does_no_harm(
    app: Flask, officer: Browser, product: Product
) -> None:
    assert officer.post(f"/quan-ly/san-pham/{product.id}/giay-to", paper(PDF)).status_code == 303
    with reading() as session:
        row = session.scalars(select(Evidence).where(Evidence.sha256.is_not(None))).one()
    answer = Browser(app).get(f"/giay-to/{row.id}")
    assert (answer.status_code, answer.data) == (200, PDF)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    shown = Browser(app).get(f"/san-pham/{product.slug}").get_data(as_text=True)
    assert f"/giay-to/{row.id}" in shown


def test_the_papers_of_a_draft_are_for_staff_only(app: Flask, officer: Browser) -> None:
    with transaction() as session:
        hidden = make_product(session)
    officer.post(f"/quan-ly/san-pham/{hidden.id}/giay-to", paper(PDF))
    with reading() as session:
        row = session.scalars(select(Evidence).where(Evidence.sha256.is_not(None))).one()
    assert Browser(app).get(f"/giay-to/{row.id}").status_code == 404
    assert officer.get(f"/giay-to/{row.id}").status_code == 200


def test_a_file_that_is_not_what_it_says_is_refused(officer: Browser, product: Product) -> None:
    address = f"/quan-ly/san-pham/{product.id}/giay-to"
    answer = officer.post(address, paper(b"<script>alert(1)</script>"))
    assert answer.status_code == 422
    assert "VG-1" in answer.get_data(as_text=True)
    with reading() as session:
        assert session.scalars(select(Evidence).where(Evidence.sha256.is_not(None))).all() == []


def test_a_producer_cannot_enter_decisions(app: Flask, database: Database) -> None:
    with transaction() as session:
        maker = make_product(session).producer
        assert maker is not None
        user = make_user(session, Role.PRODUCER, f"producer:{maker.id}")
        decision = make_decision(session)
    browser = Browser(app).sign_in(user)
    assert browser.post("/quan-ly/quyet-dinh/moi", DECISION).status_code == 403
    assert browser.post(f"/quan-ly/quyet-dinh/{decision.id}", {}).status_code == 403
