"""Messages to producers and officers."""

from datetime import date

from app.core.clock import now
from app.core.mail import Post
from app.core.types import Json


def ends_soon(post: Post, payload: Json) -> None:
    """Warn everyone concerned that a recognition or a paper ends."""
    values = {
        "what": payload["what"],
        "is_paper": payload["kind"] == "paper",
        "ends_on": date.fromisoformat(payload["ends_on"]),
        "days": payload["days"],
        "product_id": payload["product_id"],
    }
    for number, address in enumerate(payload["to"]):
        about = (payload["product_id"], payload["kind"], payload["ends_on"], payload["days"])
        key = ".".join(str(part) for part in (*about, number))
        post.send(address, "ends_soon", values, key=key, language="vi", now=now())
