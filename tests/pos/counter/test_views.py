"""The till's pages: open, sell, move cash, count blind, close, receipt; for the own point only."""

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import Role
from builders import NOW, TODAY, make_place, make_register, make_sku, make_user, stock_up
from pos.counter import sessions
from pos.counter.models import SessionStatus, TillSession
from pos.counter.posting import SaleLine
from support.browser import Browser
from support.counter import Counter, make_counter, stamped

MILLION = {"notes_500000": "2"}


@pytest.fixture
def counter(session: Session, visitor: Browser) -> Counter:
    """A counter whose cashier is signed in."""
    made = make_counter(session)
    session.commit()
    visitor.sign_in(made.cashier)
    return made


def at(counter: Counter, page: str = "") -> str:
    return f"/pos/{counter.till.id}/{page}"


def sell(session: Session, counter: Counter, *serials: str) -> str:
    sku = make_sku(session)
    stock_up(session, counter.shop, sku, 5)
    number = counter.sell(session, SaleLine(sku.id, 2, 125_000, None, serials)).result["number"]
    session.commit()
    return str(number)


def text_of(visitor: Browser, path: str) -> str:
    response = visitor.get(path)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_a_cashier_chooses_among_the_registers_of_the_own_points(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    other = make_register(session)
    session.commit()
    page = text_of(visitor, "/pos/")
    assert counter.till.register.code in page
    assert other.code not in page
    assert at(counter) in page


def test_a_register_is_opened_with_the_counted_float(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    register = make_register(session, counter.shop)
    session.commit()
    path, name = f"/pos/mo/{register.id}", f"{register.code}-float_amount"
    assert visitor.post(path, {name: "viel"}).status_code == 422
    assert visitor.post(path, {name: ""}).status_code == 422
    assert visitor.post(path, {name: "99999999999"}).status_code == 422
    response = visitor.post(path, {name: "300.000"})
    opened = session.scalars(select(TillSession).filter_by(register_id=register.id)).one()
    assert opened.float_amount == 300_000
    assert response.headers["Location"] == f"/pos/{opened.id}/"
    again = visitor.post(path, {name: "300.000"})
    assert again.headers["Location"] == "/pos/"
    assert len(session.scalars(select(TillSession).filter_by(register_id=register.id)).all()) == 1


def test_the_till_knows_its_session_and_speaks_the_language(
    visitor: Browser, counter: Counter
) -> None:
    page = text_of(visitor, at(counter) + "?lang=en")
    assert f'"session": "{counter.till.id}"' in page
    assert "Scan the first article" in page


def test_cash_is_put_in_and_taken_out_with_a_reason(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    path = at(counter, "tien")
    taken = {"kind": "pay_out", "amount": "50.000", "reason": "mua đá"}
    for wrong in ({"reason": ""}, {"amount": "0"}, {"kind": "sale"}, {"amount": "99999999999"}):
        assert visitor.post(path, taken | wrong).status_code == 422
    assert visitor.post(path, taken).status_code == 303
    assert sessions.expected_cash(session, counter.till.id) == 450_000
    assert "mua đá" in text_of(visitor, path)


def test_the_count_adds_notes_up_and_shows_nothing_beforehand(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    sell(session, counter)
    assert "750.000" not in text_of(visitor, at(counter, "dong"))
    response = visitor.post(at(counter, "dong"), {"notes_500000": "1", "notes_50000": "5"})
    page = visitor.follow(response).get_data(as_text=True)
    till = sessions.get(session, counter.till.id)
    session.refresh(till)
    assert (till.status, till.counted_cash, till.difference) == (SessionStatus.CLOSED, 750_000, 0)
    assert "750.000" in page


def test_a_count_far_off_is_asked_about_without_telling_the_figure(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    sell(session, counter)
    response = visitor.post(at(counter, "dong"), MILLION)
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "750.000" not in page
    assert 'value="2"' in page
    closed = visitor.post(at(counter, "dong"), MILLION | {"reason": "chưa rõ", "other": "500"})
    assert "250.500" in visitor.follow(closed).get_data(as_text=True)


@pytest.mark.parametrize("wrong", [{"notes_500000": "-1"}, {"notes_1000": "x"}, {"other": "1,5x"}])
def test_a_count_that_is_no_number_is_refused(
    session: Session, visitor: Browser, counter: Counter, wrong: dict[str, str]
) -> None:
    assert visitor.post(at(counter, "dong"), wrong).status_code == 422
    assert sessions.current(session, counter.till.register_id) is not None


def test_a_closed_session_leads_to_its_figures(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    assert visitor.get(at(counter, "z")).headers["Location"] == at(counter, "x")
    till = sessions.get(session, counter.till.id)
    who = counter.cashier.id
    sessions.close(session, till, 500_000, "", limit=0, now=NOW, actor_id=who)
    session.commit()
    for page in ("", "dong"):
        assert visitor.get(at(counter, page)).headers["Location"] == at(counter, "z")
    again = visitor.post(at(counter, "dong"), {"notes_500000": "1"})
    moved = visitor.post(at(counter, "tien"), {"kind": "pay_in", "amount": "1000", "reason": "x"})
    assert (again.status_code, moved.status_code) == (409, 409)


def test_the_x_report_tells_takings_but_not_the_cash_to_be_counted(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    number = sell(session, counter)
    page = text_of(visitor, at(counter, "x"))
    assert number in page
    assert "250.000" in page
    assert "750.000" not in page
    manager = make_user(session, Role.POINT_MANAGER, place_scope(counter.shop.id))
    session.commit()
    assert "750.000" in text_of(visitor.sign_in(manager), at(counter, "x"))


def test_the_receipt_says_who_what_when_and_how_it_was_paid(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    number = sell(session, counter)
    page = text_of(visitor, f"/pos/receipts/{number}?lang=en")
    for text in (
        counter.shop.name,
        counter.cashier.name,
        number,
        "250.000",
        "1.000.000",
        "750.000",
        "expires 25/10/2027",
        "VAT: rate not decided yet",
    ):
        assert text in page
    assert "<svg" not in page


def test_vat_is_told_by_rate_and_a_stamp_gives_the_receipt_its_qr(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    sku = make_sku(session)
    sku.product.vat_permille = 80
    lot = stock_up(session, counter.shop, sku, 5, expires_on=TODAY)
    _batch, serials = stamped(session, sku, lot=lot)
    line = SaleLine(sku.id, 1, 108_000, lot.id, (serials[0],))
    number = counter.sell(session, line).result["number"]
    session.commit()
    page = text_of(visitor, f"/pos/receipts/{number}?lang=en")
    assert "VAT 8 % in 108.000" in page
    assert "8.000" in page
    assert "OCOP 4 stars" in page
    assert "<svg" in page


def test_goods_without_known_lot_name_none(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    sku = make_sku(session)
    number = counter.sell(session, SaleLine(sku.id, 1, 125_000)).result["number"]
    session.commit()
    assert "KHONG-RO-LO" not in text_of(visitor, f"/pos/receipts/{number}")


def test_an_unknown_receipt_is_not_found(visitor: Browser, counter: Counter) -> None:
    assert visitor.get("/pos/receipts/X-A-000001").status_code == 404


def test_a_cashier_of_another_point_is_kept_out(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    number = sell(session, counter)
    closed = make_register(session, counter.shop)
    stranger = make_user(session, Role.CASHIER, place_scope(make_place(session).id))
    session.commit()
    visitor.sign_in(stranger)
    pages = [at(counter, page) for page in ("", "tien", "x", "dong", "z")]
    for path in [*pages, f"/pos/receipts/{number}"]:
        assert visitor.get(path).status_code == 403
    for path in (at(counter, "tien"), at(counter, "dong"), f"/pos/mo/{closed.id}"):
        assert visitor.post(path).status_code == 403
    assert counter.till.register.code not in text_of(visitor, "/pos/")


def test_a_guest_is_sent_to_sign_in(visitor: Browser) -> None:
    response = visitor.get(f"/pos/{uuid4()}/")
    assert response.status_code == 302
    assert "/dang-nhap" in response.headers["Location"]
