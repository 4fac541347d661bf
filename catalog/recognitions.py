"""OCOP recognitions: granting, revoking, and what may be shown on a day.

Stars are shown only while a recognition with a known decision and end date is in force (mark
regulation 1162/QĐ-VPĐP-OCOP: the right belongs to one product for one period).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, select
from sqlalchemy.orm import Session, joinedload

from app.accounts import audit
from app.core.clock import add_months
from app.core.enums import LabelledEnum
from app.core.errors import Conflict, NotFound, Rejected
from app.core.text import N_
from catalog.models import Product, Sku
from catalog.recognition_models import Decision, IssuerLevel, Recognition
from catalog.scores import FLOORS, band

VALID_MONTHS = 36  # default only; the stored end date counts
ENDS_SOON_DAYS = 90


class RecognitionState(LabelledEnum):
    """What can be said about a product's stars on a day."""

    IN_FORCE = "in_force", N_("In force")
    LAPSED = "lapsed", N_("Lapsed")
    REVOKED = "revoked", N_("Revoked")
    FUTURE = "future", N_("Not yet in force")
    UNVERIFIED = "unverified", N_("Reported, not verified")
    NONE = "none", N_("No recognition known")


class StarsOutOfRange(Rejected):
    """Stars go from 1 to 5."""

    code = "stars_out_of_range"
    message = N_("A recognition has one to five stars.")


class ScoreTooLow(Rejected):
    """The mark does not reach the band of the stars."""

    code = "score_too_low"
    message = N_("%(stars)s stars need a mark of %(least)s or more.")


class PeriodReversed(Rejected):
    """The end lies before the beginning."""

    code = "period_reversed"
    message = N_("The recognition ends before it begins; check the two dates.")


class AlreadyRecognised(Conflict):
    """This decision has already recognised this product."""

    code = "already_recognised"
    message = N_("This decision already covers this product.")


class UnknownDecision(NotFound):
    """No such decision."""

    code = "unknown_decision"
    message = N_("This decision does not exist.")


class UnknownRecognition(NotFound):
    """No such recognition."""

    code = "unknown_recognition"
    message = N_("This recognition does not exist.")


@dataclass(frozen=True)
class RecognitionView:
    """What a page may say. `stars` is set for in force, lapsed, revoked and unverified ones;
    only `in_force` may be shown as stars."""

    state: RecognitionState
    id: UUID | None = None
    stars: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    decision_no: str | None = None
    issuer: str | None = None
    issued_on: date | None = None
    legal_basis: str | None = None
    period_text: str | None = None
    ends_soon: bool = False
    potential_five: bool = False
    renewal_filed_on: date | None = None

    @property
    def shown_stars(self) -> int | None:
        """Stars that may be shown as such, or None."""
        return self.stars if self.state is RecognitionState.IN_FORCE else None


NO_RECOGNITION = RecognitionView(RecognitionState.NONE)


def state_on(recognition: Recognition, day: date) -> RecognitionState:
    """State of one recognition on `day`; the last day of validity counts as valid."""
    if recognition.revoked_on is not None and day >= recognition.revoked_on:
        return RecognitionState.REVOKED
    if recognition.decision_id is None or recognition.valid_until is None:
        return RecognitionState.UNVERIFIED
    if recognition.valid_from is None or day < recognition.valid_from:
        return RecognitionState.FUTURE
    return RecognitionState.IN_FORCE if day <= recognition.valid_until else RecognitionState.LAPSED


def in_force_on(day: Any) -> ColumnElement[bool]:
    """SQL condition: the recognition row is in force on `day` (same rule as `state_on`)."""
    return and_(
        Recognition.decision_id.is_not(None),
        Recognition.valid_from <= day,
        Recognition.valid_until >= day,
        Recognition.revoked_on.is_(None) | (Recognition.revoked_on > day),
    )


def shown_query(sku_ids: Any, day: Any) -> Select[*tuple[Any, ...]]:
    """The stars that the products of articles (keys or a sub-query) may show on `day`, as
    `view_of` would: of several rows of one article the last counts."""
    return (
        select(Sku.id.label("sku_id"), Recognition.stars)
        .join(Sku, Sku.product_id == Recognition.product_id)
        .where(Sku.id.in_(sku_ids), in_force_on(day))
        .order_by(Recognition.valid_until, Recognition.stars)
    )


# Which of several recognitions speaks for the product: the first state that any of them has.
_RANK = [
    RecognitionState.IN_FORCE,
    RecognitionState.REVOKED,
    RecognitionState.LAPSED,
    RecognitionState.UNVERIFIED,
    RecognitionState.FUTURE,
]


def view_of(recognitions: Sequence[Recognition], day: date) -> RecognitionView:
    """What to say about a product with these recognitions on `day`."""
    if not recognitions:
        return NO_RECOGNITION
    speaking = min(
        recognitions,
        key=lambda r: (
            _RANK.index(state_on(r, day)),
            -(r.valid_until or date.min).toordinal(),
            -r.stars,
        ),
    )
    return _view(speaking, day)


def _view(recognition: Recognition, day: date) -> RecognitionView:
    state, until = state_on(recognition, day), recognition.valid_until
    soon = state is RecognitionState.IN_FORCE and until is not None
    return RecognitionView(
        state=state,
        id=recognition.id,
        stars=recognition.stars,
        valid_from=recognition.valid_from,
        valid_until=until,
        decision_no=recognition.decision.number if recognition.decision else None,
        issuer=recognition.decision.issuer if recognition.decision else None,
        issued_on=recognition.decision.issued_on if recognition.decision else None,
        legal_basis=recognition.decision.legal_basis if recognition.decision else None,
        period_text=recognition.period_text,
        ends_soon=bool(soon and until and (until - day).days <= ENDS_SOON_DAYS),
        potential_five=recognition.potential_five and state is RecognitionState.IN_FORCE,
        renewal_filed_on=recognition.renewal_filed_on,
    )


def views(session: Session, product_ids: Iterable[UUID], day: date) -> dict[UUID, RecognitionView]:
    """What to say about each of the products, in one query."""
    ids = set(product_ids)
    found: dict[UUID, list[Recognition]] = {key: [] for key in ids}
    rows = session.scalars(
        select(Recognition)
        .where(Recognition.product_id.in_(ids))
        .options(joinedload(Recognition.decision))
    )
    for row in rows:
        found[row.product_id].append(row)
    return {key: view_of(items, day) for key, items in found.items()}


def view(session: Session, product_id: UUID, day: date) -> RecognitionView:
    """What to say about one product."""
    return view_of(session.scalars(_OF_PRODUCT, {"product": product_id}).all(), day)


# Put together once: building a query costs more than asking it.
_OF_PRODUCT = (
    select(Recognition)
    .where(Recognition.product_id == bindparam("product"))
    .options(joinedload(Recognition.decision))
)


def record_decision(
    session: Session,
    *,
    number: str,
    issuer: str,
    issuer_level: IssuerLevel,
    issued_on: date,
    legal_basis: str,
    now: datetime,
    actor_id: UUID | None,
) -> Decision:
    """Enter a signed decision; the same issuer, number and date give the row that exists."""
    key = {"number": number.strip(), "issuer": issuer.strip(), "issued_on": issued_on}
    found = session.scalar(select(Decision).filter_by(**key))
    if found is not None:
        return found
    decision = Decision(**key, issuer_level=issuer_level, legal_basis=legal_basis, created_at=now)
    session.add(decision)
    session.flush()
    audit.record(session, "decision.record", ("decision", decision.id), actor_id=actor_id, now=now)
    return decision


def grant(
    session: Session,
    product: Product,
    decision: Decision,
    stars: int,
    *,
    now: datetime,
    actor_id: UUID | None,
    valid_until: date | None = None,
    criteria: str | None = None,
    score: Decimal | None = None,
) -> Recognition:
    """Recognise a product by a decision, by default for 36 calendar months from its issue.

    `score` is the council's mean mark. 90 and more with four stars waits for the centre: «potential
    5 stars». Raises `StarsOutOfRange`, `ScoreTooLow`, `PeriodReversed`, `AlreadyRecognised`.
    """
    if not 1 <= stars <= 5:
        raise StarsOutOfRange
    if score is not None and band(score) < stars:
        raise ScoreTooLow(stars=stars, least=FLOORS[stars])
    until = valid_until or add_months(decision.issued_on, VALID_MONTHS)
    if until < decision.issued_on:
        raise PeriodReversed
    key = {"product_id": product.id, "decision_id": decision.id}
    if session.scalar(select(Recognition.id).filter_by(**key)):
        raise AlreadyRecognised
    granted = Recognition(
        **key,
        stars=stars,
        criteria=criteria,
        score=score,
        potential_five=stars == 4 and score is not None and band(score) == 5,
        valid_from=decision.issued_on,
        valid_until=until,
        created_at=now,
    )
    session.add(granted)
    session.flush()
    detail = {"stars": stars, "valid_until": until.isoformat(), "decision": decision.number}
    audit.record(
        session,
        "recognition.grant",
        ("product", product.id),
        detail=detail,
        now=now,
        actor_id=actor_id,
    )
    return granted


def revoke(
    session: Session,
    recognition: Recognition,
    *,
    on: date,
    reason: str,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    """End a recognition early, from `on` (that day included)."""
    recognition.revoked_on, recognition.revoked_reason = on, reason
    detail = {"recognition": str(recognition.id), "on": on.isoformat(), "reason": reason}
    obj = ("product", recognition.product_id)
    audit.record(session, "recognition.revoke", obj, actor_id=actor_id, now=now, detail=detail)


def file_renewal(
    session: Session, recognition: Recognition, *, on: date, now: datetime, actor_id: UUID | None
) -> None:
    """Note that a dossier for the next period was filed; nobody has answered it yet."""
    recognition.renewal_filed_on = on
    session.flush()
    detail = {"recognition": str(recognition.id), "on": on.isoformat()}
    obj = ("product", recognition.product_id)
    audit.record(session, "recognition.file", obj, actor_id=actor_id, now=now, detail=detail)


class Change(LabelledEnum):
    """How a recognition stands to the one before it."""

    FIRST = "first", N_("First recognition")
    RENEWED = "renewed", N_("Renewed")
    UPGRADED = "upgraded", N_("Upgraded")
    DOWNGRADED = "downgraded", N_("Downgraded")


def changes(history: Sequence[Recognition]) -> dict[UUID, Change]:
    """What each recognition with a decision was to the product, in the order of their beginnings."""
    found: dict[UUID, Change] = {}
    previous: Recognition | None = None
    known = [r for r in history if r.decision_id is not None and r.valid_from is not None]
    for row in sorted(known, key=lambda r: r.valid_from or date.min):
        found[row.id] = _change(previous, row)
        previous = row
    return found


def _change(previous: Recognition | None, row: Recognition) -> Change:
    if previous is None:
        return Change.FIRST
    if row.stars == previous.stars:
        return Change.RENEWED
    return Change.UPGRADED if row.stars > previous.stars else Change.DOWNGRADED
