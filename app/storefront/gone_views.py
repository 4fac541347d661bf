"""What an address says whose product moved away or is no longer offered."""

from collections.abc import Sequence
from datetime import date

from flask import make_response, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core.web import message_of, wants_json
from app.storefront import browse
from catalog import slugs
from catalog.models import Product

MOST = 8


def moved(session: Session, slug: str) -> Response:
    """The way to the address of today. Raises `NoSuchProduct`."""
    today = slugs.now_at(session, slug)
    if today is None:
        raise browse.NoSuchProduct
    return redirect(url_for("storefront.product", slug=today), 301)


def withdrawn(session: Session, slug: str, error: browse.Withdrawn, day: date) -> Response:
    """The page of a withdrawn product: it says so, and what there is instead. Status 410."""
    if wants_json():
        raise error
    cards = alternatives(session, slug, day)
    page = render_template("storefront/withdrawn.html", message=message_of(error), cards=cards)
    return make_response(page, 410)


def alternatives(session: Session, slug: str, day: date) -> Sequence[browse.Card]:
    """Published products of the same producer, then of the same shelf."""
    product = session.scalars(select(Product).filter_by(slug=slug)).one()
    same = Product.producer_id == product.producer_id
    mine = browse.cards_where(session, same, day, limit=MOST) if product.producer_id else []
    shelf = Product.category_id == product.category_id
    others = browse.cards_where(session, shelf, day, limit=2 * MOST)
    return list({card.slug: card for card in [*mine, *others]}.values())[:MOST]
