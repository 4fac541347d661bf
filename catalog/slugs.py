"""Addresses of products: a new one, and what an old one leads to."""

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.errors import Conflict, Rejected
from app.core.text import N_
from catalog.models import Product
from catalog.offer_models import OldSlug

MOST_LETTERS = 120
_FORM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class BadSlug(Rejected):
    """Not the form of an address."""

    code = "bad_slug"
    message = N_("An address has small letters without marks, digits and single hyphens.")


class SlugTaken(Conflict):
    """Another product has or had the address."""

    code = "slug_taken"
    message = N_("Another product has or once had this address. Choose a different one.")


def rename(
    session: Session, product: Product, slug: str, *, now: datetime, actor_id: UUID | None
) -> None:
    """Give the product another address; the former one leads to it. Its own former ones may return.

    Raises `BadSlug`, `SlugTaken`.
    """
    if len(slug) > MOST_LETTERS or not _FORM.fullmatch(slug):
        raise BadSlug
    if slug == product.slug:
        return
    before, former = product.slug, session.get(OldSlug, slug)
    if session.scalar(select(Product.id).filter_by(slug=slug)):
        raise SlugTaken
    if former is not None:
        if former.product_id != product.id:
            raise SlugTaken
        session.delete(former)
    product.slug = slug
    session.add(OldSlug(slug=before, product_id=product.id, changed_at=now))
    session.flush()
    detail = {"before": {"slug": before}, "after": {"slug": slug}}
    obj = ("product", product.id)
    audit.record(session, "product.rename", obj, actor_id=actor_id, now=now, detail=detail)


def now_at(session: Session, old: str) -> str | None:
    """The address of today of the product that had this one."""
    query = select(Product.slug).join(OldSlug, OldSlug.product_id == Product.id)
    return session.scalar(query.where(OldSlug.slug == old))
