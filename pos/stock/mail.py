"""Messages to the keepers of places."""

from datetime import datetime

from app.core.clock import now
from app.core.mail import Post
from app.core.types import Json


def runs_short(post: Post, payload: Json) -> None:
    """Tell everyone who keeps a place which articles run short there."""
    lines = [
        dict(zip(("product", "size", "code", "left"), row, strict=True)) for row in payload["lines"]
    ]
    values = {"place": payload["place"], "lines": lines}
    # One key for each batch: the message that is sent again is shown once.
    at = datetime.fromisoformat(payload["at"])
    for number, address in enumerate(payload["to"]):
        key = f"{payload['place_id']}.{at:%Y%m%d%H%M%S}.{number}"
        post.send(address, "runs_short", values, key=key, language="vi", now=now())
