"""Reviews: by buyers only, once for each line, hidden for a reason, always counted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.core.db import Database, reading, transaction
from app.core.outbox import OutboxJob
from app.storefront import product_page, reviews, voices
from app.storefront.reviews import Said, flags_of, short_name
from app.storefront.voice_models import HiddenReason, Review
from app.storefront.voices import Voices
from builders import (
    NOW,
    TODAY,
    make_completed,
    make_offered,
    make_order,
    make_producer,
    make_review,
)
from catalog.models import Product, Sku
from pos.sales.models import Order
from support.statements import counted

GOOD = Said(5, "Rất ngon", "Nguyễn T. H.")
SECRET = "a secret only this test knows"


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_offered(session)


def give(session: Session, order: Order, said: Said = GOOD) -> Review:
    return reviews.give(session, order, order.lines[0].id, said, language="vi", now=NOW)


def sums(session: Session, sku: Sku) -> tuple[int, int]:
    query = select(Product.rating_sum, Product.rating_count).filter_by(id=sku.product_id)
    total, count = session.execute(query).one()
    return total, count


def test_a_review_counts_once_however_often_it_is_sent(session: Session, sku: Sku) -> None:
    order = make_completed(session, sku)
    assert give(session, order).id == give(session, order).id
    assert sums(session, sku) == (5, 1)


def test_other_words_replace_the_earlier_ones(session: Session, sku: Sku) -> None:
    order = make_completed(session, sku)
    give(session, order)
    assert give(session, order, Said(2, "", "An")).text is None
    assert sums(session, sku) == (2, 1)


def test_what_was_judged_stays(session: Session, sku: Sku) -> None:
    order = make_completed(session, sku)
    reviews.judge(session, give(session, order), None, now=NOW, actor_id=None)
    with pytest.raises(reviews.Settled):
        give(session, order, Said(1, "Khác", "An"))
    assert sums(session, sku) == (5, 1)


def test_only_lines_of_completed_orders_are_reviewed(session: Session, sku: Sku) -> None:
    with pytest.raises(reviews.NotYours):
        give(session, make_order(session, sku))
    mine, other = make_completed(session, sku), make_completed(session, sku)
    with pytest.raises(reviews.NotYours):
        reviews.give(session, mine, other.lines[0].id, GOOD, language="vi", now=NOW)


@pytest.mark.parametrize(
    "said", [Said(0, "", "An"), Said(6, "", "An"), Said(3, "", " "), Said(3, "x" * 2001, "An")]
)
def test_bounds_are_kept(session: Session, sku: Sku, said: Said) -> None:
    with pytest.raises(reviews.BadReview):
        give(session, make_completed(session, sku), said)


def test_a_hidden_review_still_counts_and_can_be_shown_again(session: Session, sku: Sku) -> None:
    review = make_review(session, sku, 1, "Gọi 0912 345 678")
    assert review.flags == "contact"
    reviews.judge(session, review, HiddenReason.PERSONAL_DATA, now=NOW, actor_id=None)
    rows = session.execute(voices.of_product_query(sku.product_id))
    seen = voices.built(rows)
    assert (seen.mean, seen.count) == (1.0, 1)
    assert seen.reviews[0].text is None
    assert seen.reviews[0].hidden_reason is HiddenReason.PERSONAL_DATA
    reviews.judge(session, review, None, now=NOW, actor_id=None)
    again = voices.built(session.execute(voices.of_product_query(sku.product_id)))
    assert again.reviews[0].text == "Gọi 0912 345 678"
    actions = select(AuditEntry.action).filter_by(object_type="review").order_by(AuditEntry.id)
    assert session.scalars(actions).all() == ["review.hide", "review.show"]


def test_there_is_one_answer(session: Session, sku: Sku) -> None:
    review = make_review(session, sku)
    reviews.answer(session, review, "Cảm ơn", now=NOW, actor_id=None)
    with pytest.raises(reviews.Answered):
        reviews.answer(session, review, "Lần nữa", now=NOW, actor_id=None)


def test_two_at_once_leave_one_review(real_database: Database) -> None:
    with transaction() as session:
        order_id = make_completed(session, make_offered(session)).id

    def send(stars: int) -> UUID:
        with transaction() as session:
            return give(session, session.get_one(Order, order_id), Said(stars, "", "An")).id

    with ThreadPoolExecutor(2) as pool:
        ids = set(pool.map(send, (3, 5)))
    with reading() as session:
        review = session.scalars(select(Review)).one()
        total = session.execute(select(Product.rating_sum, Product.rating_count)).one()
    assert ids == {review.id}
    assert total == (review.stars, 1)


@given(st.dictionaries(st.integers(1, 5), st.integers(1, 1000), min_size=1))
def test_the_mean_lies_between_the_worst_and_the_best(counts: dict[int, int]) -> None:
    seen = Voices(counts=counts)
    assert seen.mean is not None
    assert min(counts) <= seen.mean <= max(counts)
    assert sum(number for _stars, number in seen.histogram) == seen.count


def test_names_are_shortened() -> None:
    assert short_name("Nguyễn Thị Hoa") == "Nguyễn T. H."
    assert short_name(None) == ""


@pytest.mark.parametrize("text", ["gọi 0912.345.678", "a@b.vn", "xem https://x.vn", "mua ở x.com"])
def test_contact_data_are_flagged(text: str) -> None:
    assert flags_of(text) == "contact"
    assert flags_of("Giao 2 hộp 500 g, rất ngon.") is None


def test_a_link_opens_its_order_only(session: Session, sku: Sku) -> None:
    order = make_completed(session, sku)
    mark = reviews.token(order.id, SECRET)
    assert reviews.order_of_link(session, mark, SECRET) is order
    with pytest.raises(reviews.UnknownOrder):
        reviews.order_of_link(session, mark, "another secret")


def test_a_buyer_is_asked_once_after_five_days(session: Session, sku: Sku) -> None:
    order, later = make_completed(session, sku), NOW + timedelta(days=5)
    make_completed(session, sku)
    order.contact_email = "lan@example.vn"
    session.flush()
    assert reviews.ask(session, now=later - timedelta(hours=1)) == 0
    assert [reviews.ask(session, now=later), reviews.ask(session, now=later)] == [1, 0]
    queued = select(func.count(OutboxJob.id)).filter_by(name="ask_review")
    assert session.scalar(queued) == 1


def test_voices_cost_one_statement(session: Session, database: Database, sku: Sku) -> None:
    for stars in (1, 4, 4, 5):
        make_review(session, sku, stars)
    with counted(database) as statements:
        seen = voices.built(session.execute(voices.of_product_query(sku.product_id)))
    assert len(statements) == 1
    assert (seen.counts, len(seen.reviews)) == ({1: 1, 4: 2, 5: 1}, 3)


def test_related_products_begin_with_the_same_producer(session: Session) -> None:
    maker = make_producer(session)
    mine = make_offered(session, producer=maker)
    other, same = make_offered(session), make_offered(session, producer=maker)
    found = [card.slug for card in product_page.page_of(session, mine.product, TODAY).related]
    assert found == [same.product.slug, other.product.slug]
