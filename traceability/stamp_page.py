"""What stands around the answer on the page of a stamp: photograph and papers of the product."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.core.batch import Batch
from catalog import evidence, photos
from catalog.models import Product
from catalog.photos import PhotoView
from catalog.recognition_models import Evidence, EvidenceKind

# These are about the recognition, which the page tells by itself.
_TOLD_ELSEWHERE = [EvidenceKind.DECISION, EvidenceKind.SOURCE]


@dataclass(frozen=True)
class Surroundings:
    """`papers` are those that are proven on the day: kind, number, issuer, issued_on, valid_until."""

    photo: PhotoView | None
    papers: Sequence[Any]


NOTHING = Surroundings(None, ())


def of_product(session: Session, product: Product, day: date) -> Surroundings:
    """Photograph and papers of a product; one statement."""
    # A producer that is unknown has no papers: no row has the product's own key as its producer.
    producer = product.producer_id or product.id
    found = _AROUND.run(session, product=product.id, producer=producer, day=day)
    shown = photos.views(found["photos"])
    return Surroundings(shown[0] if shown else None, found["papers"])


def papers_of(session: Session, product: Product, day: date) -> Sequence[Any]:
    """Papers that may be shown as proven on the day; one statement."""
    return of_product(session, product, day).papers


def _papers() -> Any:
    about = or_(
        Evidence.product_id == bindparam("product"), Evidence.producer_id == bindparam("producer")
    )
    columns = (Evidence.kind, Evidence.number, Evidence.issuer, Evidence.issued_on)
    query = select(*columns, Evidence.valid_until).where(
        about, Evidence.kind.not_in(_TOLD_ELSEWHERE)
    )
    return query.where(evidence.proven_on(bindparam("day"))).order_by(Evidence.created_at)


_AROUND = Batch(
    {"photos": photos.of_product_query(bindparam("product")).limit(1), "papers": _papers()}
)
