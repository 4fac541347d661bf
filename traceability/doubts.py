"""Doubts about a pack or its stamp, told by anyone, looked into and answered by the programme office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.accounts import audit
from app.core.codes import Randomness, check_character, has_check, random_code, typed
from app.core.errors import NotFound, Rejected
from app.core.states import Moves
from app.core.text import N_
from catalog.photo_files import Picture
from traceability.issued import Stamp
from traceability.scan_models import Doubt, DoubtPhoto, DoubtStatus
from traceability.scans import VerdictKind

FOLDER = "doubts"
MOST_PICTURES = 3
REF_LENGTH = 9  # random ones; the tenth checks them

DOUBT_MOVES = Moves(
    {
        DoubtStatus.NEW: {DoubtStatus.LOOKING, DoubtStatus.ANSWERED},
        DoubtStatus.LOOKING: {DoubtStatus.ANSWERED},
    }
)


class UnknownDoubt(NotFound):
    """No report has this number."""

    code = "unknown_doubt"
    message = N_("No report has this number. Check it letter by letter.")


class TooManyPictures(Rejected):
    """More would not be looked at."""

    code = "too_many_pictures"
    message = N_("A report has at most %(most)s pictures.")


@dataclass(frozen=True)
class Told:
    """What somebody says. `key` comes with the form: sending it twice is telling once."""

    key: str
    code: str
    text: str
    where: str | None
    contact: str | None
    language: str


def tell(
    session: Session,
    told: Told,
    kind: VerdictKind,
    stamp: Stamp | None,
    pictures: Sequence[Picture],
    *,
    now: datetime,
    randomness: Randomness,
) -> Doubt:
    """Keep a report with what the page had answered. Raises `TooManyPictures`."""
    known = session.scalar(select(Doubt).filter_by(key=told.key))
    if known is not None:
        return known
    if len(pictures) > MOST_PICTURES:
        raise TooManyPictures(most=MOST_PICTURES)
    doubt = Doubt(
        ref=_new_ref(randomness),
        key=told.key,
        at=now,
        code=told.code,
        batch_id=stamp.batch.id if stamp else None,
        number=stamp.number if stamp else None,
        verdict=kind.value,
        text=told.text,
        where=told.where,
        contact=told.contact,
        language=told.language,
        status=DoubtStatus.NEW,
    )
    doubt.photos = [_photo(picture, now) for picture in _different(pictures)]
    session.add(doubt)
    session.flush()
    return doubt


def _new_ref(randomness: Randomness) -> str:
    code = random_code(REF_LENGTH, randomness)
    return code + check_character(code)


def _different(pictures: Sequence[Picture]) -> list[Picture]:
    return list({picture.accepted.sha256: picture for picture in pictures}.values())


def _photo(picture: Picture, now: datetime) -> DoubtPhoto:
    accepted, size = picture.accepted, {"width": picture.width, "height": picture.height}
    return DoubtPhoto(sha256=accepted.sha256, media_type=accepted.media_type, at=now, **size)


def by_ref(session: Session, text: str) -> Doubt:
    """The report with this number, typed in any form. Raises `UnknownDoubt`."""
    ref = typed(text)
    found = session.scalar(select(Doubt).filter_by(ref=ref)) if has_check(ref) else None
    if found is None:
        raise UnknownDoubt
    return found


def get(session: Session, doubt_id: UUID) -> Doubt:
    """The report. Raises `UnknownDoubt`."""
    found = session.get(Doubt, doubt_id, options=[selectinload(Doubt.photos)])
    if found is None:
        raise UnknownDoubt
    return found


def take(session: Session, doubt: Doubt, *, now: datetime, actor_id: UUID | None) -> None:
    """Begin to look into it. Raises `ForbiddenMove`."""
    _move(session, doubt, DoubtStatus.LOOKING, now, actor_id)


def answer(
    session: Session, doubt: Doubt, text: str, *, now: datetime, actor_id: UUID | None
) -> None:
    """Answer; the reporter reads it under the number. Raises `ForbiddenMove` when answered before."""
    _move(session, doubt, DoubtStatus.ANSWERED, now, actor_id)
    doubt.answer, doubt.answered_at, doubt.answered_by = text, now, actor_id
    session.flush()


def _move(
    session: Session, doubt: Doubt, to: DoubtStatus, now: datetime, actor_id: UUID | None
) -> None:
    session.flush()
    session.refresh(doubt, with_for_update=True)
    before = doubt.status
    doubt.status = DOUBT_MOVES.to(before, to)
    detail = {"before": before.value, "after": to.value}
    obj = ("doubt", doubt.id)
    audit.record(session, "doubt.move", obj, actor_id=actor_id, now=now, detail=detail)
    session.flush()
