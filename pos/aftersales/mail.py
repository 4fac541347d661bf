"""Messages to buyers about their cases."""

from uuid import UUID

from app.core.clock import now
from app.core.db import reading
from app.core.mail import Post
from app.core.types import Json
from pos.aftersales import cases
from pos.aftersales.models import CaseEvent


def case_moved(post: Post, payload: Json) -> None:
    """Tell the buyer what has become of a case, if an address was given."""
    with reading() as session:
        case = cases.get(session, UUID(payload["case_id"]))
        event = session.get_one(CaseEvent, payload["event_id"])
    if case.contact_email:
        values = {"case": case, "event": event, "order": case.order}
        post.send(
            case.contact_email,
            "case_moved",
            values,
            key=f"{case.number}-{event.id}",
            language=case.language,
            now=now(),
            html=True,
        )
