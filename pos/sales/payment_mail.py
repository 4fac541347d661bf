"""Messages to staff about money that went another way."""

from datetime import datetime

from app.core.clock import now
from app.core.mail import Post
from app.core.types import Json


def payment_notice(post: Post, payload: Json) -> None:
    """Tell the keepers of an order's place of a dispute or of a refund that failed."""
    at = datetime.fromisoformat(payload["at"])
    values = {name: payload[name] for name in ("what", "number", "order_id", "amount")}
    for number, address in enumerate(payload["to"]):
        key = f"{payload['number']}.{payload['what']}.{at:%Y%m%d%H%M%S}.{number}"
        post.send(address, "payment_notice", values, key=key, language="vi", now=now())
