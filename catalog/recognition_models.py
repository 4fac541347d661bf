"""OCOP decisions, the recognitions they grant, and the papers that prove them."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Model
from app.core.enums import LabelledEnum
from app.core.text import N_
from app.core.types import Pk
from catalog.models import Producer, Product


class IssuerLevel(LabelledEnum):
    """Who recognised it. Stored, never derived from the stars: the rule changed in 2023 and 2025."""

    DISTRICT = "district", N_("District")
    PROVINCE = "province", N_("Province")
    CENTRAL = "central", N_("Central")


class EvidenceKind(LabelledEnum):
    """What a paper is."""

    DECISION = "decision", N_("Recognition decision")
    SOURCE = "source", N_("Published source")
    FOOD_SAFETY = "food_safety", N_("Food-safety certificate")
    VIETGAP = "vietgap", N_("VietGAP certificate")
    GLOBALGAP = "globalgap", N_("GlobalGAP certificate")
    ORGANIC = "organic", N_("Organic certificate")
    HACCP = "haccp", N_("HACCP or ISO 22000 certificate")
    TRADEMARK = "trademark", N_("Trademark")
    DECLARATION = "declaration", N_("Product self-declaration")
    TEST_REPORT = "test_report", N_("Test report")


class Decision(Model):
    """A signed decision that recognises one or many products."""

    __tablename__ = "decision"
    # Hundreds of bodies use the same numbers: issuer and year belong to the identity.
    __table_args__ = (UniqueConstraint("issuer", "number", "issued_on"),)

    id: Mapped[Pk]
    number: Mapped[str]
    issuer: Mapped[str]
    issuer_level: Mapped[IssuerLevel]
    issued_on: Mapped[date]
    legal_basis: Mapped[str]
    created_at: Mapped[datetime]


class Recognition(Model):
    """Stars granted to a product. Without a decision and an end date it is a report, not a right.

    `valid_until` is stored, not computed: bodies count the 36 months differently. A change is a new
    row; only a revocation writes to an old one.
    """

    __tablename__ = "recognition"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars_in_range"),
        CheckConstraint(
            "valid_until IS NULL OR valid_from IS NULL OR valid_until >= valid_from",
            name="period_ordered",
        ),
        UniqueConstraint("product_id", "decision_id"),
    )

    id: Mapped[Pk]
    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id), index=True)
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey(Decision.id), index=True)
    stars: Mapped[int]
    # Mean mark of the council; 90 and more without five stars is «potential 5 stars».
    score: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    potential_five: Mapped[bool] = mapped_column(default=False, server_default=false())
    criteria: Mapped[str | None]
    period_text: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    revoked_on: Mapped[date | None]
    revoked_reason: Mapped[str | None]
    # A dossier for the next period that nobody has answered yet.
    renewal_filed_on: Mapped[date | None]
    created_at: Mapped[datetime]
    product: Mapped[Product] = relationship()
    decision: Mapped[Decision | None] = relationship()


class Evidence(Model):
    """A paper or a source about a product, its producer or a recognition."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint(
            "product_id IS NOT NULL OR producer_id IS NOT NULL OR recognition_id IS NOT NULL",
            name="about_something",
        ),
    )

    id: Mapped[Pk]
    product_id: Mapped[UUID | None] = mapped_column(ForeignKey(Product.id), index=True)
    producer_id: Mapped[UUID | None] = mapped_column(ForeignKey(Producer.id), index=True)
    recognition_id: Mapped[UUID | None] = mapped_column(ForeignKey(Recognition.id), index=True)
    kind: Mapped[EvidenceKind]
    number: Mapped[str | None]
    issuer: Mapped[str | None]
    issued_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    url: Mapped[str | None]
    note: Mapped[str | None]
    proves: Mapped[str | None]
    # The file lies outside the web root under the hash of its content.
    sha256: Mapped[str | None] = mapped_column(index=True)
    media_type: Mapped[str | None]
    file_name: Mapped[str | None]
    created_at: Mapped[datetime]


class Reminder(Model):
    """A warning that something ends, sent once for each threshold of days."""

    __tablename__ = "reminder"

    subject: Mapped[str] = mapped_column(primary_key=True)  # such as `recognition:<uuid>`
    days: Mapped[int] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime]
