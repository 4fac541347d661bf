"""Buyers hear of each step in their language, with the reason in words, as text and as a page."""

from dataclasses import replace
from email.message import EmailMessage

import pytest
from flask import Flask, render_template
from sqlalchemy.orm import Session

from app.core.mail import Post
from builders_aftersales import STAFF, grant, make_bought, make_case, settle
from pos.aftersales import cases, decisions, mail
from pos.aftersales.models import Case
from pos.aftersales.status import Wish
from pos.sales.models import Order


def sent(app: Flask, session: Session, case: Case) -> EmailMessage:
    """The message about the last step of the case."""
    session.commit()
    session.expire_all()
    event, box = cases.get(session, case.id).events[-1], []

    def render(language: str, template: str, values: object) -> str:
        with app.test_request_context(f"/?lang={language}"):
            return render_template(template, **values)  # type: ignore[arg-type]

    post = Post("shop@example.vn", "https://shop.example", render, box.append)
    mail.case_moved(post, {"case_id": str(case.id), "event_id": event.id})
    (message,) = box
    return message


def texts(message: EmailMessage) -> tuple[str, str]:
    bodies = [message.get_body([kind]) for kind in ("plain", "html")]
    plain, page = (body.get_content() if body else "" for body in bodies)
    return plain, page


def bought(session: Session, language: str = "vi") -> Order:
    order = make_bought(session)
    order.contact_email, order.language = "lan@example.vn", language
    return order


@pytest.mark.parametrize(("language", "word"), [("vi", "yêu cầu"), ("en", "your case")])
def test_the_buyer_reads_that_the_case_is_there(
    app: Flask, session: Session, language: str, word: str
) -> None:
    case = make_case(session, bought(session, language))
    for text in texts(sent(app, session, case)):
        assert word in text
        assert case.number in text
        assert "27/11/2026" in text


def test_a_refusal_gives_its_reason(app: Flask, session: Session) -> None:
    case = make_case(session, bought(session))
    decisions.refuse(session, case, "Gói đã mở & dùng", STAFF)
    plain, page = texts(sent(app, session, case))
    assert "Gói đã mở & dùng" in plain
    assert "Gói đã mở &amp; dùng" in page


def test_the_end_names_the_money_or_the_new_order(app: Flask, session: Session) -> None:
    order = bought(session)
    case = make_case(session, order)
    grant(session, case)
    settle(session, case)
    assert "100.000" in texts(sent(app, session, case))[0]
    other = make_case(session, order, wish=Wish.EXCHANGE)
    grant(session, other)
    settle(session, other)
    new = session.get_one(Order, other.exchange_id)
    assert new.number in texts(sent(app, session, other))[0]


def test_two_steps_are_two_messages(app: Flask, session: Session) -> None:
    case = make_case(session, bought(session))
    first = sent(app, session, case)["Message-ID"]
    cases.ask(session, case, "Ảnh?", replace(STAFF))
    assert sent(app, session, case)["Message-ID"] != first
