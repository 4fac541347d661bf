"""Places: where stock can be, real and virtual."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts import audit
from app.core.db import insert_if_new
from app.core.errors import Conflict, NotFound, Rejected
from app.core.text import N_
from pos.stock.models import PHYSICAL, SELLING, Place, PlaceKind
from traceability import gs1


class UnknownPlace(NotFound):
    """No such place."""

    code = "unknown_place"
    message = N_("This place does not exist.")


class PlaceCodeTaken(Conflict):
    """Another place has the code."""

    code = "place_code_taken"
    message = N_("Another place already has the code %(place)s.")


class NotPhysical(Rejected):
    """Only real places are created by people."""

    code = "not_physical"
    message = N_("This kind of place is kept by the system.")


class BadGln(Rejected):
    """The number is not a GLN."""

    code = "bad_gln"
    message = N_("A GLN has 13 digits, the last of them a check digit.")


class GlnTaken(Conflict):
    """Another place has the number."""

    code = "place_gln_taken"
    message = N_("Another place already has the GLN %(gln)s.")


def create(
    session: Session,
    *,
    code: str,
    kind: PlaceKind,
    name: str,
    now: datetime,
    actor_id: UUID | None,
    address: str | None = None,
    area_id: UUID | None = None,
    phone: str | None = None,
    opening_hours: str | None = None,
    pickup: bool = False,
    serves_web: bool = False,
) -> Place:
    """Open a real place together with its suspense place. Raises `PlaceCodeTaken`, `NotPhysical`."""
    if kind not in PHYSICAL:
        raise NotPhysical
    if session.scalar(select(Place.id).filter_by(code=code)):
        raise PlaceCodeTaken(place=code)
    place = Place(
        code=code,
        kind=kind,
        name=name,
        address=address,
        area_id=area_id,
        phone=phone,
        opening_hours=opening_hours,
        pickup=pickup,
        serves_web=serves_web,
        active=True,
    )
    session.add(place)
    session.flush()
    session.add(
        Place(code=f"{code}?", kind=PlaceKind.SUSPENSE, name=name, parent_id=place.id, active=True)
    )
    session.flush()
    audit.record(session, "place.create", ("place", place.id), actor_id=actor_id, now=now)
    return place


def number(
    session: Session, place: Place, gln: str | None, *, now: datetime, actor_id: UUID | None
) -> None:
    """Give the place its GLN, or take it away. Raises `BadGln`, `GlnTaken`."""
    known = None
    if gln:
        try:
            known = gs1.gln(gln)
        except gs1.InvalidGln as error:
            raise BadGln from error
        holder = session.scalar(select(Place.id).filter_by(gln=known))
        if holder not in {None, place.id}:
            raise GlnTaken(gln=known)
    before, place.gln = place.gln, known
    session.flush()
    detail = {"before": {"gln": before}, "after": {"gln": known}}
    obj = ("place", place.id)
    audit.record(session, "place.number", obj, actor_id=actor_id, now=now, detail=detail)


def get(session: Session, place_id: UUID) -> Place:
    """The place; raises `UnknownPlace`."""
    found = session.get(Place, place_id)
    if found is None:
        raise UnknownPlace
    return found


def virtual(session: Session, kind: PlaceKind) -> Place:
    """The one virtual place of a kind; made when first needed."""
    code = f"~{kind.value}"
    found = session.scalar(select(Place).filter_by(code=code))
    if found is not None:
        return found
    insert_if_new(
        session,
        Place,
        {
            "code": code,
            "kind": kind,
            "name": kind.label,
            "pickup": False,
            "serves_web": False,
            "active": True,
        },
    )
    return session.scalars(select(Place).filter_by(code=code)).one()


def suspense_of(session: Session, place_id: UUID) -> Place:
    """Where a point's unexplained differences are booked until someone clears them."""
    query = select(Place).filter_by(parent_id=place_id, kind=PlaceKind.SUSPENSE)
    return session.scalars(query).one()


def physical(session: Session, *, only: frozenset[UUID] | None = None) -> list[Place]:
    """All open real places by name; `only` limits them to these keys."""
    query = select(Place).where(Place.kind.in_(PHYSICAL), Place.active).order_by(Place.name)
    if only is not None:
        query = query.where(Place.id.in_(only))
    return list(session.scalars(query))


def pickup_points(session: Session) -> list[Place]:
    """Sales points where an online order can be fetched."""
    return list(session.scalars(_PICKUP))


def web_sources(session: Session) -> list[Place]:
    """Places from which online orders are sent, the depot first."""
    return list(session.scalars(_SOURCES))


_PICKUP = (
    select(Place)
    .where(Place.pickup, Place.active, Place.kind.in_(SELLING))
    .order_by(Place.name)
    .options(joinedload(Place.area))
)
_SOURCES = (
    select(Place)
    .where(Place.serves_web, Place.active)
    .order_by(Place.kind != PlaceKind.DEPOT, Place.code)
)
