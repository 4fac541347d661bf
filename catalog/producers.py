"""Producers: make and revise. The address of the page stays what it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts import audit
from app.areas.models import AreaUnit
from app.core.errors import Conflict, NotFound
from app.core.text import N_, slugify
from app.core.types import Json
from catalog import claims, products
from catalog.models import Producer, ProducerKind, Product


class UnknownProducer(NotFound):
    """No such producer."""

    code = "unknown_producer"
    message = N_("This producer does not exist.")


class GlnTaken(Conflict):
    """Another producer has the number."""

    code = "gln_taken"
    message = N_("Another producer already has the GLN %(gln)s.")


@dataclass(frozen=True)
class Details:
    """What is said of a producer; unknown is None. `phone` in international form.

    `area_id` is the commune, `area_text` what a source says of it.
    """

    name: str
    kind: ProducerKind | None = None
    phone: str | None = None
    tax_code: str | None = None
    gln: str | None = None
    address: str | None = None
    area_id: UUID | None = None
    area_text: str | None = None
    story_vi: str | None = None
    story_en: str | None = None


def get(session: Session, producer_id: UUID) -> Producer:
    """The producer; raises `UnknownProducer`."""
    found = session.get(Producer, producer_id)
    if found is None:
        raise UnknownProducer
    return found


def create(session: Session, details: Details, *, now: datetime, actor_id: UUID | None) -> Producer:
    """Take a producer in; its address comes from its name, for ever. Raises `GlnTaken`."""
    _no_healing(details)
    _demand_free(session, details.gln, None)
    slug = _free_slug(session, details.name)
    producer = Producer(**vars(details), slug=slug, created_at=now)
    session.add(producer)
    session.flush()
    detail = {"before": {}, "after": _plain(session, vars(details))}
    obj = ("producer", producer.id)
    audit.record(session, "producer.create", obj, actor_id=actor_id, now=now, detail=detail)
    return producer


def _demand_free(session: Session, gln: str | None, but: UUID | None) -> None:
    holder = select(Producer.id).where(Producer.gln == gln, Producer.gln.is_not(None))
    if session.scalar(holder) not in {None, but}:
        raise GlnTaken(gln=gln)


def _no_healing(details: Details) -> None:
    claims.demand_none(**{N_("Story"): f"{details.story_vi or ''}\n{details.story_en or ''}"})


def revise(
    session: Session, producer: Producer, details: Details, *, now: datetime, actor_id: UUID | None
) -> None:
    """Replace what is said of it, audited; its products are found by the new name from now on.

    Raises `GlnTaken`.
    """
    _no_healing(details)
    _demand_free(session, details.gln, producer.id)
    after = vars(details)
    before = {
        name: getattr(producer, name) for name in after if getattr(producer, name) != after[name]
    }
    if not before:
        return
    for name in before:
        setattr(producer, name, after[name])
    made = select(Product).filter_by(producer_id=producer.id).options(joinedload(Product.category))
    for product in session.scalars(made):
        products.index(product)
    session.flush()
    changed = {name: after[name] for name in before}
    detail = {"before": _plain(session, before), "after": _plain(session, changed)}
    obj = ("producer", producer.id)
    audit.record(session, "producer.revise", obj, actor_id=actor_id, now=now, detail=detail)


def _plain(session: Session, values: Mapping[str, object]) -> Json:
    """The values as JSON; the commune by its name."""
    told = {n: v.value if isinstance(v, ProducerKind) else v for n, v in values.items() if v}
    area = session.get(AreaUnit, told.pop("area_id", None) or UUID(int=0))
    return told | ({"area": area.full_name} if area else {})


def _free_slug(session: Session, name: str) -> str:
    base = slugify(name)
    taken = set(session.scalars(select(Producer.slug).where(Producer.slug.startswith(base))))
    options = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
    return next(slug for slug in options if slug not in taken)
