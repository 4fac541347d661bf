"""Links from a product to its pages in other shops, and what the last look at them said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.db import insert_if_new
from app.core.errors import Conflict, NotFound, Rejected
from app.core.outbox import enqueue
from app.core.paging import Page
from app.core.text import N_
from catalog import channels
from catalog.link_fetch import Answer, Trouble
from catalog.models import Product
from catalog.offer_models import ChannelLink, LinkState

LOOK = "look_at_link"
EVERY = timedelta(hours=24)
# A link that was queued twice is looked at once.
LATELY = timedelta(hours=1)
GONE = {404, 410}
GONE_TIMES = 2
PAGE_SIZE = 50


class UnknownLink(NotFound):
    """No such link."""

    code = "unknown_link"
    message = N_("This link does not exist.")


class NotAPageOfAShop(Rejected):
    """The address is of no shop on the list, or not a plain https address."""

    code = "not_a_page_of_a_shop"
    message = N_("Give the https address of the product at one of these shops: %(shops)s.")


class LinkKnown(Conflict):
    """The product has this link."""

    code = "link_known"
    message = N_("The product has this link already.")


@dataclass(frozen=True)
class LinkView:
    """A link as the product page shows it."""

    shop: str
    url: str


@dataclass(frozen=True)
class LinkRow:
    """A link in the list for staff."""

    link: ChannelLink
    product: Product

    @property
    def shop(self) -> str:
        """Name of the other shop."""
        return shop_name(self.link.channel)

    @property
    def trouble(self) -> str | None:
        """Why there was no status, as a msgid."""
        return next((t.label for t in Trouble if t.value == self.link.answer), None)


def shop_name(code: str) -> str:
    """Name of a shop; its code when it is no longer on the list."""
    shop = channels.shops().get(code)
    return shop.name if shop else code


def add(
    session: Session, product: Product, url: str, *, now: datetime, actor_id: UUID | None
) -> None:
    """Link a product to its page in another shop and queue a look at it.

    Raises `NotAPageOfAShop`, `LinkKnown`.
    """
    url = url.strip()
    shop = channels.shop_of(url)
    if shop is None:
        names = ", ".join(known.name for known in channels.shops().values())
        raise NotAPageOfAShop(shops=names)
    values = {"product_id": product.id, "channel": shop.code, "url": url, "created_at": now}
    if not insert_if_new(session, ChannelLink, values):
        raise LinkKnown
    link = session.scalars(select(ChannelLink).filter_by(product_id=product.id, url=url)).one()
    enqueue(session, LOOK, {"link": str(link.id)}, now=now)
    _note(session, "link.added", link, now=now, actor_id=actor_id)


def remove(session: Session, link: ChannelLink, *, now: datetime, actor_id: UUID | None) -> None:
    """Take a link away."""
    _note(session, "link.removed", link, now=now, actor_id=actor_id)
    session.delete(link)
    session.flush()


def _note(
    session: Session, action: str, link: ChannelLink, *, now: datetime, actor_id: UUID | None
) -> None:
    key, detail = ("product", link.product_id), {"url": link.url}
    audit.record(session, action, key, actor_id=actor_id, now=now, detail=detail)


def get(session: Session, product_id: UUID, link_id: UUID) -> ChannelLink:
    """A link of this product. Raises `UnknownLink`."""
    found = session.scalar(select(ChannelLink).filter_by(id=link_id, product_id=product_id))
    if found is None:
        raise UnknownLink
    return found


def next_state(answer: Answer, failures: int) -> tuple[LinkState, int]:
    """What an answer means after `failures` times «gone» in a row, and how many these are now.

    A page is dead when it is gone twice running: shops make mistakes for an hour. Whatever is
    neither there nor gone, such as a page that wants to see a human, tells nothing.
    """
    if answer == 200:
        return LinkState.LIVE, 0
    if answer in GONE:
        times = failures + 1
        return (LinkState.DEAD if times >= GONE_TIMES else LinkState.DOUBTFUL), times
    return LinkState.DOUBTFUL, 0


def note(session: Session, link_id: UUID, answer: Answer, *, now: datetime) -> None:
    """Note what a look said; nothing when the link was removed meanwhile."""
    link = session.get(ChannelLink, link_id, with_for_update=True)
    if link is not None:
        link.state, link.failures = next_state(answer, link.failures)
        link.answer = answer.value if isinstance(answer, Trouble) else str(answer)
        link.checked_at = now
        session.flush()


def queue_looks(session: Session, *, now: datetime) -> int:
    """Queue a look at every link that was not looked at for a day; returns how many."""
    old = ChannelLink.checked_at.is_(None) & (ChannelLink.created_at <= now - EVERY)
    query = select(ChannelLink.id).where(old | (ChannelLink.checked_at <= now - EVERY))
    keys = session.scalars(query.order_by(ChannelLink.id)).all()
    for key in keys:
        enqueue(session, LOOK, {"link": str(key)}, now=now)
    return len(keys)


def to_look_at(session: Session, link_id: UUID, now: datetime) -> str | None:
    """The address to ask for; None when it is gone or was looked at lately."""
    link = session.get(ChannelLink, link_id)
    if link is None or (link.checked_at is not None and link.checked_at > now - LATELY):
        return None
    return link.url


def of_product(session: Session, product: Product) -> Sequence[LinkRow]:
    """All links of a product, for staff."""
    query = select(ChannelLink).filter_by(product_id=product.id)
    found = session.scalars(query.order_by(ChannelLink.created_at, ChannelLink.id))
    return [LinkRow(link, product) for link in found]


def overview(session: Session, producers: frozenset[UUID] | None, number: int) -> Page[LinkRow]:
    """All links, dead and doubtful ones first; `producers` limits them to these makers."""
    mine: list[ColumnElement[bool]] = []
    if producers is not None:
        mine.append(Product.producer_id.in_(producers))
    base = select(ChannelLink, Product).join(Product, Product.id == ChannelLink.product_id)
    count = select(func.count()).select_from(base.where(*mine).subquery())
    worst_first = case(
        (ChannelLink.state == LinkState.DEAD, 0),
        (ChannelLink.state == LinkState.DOUBTFUL, 1),
        else_=2,
    )
    query = base.where(*mine).order_by(worst_first, Product.sort_key, ChannelLink.id)
    rows = session.execute(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    items = [LinkRow(link, product) for link, product in rows]
    return Page(items, number, PAGE_SIZE, session.scalar(count) or 0)


def of_product_query(product_id: Any) -> Select[*tuple[Any, ...]]:
    """The links that a product page shows; for `views`."""
    query = select(ChannelLink.channel, ChannelLink.url)
    shown = query.where(ChannelLink.product_id == product_id, ChannelLink.state != LinkState.DEAD)
    return shown.order_by(ChannelLink.created_at, ChannelLink.id)


def views(rows: Iterable[Any]) -> Sequence[LinkView]:
    """What the rows of `of_product_query` say."""
    return [LinkView(shop_name(row.channel), row.url) for row in rows]
