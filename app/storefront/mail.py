"""Messages to customers."""

from uuid import UUID

from sqlalchemy.orm import joinedload

from app.core.clock import local_day, now
from app.core.db import reading
from app.core.mail import Post
from app.core.types import Json
from app.storefront import reviews, stock_notices
from app.storefront.models import StockNotice
from app.storefront.voice_models import Question
from catalog.models import Sku
from pos.sales import orders, payments
from pos.sales.payments import ENDED
from pos.sales.status import OrderStatus, PaymentStatus
from pos.stock import alerts


def order_placed(post: Post, payload: Json) -> None:
    """Confirm an order to the buyer, if an address was given."""
    _about_order(post, payload, OrderStatus.PLACED)


def order_moved(post: Post, payload: Json) -> None:
    """Tell the buyer that the order has come to another state."""
    _about_order(post, payload, OrderStatus.parse(payload["to"]))


def promise_broken(post: Post, payload: Json) -> None:
    """Tell the keepers of a place that goods of an order were sold at a counter."""
    with reading() as session:
        order = orders.get(session, UUID(payload["order_id"]))
        readers = alerts.responsible(session, order.place_id, local_day(now()))
    for number, address in enumerate(readers):
        key = f"{order.number}.{number}"
        post.send(address, "promise_broken", {"order": order}, key=key, language="vi", now=now())


def _about_order(post: Post, payload: Json, to: OrderStatus) -> None:
    with reading() as session:
        order = orders.get(session, UUID(payload["order_id"]))
        if order.contact_email:
            post.send(
                order.contact_email,
                f"order_{to.value}" if to is OrderStatus.PLACED else "order_moved",
                {"order": order, "to": to.value, "moved": to},
                key=order.number if to is OrderStatus.PLACED else f"{order.number}-{to.value}",
                language=order.language,
                now=now(),
                html=True,
            )


def payment_short(post: Post, payload: Json) -> None:
    """Tell the buyer how much of a transfer is missing, unless the rest has come or it is too late."""
    with reading() as session:
        payment = payments.get(session, UUID(payload["payment_id"]))
        order = orders.get(session, payment.order_id)
        in_time = order.pay_until is None or order.pay_until > now()
        waiting = payment.status is PaymentStatus.MISMATCHED and order.status not in ENDED
        if not (order.contact_email and waiting and in_time):
            return
        post.send(
            order.contact_email,
            "payment_short",
            {"order": order, "payment": payment},
            key=payment.id.hex,
            language=order.language,
            now=now(),
            html=True,
        )


def back_in_stock(post: Post, secret: str, payload: Json) -> None:
    """Tell who asked that an article can be bought again, unless the request was ended."""
    with reading() as session:
        notice = session.get(
            StockNotice,
            UUID(payload["notice_id"]),
            options=[joinedload(StockNotice.sku).joinedload(Sku.product)],
        )
    if notice is None:
        return
    values = {"sku": notice.sku, "token": stock_notices.token(notice, secret)}
    language, key = notice.language, notice.id.hex
    post.send(notice.email, "back_in_stock", values, key=key, language=language, now=now())


def ask_review(post: Post, secret: str, payload: Json) -> None:
    """Tell the buyer of a completed order once that it can be reviewed."""
    with reading() as session:
        order = orders.get(session, UUID(payload["order_id"]))
        if order.contact_email:
            values = {"order": order, "token": reviews.token(order.id, secret)}
            key, language = f"{order.number}-review", order.language
            post.send(
                order.contact_email, "ask_review", values, key=key, language=language, now=now()
            )


def question_answered(post: Post, payload: Json) -> None:
    """Send the answer to whoever asked and left an address."""
    with reading() as session:
        part = [joinedload(Question.product)]
        question = session.get(Question, UUID(payload["question_id"]), options=part)
        if question is None or not question.email or question.hidden_reason:
            return
        values, key = {"question": question}, question.id.hex
        language = question.language
        post.send(
            question.email, "question_answered", values, key=key, language=language, now=now()
        )
