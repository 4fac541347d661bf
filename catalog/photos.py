"""Photographs of products: added with words, put in order, taken away; shown when sizes are made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts import audit
from app.core.errors import Conflict, NotFound, Rejected
from app.core.outbox import enqueue
from app.core.text import N_
from catalog.models import Product, ProductStatus
from catalog.offer_models import Photo, PhotoState
from catalog.photo_files import Picture, name_of

MOST = 12
MAKE_SIZES, DROP_FILES = "photo_sizes", "photo_removed"


class UnknownPhoto(NotFound):
    """No such photograph."""

    code = "unknown_photo"
    message = N_("This photograph does not exist.")


class Undescribed(Rejected):
    """Whoever cannot see the picture would learn nothing from it."""

    code = "undescribed_photo"
    message = N_("Say in Vietnamese what the photograph shows.")


class PhotoKnown(Conflict):
    """The product has this very picture."""

    code = "photo_known"
    message = N_("The product has this photograph already.")


class TooManyPhotos(Conflict):
    """More would not be looked at."""

    code = "too_many_photos"
    message = N_("A product has at most %(most)s photographs. Remove one first.")


@dataclass(frozen=True)
class Alt:
    """What a photograph shows, in words."""

    vi: str
    en: str | None = None


@dataclass(frozen=True)
class PhotoView:
    """A photograph as pages show it; sizes in pixels, `widths` ascending."""

    sha256: str
    width: int
    height: int
    alt_vi: str
    alt_en: str | None
    widths: tuple[int, ...]

    @property
    def largest(self) -> int:
        """Width of the largest size."""
        return self.widths[-1]

    def height_of(self, width: int) -> int:
        """Height of the size that is so wide."""
        return max(1, round(self.height * width / self.width))

    def name(self, width: int, suffix: str) -> str:
        """Name of the file of one size."""
        return name_of(self.sha256, width, suffix)


def add(
    session: Session,
    product: Product,
    picture: Picture,
    alt: Alt,
    *,
    now: datetime,
    actor_id: UUID | None,
) -> Photo:
    """Add a photograph after the others; its sizes are made after the commit.

    Raises `Undescribed`, `PhotoKnown`, `TooManyPhotos`.
    """
    others = _locked(session, product.id)
    if len(others) >= MOST:
        raise TooManyPhotos(most=MOST)
    if any(other.sha256 == picture.accepted.sha256 for other in others):
        raise PhotoKnown
    photo = Photo(
        product_id=product.id,
        position=max((other.position for other in others), default=-1) + 1,
        alt_vi=_described(alt),
        alt_en=alt.en or None,
        sha256=picture.accepted.sha256,
        width=picture.width,
        height=picture.height,
        state=PhotoState.WAITING,
        created_at=now,
    )
    session.add(photo)
    session.flush()
    enqueue(session, MAKE_SIZES, {"photo": str(photo.id)}, now=now)
    _note(session, "photo.added", photo, now=now, actor_id=actor_id)
    return photo


def _described(alt: Alt) -> str:
    if not alt.vi.strip():
        raise Undescribed
    return alt.vi.strip()


def _locked(session: Session, product_id: UUID) -> Sequence[Photo]:
    """The photographs in order, while nobody else adds or moves one."""
    session.execute(select(Product.id).where(Product.id == product_id).with_for_update())
    return of_product(session, product_id)


def _note(
    session: Session, action: str, photo: Photo, *, now: datetime, actor_id: UUID | None
) -> None:
    detail = {"photo": str(photo.id), "alt": photo.alt_vi}
    key = ("product", photo.product_id)
    audit.record(session, action, key, actor_id=actor_id, now=now, detail=detail)


def of_product(session: Session, product_id: UUID) -> Sequence[Photo]:
    """All photographs of a product in order, also those without sizes."""
    query = select(Photo).filter_by(product_id=product_id).order_by(Photo.position, Photo.id)
    return session.scalars(query).all()


def get(session: Session, product_id: UUID, photo_id: UUID) -> Photo:
    """A photograph of this product. Raises `UnknownPhoto`."""
    found = session.scalar(select(Photo).filter_by(id=photo_id, product_id=product_id))
    if found is None:
        raise UnknownPhoto
    return found


def describe(
    session: Session, photo: Photo, alt: Alt, *, now: datetime, actor_id: UUID | None
) -> None:
    """Change the words. Raises `Undescribed`."""
    photo.alt_vi, photo.alt_en = _described(alt), alt.en or None
    _note(session, "photo.described", photo, now=now, actor_id=actor_id)
    session.flush()


def move(session: Session, photo: Photo, *, up: bool, now: datetime, actor_id: UUID | None) -> None:
    """Change places with the one before (`up`) or after; at the end nothing happens."""
    row = list(_locked(session, photo.product_id))
    here = row.index(photo)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(row):
        return
    row[here], row[there] = row[there], row[here]
    for position, each in enumerate(row):
        each.position = position
    _note(session, "photo.moved", photo, now=now, actor_id=actor_id)
    session.flush()


def remove(session: Session, photo: Photo, *, now: datetime, actor_id: UUID | None) -> None:
    """Take a photograph away; its files go after the commit, unless another product shows them."""
    _note(session, "photo.removed", photo, now=now, actor_id=actor_id)
    enqueue(session, DROP_FILES, {"sha256": photo.sha256}, now=now)
    session.delete(photo)
    session.flush()


def try_again(session: Session, photo: Photo, *, now: datetime) -> None:
    """Queue the sizes of a photograph for which they could not be made."""
    photo.state = PhotoState.WAITING
    enqueue(session, MAKE_SIZES, {"photo": str(photo.id)}, now=now)


def is_used(session: Session, sha256: str) -> bool:
    """Whether any product shows this picture."""
    return session.scalar(select(Photo.id).filter_by(sha256=sha256).limit(1)) is not None


def waiting(session: Session, photo_id: UUID) -> str | None:
    """Hash of the original whose sizes are to be made; None when there is nothing to do."""
    return session.scalar(
        select(Photo.sha256).filter_by(id=photo_id, state=PhotoState.WAITING).limit(1)
    )


def note_sizes(session: Session, photo_id: UUID, widths: Sequence[int]) -> None:
    """Note which sizes are there; none means that they could not be made."""
    photo = session.get(Photo, photo_id, with_for_update=True)
    if photo is not None:
        photo.widths = " ".join(str(width) for width in widths)
        photo.state = PhotoState.READY if widths else PhotoState.FAILED
        session.flush()


def may_be_served(session: Session, sha256: str, width: int) -> bool:
    """Whether everyone may see this size: some product that is no draft shows it."""
    query = (
        select(Photo.widths)
        .join(Product, Product.id == Photo.product_id)
        .where(Photo.sha256 == sha256, Photo.state == PhotoState.READY)
        .where(Product.status != ProductStatus.DRAFT)
    )
    return any(str(width) in widths.split() for widths in session.scalars(query))


def of_product_query(product_id: Any) -> Select[*tuple[Any, ...]]:
    """The photographs that a product page shows, in order; for `views`."""
    return _shown().where(Photo.product_id == product_id)


def with_first(query: Any) -> Select[*tuple[Any, ...]]:
    """A query of products that also says which photograph comes first; read it with `first_in`."""
    earlier = aliased(Photo)
    first = (
        select(func.min(earlier.position))
        .where(earlier.product_id == Product.id, earlier.state == PhotoState.READY)
        .correlate(Product)
        .scalar_subquery()
    )
    theirs = (Photo.product_id == Product.id) & (Photo.position == first)
    ready = Photo.state == PhotoState.READY
    columns = (Photo.sha256, Photo.width, Photo.height, Photo.alt_vi, Photo.alt_en, Photo.widths)
    named = [column.label(f"photo_{column.key}") for column in columns]
    told: Select[*tuple[Any, ...]] = query.add_columns(*named).outerjoin(Photo, theirs & ready)
    return told


def first_by_product(rows: Iterable[Any]) -> dict[UUID, PhotoView]:
    """What the rows of `first_of` say, by product."""
    found = ((row.product_id, first_in(row)) for row in rows)
    return {product: photo for product, photo in found if photo is not None}


def first_in(row: Any) -> PhotoView | None:
    """The photograph in a row of `with_first`."""
    if row.photo_sha256 is None:
        return None
    widths = tuple(int(width) for width in row.photo_widths.split())
    size = row.photo_width, row.photo_height
    return PhotoView(row.photo_sha256, *size, row.photo_alt_vi, row.photo_alt_en, widths)


def first_of(product_ids: Iterable[UUID]) -> Select[*tuple[Any, ...]]:
    """The first photograph of each of these products that has one; for `first_by_product`."""
    products = select(Product.id.label("product_id")).where(Product.id.in_(set(product_ids)))
    return with_first(products)


def _shown() -> Select[*tuple[Any, ...]]:
    columns = (Photo.product_id, Photo.sha256, Photo.width, Photo.height)
    query = select(*columns, Photo.alt_vi, Photo.alt_en, Photo.widths)
    return query.where(Photo.state == PhotoState.READY).order_by(Photo.position, Photo.id)


def views(rows: Iterable[Any]) -> Sequence[PhotoView]:
    """What the rows of `of_product_query` say."""
    return [_view(row) for row in rows]


def _view(row: Any) -> PhotoView:
    widths = tuple(int(width) for width in row.widths.split())
    return PhotoView(row.sha256, row.width, row.height, row.alt_vi, row.alt_en, widths)
