"""The home page: the blocks of a day with what each of them shows. Values only."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.content import blocks, news
from app.content.models import Block, BlockKind, NewsItem
from app.core.db import Model
from app.storefront import browse, chosen
from app.storefront.cards import Card
from app.storefront.index import Index
from app.storefront.index_rows import build
from catalog import recognitions
from catalog.models import Producer, Product
from catalog.recognition_models import Recognition
from pos.stock import places
from pos.stock.models import Place

MOST_CARDS = 8
MOST_NEWS = 3
NEW_FOR = timedelta(days=60)
_WITH_POINTS = (BlockKind.OPENING, BlockKind.POINTS)


@dataclass(frozen=True)
class Piece:
    """A block with its content; `main` has the heading of the page."""

    block: Block
    main: bool = False
    cards: Sequence[Card] = ()
    producer: Producer | None = None
    news: Sequence[NewsItem] = ()

    @property
    def kind(self) -> str:
        """The kind as templates are named after it."""
        return self.block.kind.value


@dataclass(frozen=True)
class HomePage:
    """What the home page shows; `points` are the sales points where orders can be fetched."""

    pieces: Sequence[Piece]
    points: Sequence[Place]

    @property
    def has_heading(self) -> bool:
        """Whether a block has the heading of the page."""
        return any(piece.main for piece in self.pieces)


def told(page: HomePage) -> Hashable:
    """Everything that the page shows, as a value."""
    return _value(page)


def _value(shown: object) -> Hashable:
    if isinstance(shown, Model):
        columns = type(shown).__table__.c.keys()
        return tuple(_value(getattr(shown, name)) for name in columns)
    if isinstance(shown, dict):
        return tuple((key, _value(value)) for key, value in shown.items())
    if isinstance(shown, list | tuple):
        return tuple(map(_value, shown))
    if isinstance(shown, HomePage | Piece):
        return tuple(_value(getattr(shown, field.name)) for field in fields(shown))
    return shown


def compose(
    session: Session, day: date, index: Index | None = None, *, also_off: bool = False
) -> HomePage:
    """The page of `day`; the default set stands in for a shop without blocks.

    `also_off` shows the blocks that are switched off, too.
    """
    index = index or build(session, day)
    rows = list(blocks.in_order(session)) or blocks.default_set()
    shown = blocks.shown_on(rows, day, also_off=also_off)
    first = next((row for row in shown if row.kind is BlockKind.OPENING), None)
    pieces = [_piece(session, row, index, day, main=row is first) for row in shown]
    wanted = any(row.kind in _WITH_POINTS for row in shown)
    return HomePage(pieces, places.pickup_points(session) if wanted else [])


def _piece(session: Session, block: Block, index: Index, day: date, *, main: bool) -> Piece:
    match block.kind:
        case BlockKind.STARRED:
            return Piece(block, cards=chosen.starred(session, index, day, limit=MOST_CARDS))
        case BlockKind.SEASON:
            return Piece(block, cards=chosen.in_season(session, index, day, limit=MOST_CARDS))
        case BlockKind.NEW_STARS:
            return Piece(block, cards=_cards(session, _newly_starred(day), day))
        case BlockKind.STORY:
            slug = block.options.get("producer")
            return Piece(block, producer=session.scalar(select(Producer).filter_by(slug=slug)))
        case BlockKind.NEWS:
            return Piece(block, news=news.newest(session, MOST_NEWS))
        case _:
            return Piece(block, main=main)


def _cards(session: Session, condition: ColumnElement[bool], day: date) -> Sequence[Card]:
    return browse.cards_where(session, condition, day, limit=MOST_CARDS)


def _newly_starred(day: date) -> ColumnElement[bool]:
    """SQL condition: the stars in force on `day` began in the 60 days that end with it."""
    since = Recognition.valid_from > day - NEW_FOR
    held = select(Recognition.product_id).where(recognitions.in_force_on(day), since)
    return Product.id.in_(held)
