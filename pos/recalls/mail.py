"""Messages to buyers of recalled goods."""

from uuid import UUID

from app.core.clock import now
from app.core.db import reading
from app.core.mail import Post
from app.core.types import Json
from pos.recalls.models import RecallNotice
from traceability import recalls


def recall_notice(post: Post, payload: Json) -> None:
    """Tell a buyer that goods of an order are called back; once for each recall and order."""
    with reading() as session:
        notice = session.get_one(RecallNotice, UUID(payload["notice_id"]))
        order, recall = notice.order, recalls.get(session, notice.recall_id)
        if order.contact_email is None:
            return
        post.send(
            order.contact_email,
            "recall_notice",
            {"order": order, "recall": recall, "product": recall.lot.sku.product},
            key=f"{recall.number}-{order.number}",
            language=order.language,
            now=now(),
            html=True,
        )
