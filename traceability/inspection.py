"""What an inspector takes along: keys and states of chosen batches, signed, good for a week.

With the key of a batch its serials are checked without a network. The master key stays here: whoever
finds a lost phone can make reprints of these batches, nothing else, and these are seen as copies.
"""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts import audit
from app.core.errors import Conflict, Rejected
from app.core.text import N_
from app.core.types import Json
from catalog import recognitions
from catalog.models import Product, Sku
from catalog.recognitions import RecognitionView
from traceability.history_models import Recall, RecallKind
from traceability.issued import Keys, key_of
from traceability.models import StampBatch, StampItem, StampRange

FORMAT = "phohien-inspection-1"
GOOD_FOR = timedelta(days=7)
MOST_BATCHES = 50
MOST_SINGLES = 100_000


class NoSigningKey(Conflict):
    """Nothing can be signed, so nobody could trust it outside."""

    code = "no_signing_key"
    message = N_("This installation has no signing key, so nothing can be taken along.")


class NothingChosen(Rejected):
    """A bundle has at least one batch, and not too many."""

    code = "no_batches_chosen"
    message = N_("Choose 1 to %(most)s batches that were issued.")


def bundle(
    session: Session,
    batch_ids: Collection[UUID],
    keys: Keys,
    *,
    reporter: str,
    day: date,
    now: datetime,
    actor_id: UUID | None,
) -> Json:
    """The content of a bundle; that it was taken is audited. `reporter` is the pass for reports.

    Raises `NothingChosen`, `KeyMissing`.
    """
    batches = _batches(session, batch_ids)
    if not 0 < len(batches) <= MOST_BATCHES:
        raise NothingChosen(most=MOST_BATCHES)
    stars = recognitions.views(session, {batch.sku.product_id for batch in batches}, day)
    detail = {"refs": [batch.ref for batch in batches]}
    obj = ("user", actor_id)
    audit.record(session, "inspection.bundle", obj, actor_id=actor_id, now=now, detail=detail)
    told = [
        _told(session, batch, stars[batch.sku.product_id], key_of(batch, keys)) for batch in batches
    ]
    return {
        "format": FORMAT,
        "made": now.isoformat(timespec="seconds"),
        "expires": (now + GOOD_FOR).isoformat(timespec="seconds"),
        "pass": reporter,
        "batches": told,
    }


def _batches(session: Session, batch_ids: Collection[UUID]) -> Sequence[StampBatch]:
    product = joinedload(StampBatch.sku).joinedload(Sku.product).joinedload(Product.producer)
    query = (
        select(StampBatch)
        .where(StampBatch.id.in_(batch_ids), StampBatch.generated_at.is_not(None))
        .options(product, joinedload(StampBatch.lot))
        .order_by(StampBatch.ref)
    )
    return session.scalars(query.limit(MOST_BATCHES + 1)).all()


def _told(session: Session, batch: StampBatch, stars: RecognitionView, key: bytes) -> Json:
    product, lot = batch.sku.product, batch.lot
    return {
        "ref": batch.ref,
        "identity": batch.identity,
        "key": key.hex(),
        "size": batch.size,
        "product": product.name_vi,
        "product_en": product.name_en,
        "article": batch.sku.name_vi,
        "producer": product.producer.name if product.producer else None,
        "stars": stars.shown_stars,
        "stars_until": _day(stars.valid_until),
        "lot": lot.code,
        "lot_state": lot.status.value,
        "reason": lot.status_reason,
        "made_on": _day(lot.made_on),
        "expires_on": _day(lot.expires_on),
        "ranges": _ranges(session, batch),
        "singles": _singles(session, batch),
        "recalls": _recalls(session, batch),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _ranges(session: Session, batch: StampBatch) -> list[list[int | str]]:
    query = select(StampRange).where(StampRange.batch_id == batch.id).order_by(StampRange.first)
    return [[run.first, run.last, run.state.value] for run in session.scalars(query)]


def _singles(session: Session, batch: StampBatch) -> list[list[int | str]]:
    """Stamps that were voided or sold one by one."""
    touched = or_(StampItem.void_at.is_not(None), StampItem.sold_at.is_not(None))
    query = select(StampItem).where(StampItem.batch_id == batch.id, touched)
    items = session.scalars(query.order_by(StampItem.number).limit(MOST_SINGLES))
    return [[item.number, "void" if item.void_at else "sold"] for item in items]


def _recalls(session: Session, batch: StampBatch) -> list[Json]:
    """Open recalls of the lot or of stamps of the batch; drills call nothing back."""
    query = select(Recall).where(
        Recall.lot_id == batch.lot_id,
        Recall.kind == RecallKind.REAL,
        Recall.closed_at.is_(None),
        or_(Recall.batch_id.is_(None), Recall.batch_id == batch.id),
    )
    return [
        {
            "first": 0 if row.first is None else row.first,
            "last": batch.size - 1 if row.last is None else row.last,
            "reason": row.reason,
            "advice": row.advice,
        }
        for row in session.scalars(query.order_by(Recall.opened_at))
    ]


def sealed(content: Json, key: bytes | None) -> bytes:
    """The bundle as a file: its content as text, and the Ed25519 signature over just that text.

    `key`: 32 bytes. Raises `NoSigningKey`.
    """
    if key is None:
        raise NoSigningKey
    signer = Ed25519PrivateKey.from_private_bytes(key)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    made = {
        "content": text,
        "signature": signer.sign(text.encode()).hex(),
        "public_key": public_key(key),
    }
    return json.dumps(made, ensure_ascii=False).encode()


def public_key(key: bytes | None) -> str:
    """The public key in hexadecimal digits, empty when there is none."""
    if key is None:
        return ""
    return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw().hex()
