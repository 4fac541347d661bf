"""What a member said is handed out with the own data, and keeps its stars without the name."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import Role
from app.storefront import member, own_voices
from builders import NOW, make_offered, make_question, make_review, make_user


def test_reviews_and_questions_are_exported_and_kept_without_a_name(session: Session) -> None:
    lan = make_user(session, Role.CUSTOMER)
    sku = make_offered(session)
    review = make_review(session, sku, 2, customer_id=lan.id)
    question = make_question(session, sku, "lan@example.vn")
    question.user_id = lan.id
    other = make_review(session, sku, 5)
    session.flush()
    data = member.export(session, lan)
    assert [(r["stars"], r["text"]) for r in data["reviews"]] == [(2, "Ngon")]
    assert [q["email"] for q in data["questions"]] == ["lan@example.vn"]
    member.leave(session, lan, now=NOW)
    session.expire_all()
    assert (review.author, review.user_id, review.stars) == (own_voices.GONE, None, 2)
    assert (question.author, question.user_id, question.email) == (own_voices.GONE, None, None)
    assert other.author == "Nguyễn T. L."
    assert member.export(session, lan)["reviews"] == []


@pytest.mark.parametrize(("verified", "author"), [(NOW, own_voices.GONE), (None, "Lê Văn An")])
def test_what_was_asked_as_a_guest_from_a_proved_address_loses_its_name_too(
    session: Session, verified: datetime | None, author: str
) -> None:
    lan = make_user(session, Role.CUSTOMER, email="lan@example.vn")
    lan.email_verified_at = verified
    sku = make_offered(session)
    asked = make_question(session, sku, "Lan@example.vn")
    other = make_question(session, sku, "an@example.vn")
    member.leave(session, lan, now=NOW)
    session.expire_all()
    assert asked.author == author
    assert (asked.email is None) == (verified is not None)
    assert (other.author, other.email) == ("Lê Văn An", "an@example.vn")


def test_a_question_of_another_account_keeps_its_name(session: Session) -> None:
    lan, an = (make_user(session, Role.CUSTOMER) for _ in range(2))
    lan.email_verified_at = NOW
    asked = make_question(session, make_offered(session), lan.email)
    asked.user_id = an.id
    session.flush()
    member.leave(session, lan, now=NOW)
    session.expire_all()
    assert (asked.author, asked.user_id) == ("Lê Văn An", an.id)
