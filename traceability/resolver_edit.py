"""Links of the resolver kept by staff: add one, end one. What was said stays on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.errors import Conflict, NotFound, Rejected
from app.core.text import N_
from traceability.gs1 import DigitalLink
from traceability.resolver_links import LANGUAGES, MEDIA_TYPES, TYPES
from traceability.resolver_models import ResolverLink

MOST_SHOWN = 200


class UnknownLink(NotFound):
    """No such link, or it has ended."""

    code = "unknown_resolver_link"
    message = N_("This link does not exist or has ended.")


class BadLink(Rejected):
    """Type, address, title, language, media type or days of the link are not possible."""

    code = "bad_resolver_link"
    message = N_("The link is not possible: %(why)s.")


class TooDetailed(Rejected):
    """A link of one piece names the GTIN and the serial only (Resolver 1.2, 2.5.9, rule 2)."""

    code = "too_detailed"
    message = N_("A link of one piece names GTIN and serial only, without lot or variant.")


class SecondDefault(Conflict):
    """The entity has a default link already (section 2.5.8)."""

    code = "second_default"
    message = N_("There is a default link already. End it first.")


@dataclass(frozen=True)
class Details:
    """What is said of a link."""

    type: str
    href: str
    title: str
    language: str | None = None
    media_type: str | None = None
    context: str | None = None
    default: bool = False
    valid_from: date | None = None
    valid_to: date | None = None


def add(
    session: Session, of: DigitalLink, told: Details, *, now: datetime, actor_id: UUID | None
) -> ResolverLink:
    """Add a link of an entity. Raises `TooDetailed`, `BadLink`, `SecondDefault`."""
    if of.serial is not None and len(of.qualifiers) > 1:
        raise TooDetailed
    why = _wrong(told)
    if why is not None:
        raise BadLink(why=why)
    anchor = DigitalLink(of.key, of.value, of.qualifiers).path
    if told.default and _default(session, anchor) is not None:
        raise SecondDefault
    link = ResolverLink(
        anchor=anchor,
        link_type=told.type,
        href=told.href,
        title=told.title,
        language=told.language,
        media_type=told.media_type,
        context=told.context,
        is_default=told.default,
        valid_from=told.valid_from,
        valid_to=told.valid_to,
        created_at=now,
        created_by=actor_id,
    )
    session.add(link)
    session.flush()
    _audit(session, "resolver_link.add", link, now, actor_id)
    return link


def _wrong(told: Details) -> str | None:
    """What is wrong with the link, as a msgid."""
    reversed_days = told.valid_from and told.valid_to and told.valid_to < told.valid_from
    faults = (
        (told.type not in TYPES, N_("its kind is not one of the list")),
        (not _is_https(told.href), N_("its address must begin with https://")),
        (not told.title.strip(), N_("its title is missing")),
        (told.language not in {None, *LANGUAGES}, N_("its language is not one of ours")),
        (told.media_type not in {None, *MEDIA_TYPES}, N_("its media type is not one of the list")),
        (bool(reversed_days), N_("its last day lies before its first")),
    )
    return next((why for holds, why in faults if holds), None)


def _is_https(href: str) -> bool:
    try:
        parts = urlsplit(href)
        known = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = href.isascii() and href.isprintable() and not set(href) & set(' "<>\\^`{|}')
    host = parts.hostname or ""
    return (
        href.startswith("https://") and plain and known and "." in host and "@" not in parts.netloc
    )


def _default(session: Session, anchor: str) -> UUID | None:
    query = select(ResolverLink.id).filter_by(anchor=anchor, is_default=True, ended_at=None)
    return session.scalar(query)


def end(session: Session, link_id: UUID, *, now: datetime, actor_id: UUID | None) -> None:
    """The link leads nobody any more from now on. Raises `UnknownLink`."""
    link = session.get(ResolverLink, link_id, with_for_update=True)
    if link is None or link.ended_at is not None:
        raise UnknownLink
    link.ended_at = now
    session.flush()
    _audit(session, "resolver_link.end", link, now, actor_id)


def _audit(
    session: Session, action: str, link: ResolverLink, now: datetime, actor_id: UUID | None
) -> None:
    detail = {
        "anchor": link.anchor,
        "type": link.link_type,
        "href": link.href,
        "title": link.title,
        "default": link.is_default,
    }
    obj = ("resolver_link", link.id)
    audit.record(session, action, obj, actor_id=actor_id, now=now, detail=detail)


def shown(session: Session, text: str) -> Sequence[ResolverLink]:
    """Links that have not ended whose anchor, title or address holds `text`; newest last."""
    query = select(ResolverLink).where(ResolverLink.ended_at.is_(None))
    if text:
        columns = (ResolverLink.anchor, ResolverLink.title, ResolverLink.href)
        fits = [column.icontains(text, autoescape=True) for column in columns]
        query = query.where(fits[0] | fits[1] | fits[2])
    order = query.order_by(ResolverLink.anchor, ResolverLink.created_at)
    return session.scalars(order.limit(MOST_SHOWN)).all()
