"""The repository: events of our own and of others, what they name, and each act of capturing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.api.models import ApiToken
from app.core.db import Model
from app.core.enums import LabelledEnum
from app.core.text import N_
from app.core.types import BigInt, Json, Pk, SerialPk
from catalog.models import Producer
from pos.stock.models import Place
from traceability.models import Lot, StampBatch


class Source(LabelledEnum):
    """Where an event comes from: which of our own records, or another."""

    JOURNAL = "journal", N_("History of a lot")
    MOVEMENT = "movement", N_("Movement of goods")
    STAMPS = "stamps", N_("Stamps")
    CAPTURED = "captured", N_("Sent by others")


class Capture(Model):
    """One document that another sent, and what became of each event in it. Append-only."""

    __tablename__ = "epcis_capture"

    id: Mapped[Pk]
    token_id: Mapped[UUID] = mapped_column(ForeignKey(ApiToken.id), index=True)
    at: Mapped[datetime]
    success: Mapped[bool]
    rollback: Mapped[bool]  # all or nothing was asked for
    answers: Mapped[Json]  # {"events": […]}, in the order of the document


class Event(Model):
    """One event as it is told; `body` is its JSON. Append-only.

    Of stamps `body` lists none: they are those with the numbers `first` to `last` of `batch_id`,
    computed when told, each `stem` and its serial. `source_key` is the row that our own event tells
    of, `part` counts the events of that row. `digest` is the hash of the content, whatever the
    event's identifier is. `declared` marks a repetition that says the event was wrong.
    """

    __tablename__ = "epcis_event"
    __table_args__ = (
        UniqueConstraint("event_id", "declared"),
        UniqueConstraint("source", "source_key", "part"),
        CheckConstraint(
            "(batch_id IS NULL) = (first IS NULL) AND (first IS NULL) = (last IS NULL)"
            " AND (first IS NULL) = (stem IS NULL)",
            name="stamps_whole",
        ),
        CheckConstraint("(source = 'captured') = (source_key IS NULL)", name="origin_known"),
        CheckConstraint("(source = 'captured') = (capture_id IS NOT NULL)", name="capture_known"),
        Index(None, "event_time", "id"),
        Index(None, "lot_id", "event_time"),
        Index(None, "producer_id", "event_time"),
        Index(None, "place_id", "event_time"),
        Index(None, "biz_step", "event_time"),
        Index(None, "biz_location", "event_time"),
        Index(None, "batch_id", "first"),
    )

    id: Mapped[SerialPk]
    event_id: Mapped[str]
    declared: Mapped[bool]
    digest: Mapped[str]
    event_time: Mapped[datetime]
    recorded_at: Mapped[datetime]
    biz_step: Mapped[str | None]
    biz_location: Mapped[str | None]
    body: Mapped[Json]
    source: Mapped[Source]
    source_key: Mapped[int | None] = mapped_column(BigInt)
    part: Mapped[int] = mapped_column(default=0)
    public: Mapped[bool]  # may be told to everyone once its lot is released
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey(Lot.id))
    producer_id: Mapped[UUID | None] = mapped_column(ForeignKey(Producer.id))
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey(Place.id))
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey(StampBatch.id))
    first: Mapped[int | None]
    last: Mapped[int | None]
    stem: Mapped[str | None]
    token_id: Mapped[UUID | None] = mapped_column(ForeignKey(ApiToken.id), index=True)
    capture_id: Mapped[UUID | None] = mapped_column(ForeignKey(Capture.id), index=True)


class EventObject(Model):
    """Something that an event names, by its canonical identifier. Append-only.

    `classed`: a kind or a lot, not a single thing. Stamps of our own batches have no rows here.
    """

    __tablename__ = "epcis_object"
    __table_args__ = (Index(None, "uri", "event_key"),)

    event_key: Mapped[int] = mapped_column(BigInt, ForeignKey(Event.id), primary_key=True)
    uri: Mapped[str] = mapped_column(primary_key=True)
    classed: Mapped[bool]
