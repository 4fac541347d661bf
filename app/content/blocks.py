"""Blocks of the home page: what staff add, change, order, switch off and take away.

A shop without blocks shows the default set. The first block that is added writes that set down
before it, so that nothing vanishes from the page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.content.models import Block, BlockKind
from app.core.errors import NotFound, Rejected
from app.core.text import N_
from catalog import claims
from catalog.models import Producer

DEFAULT = (BlockKind.OPENING, BlockKind.STARRED, BlockKind.POINTS)
# Options that are words for people; the others are keys, days and addresses.
_WORDS = ("place", "link_vi", "link_en")


class NoSuchBlock(NotFound):
    """There is no such block."""

    code = "no_such_block"
    message = N_("This block does not exist.")


class MissingWords(Rejected):
    """A block of this kind says nothing without its words."""

    code = "missing_words"
    message = N_("A block of this kind needs more words: fill in the marked fields.")


class BadPeriod(Rejected):
    """The last day lies before the first."""

    code = "bad_period"
    message = N_("The last day must not lie before the first.")


class BadLink(Rejected):
    """A button leads to a page of the shop or to a safe address elsewhere."""

    code = "bad_link"
    message = N_("A link begins with “/” or with “https://”.")


class UnknownMaker(Rejected):
    """There is no producer of that address with a story."""

    code = "unknown_maker"
    message = N_("Choose a producer whose story is written.")


@dataclass(frozen=True)
class Content:
    """What a block says and when; `options` holds what its kind needs besides."""

    title_vi: str | None = None
    title_en: str | None = None
    body_vi: str | None = None
    body_en: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    shown_from: date | None = None
    shown_until: date | None = None


NEEDED: dict[BlockKind, tuple[str, ...]] = {
    BlockKind.OPENING: ("title_vi",),
    BlockKind.FAIR: ("title_vi", "place", "begins"),
    BlockKind.STORY: ("producer",),
    BlockKind.TEXT: ("body_vi",),
}


def default_set() -> list[Block]:
    """The blocks of a shop that has none; they are in no session."""
    return [
        Block(kind=kind, position=place, options={}, active=True)
        for place, kind in enumerate(DEFAULT)
    ]


def in_order(session: Session) -> Sequence[Block]:
    """All blocks, switched off or not, as they stand on the page."""
    return session.scalars(select(Block).order_by(Block.position, Block.id)).all()


def shown_on(rows: Iterable[Block], day: date, *, also_off: bool = False) -> list[Block]:
    """Those to be seen on `day`, first and last day included; `also_off` adds switched-off ones."""
    return [
        row
        for row in rows
        if (row.active or also_off)
        and (row.shown_from is None or row.shown_from <= day)
        and (row.shown_until is None or row.shown_until >= day)
    ]


def get(session: Session, block_id: UUID, *, lock: bool = False) -> Block:
    """A block. Raises `NoSuchBlock`."""
    found = session.get(Block, block_id, with_for_update=True if lock else None)
    if found is None:
        raise NoSuchBlock
    return found


def add(
    session: Session, kind: BlockKind, content: Content, *, now: datetime, actor_id: UUID | None
) -> Block:
    """Put a block at the end. Raises `MissingWords`, `BadPeriod`, `BadLink`, `UnknownMaker`,
    `HealthClaim`."""
    _check(session, kind, content)
    if session.scalar(select(Block.id).limit(1)) is None:
        for written in default_set():
            written.created_at = now
            session.add(written)
        session.flush()
    last = session.scalar(select(func.max(Block.position))) or 0
    block = Block(kind=kind, position=last + 1, created_at=now, active=True, **_values(content))
    session.add(block)
    session.flush()
    _record(session, "add", block, now, actor_id, {"kind": kind.value})
    return block


def revise(
    session: Session, block: Block, content: Content, *, now: datetime, actor_id: UUID | None
) -> None:
    """Change what a block says and when. Raises what `add` raises."""
    _check(session, block.kind, content)
    values = _values(content)
    changed = sorted(name for name, value in values.items() if getattr(block, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(block, name, values[name])
    _record(session, "revise", block, now, actor_id, {"fields": changed})


def move(session: Session, block: Block, *, up: bool, now: datetime, actor_id: UUID | None) -> None:
    """Change places with the neighbour above or below; at the edge nothing happens."""
    rows = list(in_order(session))
    place = rows.index(block)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for number, row in enumerate(rows):
        row.position = number
    _record(session, "move", block, now, actor_id, {"up": up})


def switch(
    session: Session, block: Block, *, active: bool, now: datetime, actor_id: UUID | None
) -> None:
    """Show a block or keep it back."""
    if block.active == active:
        return
    block.active = active
    _record(session, "switch", block, now, actor_id, {"active": active})


def remove(session: Session, block: Block, *, now: datetime, actor_id: UUID | None) -> None:
    """Take a block away for good; the trail keeps its words."""
    words = {name: getattr(block, name) for name in ("title_vi", "body_vi") if getattr(block, name)}
    _record(session, "remove", block, now, actor_id, {"kind": block.kind.value, **words})
    session.delete(block)
    session.flush()


def _values(content: Content) -> dict[str, Any]:
    values = asdict(content)
    values["options"] = {key: value for key, value in content.options.items() if value}
    return {key: None if value == "" else value for key, value in values.items()}


def _check(session: Session, kind: BlockKind, content: Content) -> None:
    said = _values(content)
    options = said["options"]
    missing = [name for name in NEEDED.get(kind, ()) if not (said | options).get(name)]
    if missing:
        raise MissingWords(detail=missing)
    _ordered(content.shown_from, content.shown_until)
    _ordered(options.get("begins"), options.get("ends"))
    if options.get("link") and not is_safe_link(options["link"]):
        raise BadLink
    if kind is BlockKind.STORY and options["producer"] not in makers(session):
        raise UnknownMaker
    texts = {name: said[name] for name in ("title_vi", "title_en", "body_vi", "body_en")}
    claims.demand_none(**texts, **{name: options.get(name) for name in _WORDS})


def _ordered(first: Any, last: Any) -> None:
    if first and last and last < first:
        raise BadPeriod


def is_safe_link(address: str) -> bool:
    """A path of this shop, or an https address with a host."""
    if address.startswith("/"):
        return not address.startswith(("//", "/\\"))
    parts = urlsplit(address)
    return parts.scheme == "https" and bool(parts.netloc)


def makers(session: Session) -> dict[str, str]:
    """Producers whose story is written: address and name, by name."""
    query = select(Producer.slug, Producer.name).where(Producer.story_vi.is_not(None))
    rows = session.execute(query.order_by(Producer.name))
    return {row.slug: row.name for row in rows}


def _record(
    session: Session,
    what: str,
    block: Block,
    now: datetime,
    actor_id: UUID | None,
    detail: dict[str, Any],
) -> None:
    session.flush()
    obj = ("block", block.id)
    audit.record(session, f"block.{what}", obj, actor_id=actor_id, now=now, detail=detail)
