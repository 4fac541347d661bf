"""Papers that prove something of a product or its producer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.enums import LabelledEnum
from app.core.errors import NotFound, Rejected
from app.core.text import N_
from catalog.models import Product
from catalog.recognition_models import Evidence, EvidenceKind


class UnknownPaper(NotFound):
    """No such paper."""

    code = "unknown_paper"
    message = N_("This paper does not exist.")


class PaperReversed(Rejected):
    """The paper ends before it was issued."""

    code = "paper_reversed"
    message = N_("The paper ends before it was issued; check the two dates.")


class PaperState(LabelledEnum):
    """How far a paper can be trusted on a day; computed, never ticked by hand."""

    VERIFIED = "verified", N_("Verified")  # file, number and issuer known, and in its time
    UNPROVEN = "unproven", N_("Not proven")  # something of that is missing
    ENDED = "ended", N_("Ended")


@dataclass(frozen=True)
class PaperFile:
    """A file that was judged and kept."""

    sha256: str
    media_type: str
    name: str


@dataclass(frozen=True)
class Paper:
    """What is written on a paper; unknown is None."""

    kind: EvidenceKind
    number: str | None = None
    issuer: str | None = None
    issued_on: date | None = None
    valid_until: date | None = None
    proves: str | None = None
    url: str | None = None
    note: str | None = None


def attach(
    session: Session,
    product: Product,
    paper: Paper,
    file: PaperFile | None,
    *,
    for_producer: bool,
    now: datetime,
    actor_id: UUID | None,
) -> Evidence:
    """File a paper for a product, or for all products of its producer. Raises `PaperReversed`."""
    if paper.issued_on and paper.valid_until and paper.valid_until < paper.issued_on:
        raise PaperReversed
    about_producer = for_producer and product.producer_id is not None
    row = Evidence(
        **paper.__dict__,
        product_id=None if about_producer else product.id,
        producer_id=product.producer_id if about_producer else None,
        sha256=file.sha256 if file else None,
        media_type=file.media_type if file else None,
        file_name=file.name if file else None,
        created_at=now,
    )
    session.add(row)
    session.flush()
    detail = {"kind": paper.kind.value, "number": paper.number, "sha256": row.sha256}
    obj = ("product", product.id)
    audit.record(session, "paper.attach", obj, actor_id=actor_id, now=now, detail=detail)
    return row


def state_on(paper: Evidence, day: date) -> PaperState:
    """What may be said of the paper on `day`; its last day counts as valid."""
    if paper.valid_until is not None and day > paper.valid_until:
        return PaperState.ENDED
    whole = paper.sha256 is not None and bool(paper.number) and bool(paper.issuer)
    begun = paper.issued_on is not None and paper.issued_on <= day
    return PaperState.VERIFIED if whole and begun else PaperState.UNPROVEN


def proven_on(day: Any) -> ColumnElement[bool]:
    """Condition on papers: `VERIFIED` on `day`, a date or a parameter, as `state_on` says it."""
    return and_(
        Evidence.sha256.is_not(None),
        func.coalesce(Evidence.number, "") != "",
        func.coalesce(Evidence.issuer, "") != "",
        Evidence.issued_on <= day,
        or_(Evidence.valid_until.is_(None), Evidence.valid_until >= day),
    )


def get(session: Session, paper_id: UUID) -> Evidence:
    """The paper; raises `UnknownPaper`."""
    found = session.get(Evidence, paper_id)
    if found is None:
        raise UnknownPaper
    return found


def of_product(session: Session, product: Product) -> list[Evidence]:
    """Papers of the product and of its producer, in the order they were filed."""
    about = [Evidence.product_id == product.id]
    if product.producer_id is not None:
        about.append(Evidence.producer_id == product.producer_id)
    return list(session.scalars(select(Evidence).where(or_(*about)).order_by(Evidence.created_at)))
