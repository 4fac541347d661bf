"""Questions: asked without an account, public once answered, answered by their producer only."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts.access import producer_scope
from app.accounts.models import Role
from app.core.outbox import OutboxJob
from app.storefront import questions, reviews, voices
from app.storefront.browse import NoSuchProduct
from app.storefront.voice_models import HiddenReason, Question, Review
from builders import (
    NOW,
    make_completed,
    make_offered,
    make_producer,
    make_question,
    make_review,
    make_user,
)
from catalog.models import Sku
from support.browser import Browser
from support.post import Post

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def sku(session: Session) -> Sku:
    made = make_offered(session, producer=make_producer(session))
    session.commit()
    return made


def seen(session: Session, sku: Sku) -> voices.Voices:
    return voices.built(session.execute(voices.of_product_query(sku.product_id)))


def test_a_question_is_public_once_it_is_answered(session: Session, sku: Sku) -> None:
    question = make_question(session, sku, "an@example.vn")
    assert not seen(session, sku).questions
    questions.answer(session, question, "Có", now=NOW, actor_id=None)
    assert seen(session, sku).questions[0].answer == "Có"
    jobs = select(func.count(OutboxJob.id)).filter_by(name="question_answered")
    assert session.scalar(jobs) == 1
    reviews.judge(session, question, HiddenReason.ABUSE, now=NOW, actor_id=None)
    assert not seen(session, sku).questions


def test_nothing_is_asked_about_what_is_not_there(session: Session, sku: Sku) -> None:
    asker = questions.Asker("An", None, "vi")
    with pytest.raises(NoSuchProduct):
        questions.ask(session, "khong-co", asker, "Gì?", now=NOW)
    with pytest.raises(questions.BadQuestion):
        questions.ask(session, sku.product.slug, asker, " ", now=NOW)


def test_the_form_keeps_a_question_but_not_of_a_machine(
    session: Session, visitor: Browser, sku: Sku
) -> None:
    path, form = f"/san-pham/{sku.product.slug}/hoi", {"author": "An", "text": "Còn không?"}
    assert visitor.post(path, form | {"website": "x"}).status_code == 303
    assert session.scalar(select(func.count(Question.id))) == 0
    assert visitor.post(path, form).status_code == 303
    assert session.scalar(select(func.count(Question.id))) == 1


def test_texts_are_escaped(session: Session, visitor: Browser, sku: Sku) -> None:
    make_review(session, sku, 4, EVIL)
    session.commit()
    for path in (f"/san-pham/{sku.product.slug}", f"/san-pham/{sku.product.slug}/danh-gia"):
        html = visitor.get(path).get_data(as_text=True)
        assert EVIL not in html
        assert "4,0/5" in html
    assert "&lt;script&gt;alert(1)" in html


def test_reviews_are_narrowed_by_points(session: Session, visitor: Browser, sku: Sku) -> None:
    make_review(session, sku, 1, "Quá mặn")
    make_review(session, sku, 5, "Vừa miệng")
    session.commit()
    html = visitor.get(f"/san-pham/{sku.product.slug}/danh-gia?diem=1").get_data(as_text=True)
    assert "Quá mặn" in html
    # The structured data of the product page are not repeated here.
    assert "Vừa miệng" not in html


def test_the_link_of_the_message_takes_a_review(
    session: Session, visitor: Browser, sku: Sku
) -> None:
    order = make_completed(session, sku)
    session.commit()
    path = f"/danh-gia/{reviews.token(order.id, visitor.app.extensions['phohien_settings'].secret_key)}"
    assert "Nguyễn T. L." in visitor.get(path).get_data(as_text=True)
    form = {"line": str(order.lines[0].id), "stars": "3", "text": "Được", "author": "Lan"}
    assert visitor.post(path, form).status_code == 303
    assert session.scalars(select(Review.stars)).all() == [3]
    assert visitor.post(path, form | {"stars": "9"}).status_code == 422


def test_nobody_reviews_a_foreign_order(session: Session, visitor: Browser, sku: Sku) -> None:
    order = make_completed(session, sku)
    stranger = make_user(session, Role.CUSTOMER)
    session.commit()
    path = f"/don-hang/{order.number}/danh-gia"
    assert visitor.get(path).status_code == 404
    assert visitor.sign_in(stranger).get(path).status_code == 404


def test_a_producer_answers_for_its_own_products_only(
    session: Session, visitor: Browser, sku: Sku
) -> None:
    mine, foreign = make_question(session, sku), make_question(session, make_offered(session))
    assert sku.product.producer_id is not None
    maker = make_user(session, Role.PRODUCER, producer_scope(sku.product.producer_id))
    session.commit()
    visitor.sign_in(maker)
    form = {"answer": "Có giao"}
    assert visitor.post(f"/quan-ly/hoi-dap/{mine.id}/tra-loi", form).status_code == 303
    assert visitor.post(f"/quan-ly/hoi-dap/{foreign.id}/tra-loi", form).status_code == 403
    assert visitor.get("/quan-ly/danh-gia").status_code == 403


def test_the_office_hides_with_a_reason(session: Session, visitor: Browser, sku: Sku) -> None:
    review = make_review(session, sku, 1, "Bậy")
    officer, hidden = make_user(session, Role.OFFICER), select(Review.hidden_reason)
    session.commit()
    visitor.sign_in(officer)
    assert "Bậy" in visitor.get("/quan-ly/danh-gia").get_data(as_text=True)
    visitor.post(f"/quan-ly/danh-gia/{review.id}", {"reason": "bad"})
    assert session.scalars(hidden).one() is None
    session.commit()
    visitor.post(f"/quan-ly/danh-gia/{review.id}", {"reason": "abuse"})
    assert session.scalars(hidden).one() is HiddenReason.ABUSE
    session.commit()
    html = visitor.get(f"/san-pham/{sku.product.slug}").get_data(as_text=True)
    assert "Bậy" not in html
    assert "1,0/5" in html


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_messages_carry_the_link_and_the_answer(
    app: Flask, session: Session, visitor: Browser, sku: Sku
) -> None:
    order, question = make_completed(session, sku), make_question(session, sku, "an@example.vn")
    order.contact_email, post = "lan@example.vn", Post(app)
    questions.answer(session, question, "Có giao", now=NOW, actor_id=None)
    reviews.ask(session, now=NOW + reviews.ASK_AFTER)
    session.execute(update(OutboxJob).values(run_at=NOW))
    session.commit()
    texts = {sent["To"]: plain(sent) for sent in post.fetch()}
    assert "Có giao" in texts["an@example.vn"]
    link = texts["lan@example.vn"].split("http://localhost")[1].split()[0]
    assert visitor.get(link).status_code == 200


def test_answered_questions_are_read_page_by_page(
    session: Session, visitor: Browser, sku: Sku
) -> None:
    address = f"/san-pham/{sku.product.slug}"
    assert "Chưa có câu hỏi nào" in visitor.get(f"{address}/hoi-dap").text
    for number in range(21):
        question = make_question(session, sku)
        question.text, question.created_at = f"Câu số {number}.", NOW + timedelta(minutes=number)
        questions.answer(session, question, "Có", now=NOW, actor_id=None)
    make_question(session, sku).text = "Chưa ai trả lời"
    session.commit()
    shop = visitor.get(address).text
    assert shop.count("Câu số") == voices.NEWEST
    assert "Tất cả câu hỏi đã trả lời (21)" in shop
    first, second = (visitor.get(f"{address}/hoi-dap?page={n}").text for n in (1, 2))
    assert (first.count("Câu số"), second.count("Câu số")) == (voices.PAGE_SIZE, 1)
    assert f'href="{address}/hoi-dap?page=2"' in first
    assert "Câu số 20." in first
    assert "Câu số 0." in second
    assert "Chưa ai trả lời" not in first + second
