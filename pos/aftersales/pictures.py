"""Pictures that buyers send with a case: drawn anew, kept outside the web root, few."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import Conflict, NotFound
from app.core.text import N_
from catalog.photo_files import Picture
from pos.aftersales.models import Case, CasePhoto

FOLDER = "cases"
MOST = 5


class TooManyPictures(Conflict):
    """More would not be looked at."""

    code = "too_many_pictures"
    message = N_("A case has at most %(most)s pictures.")


class UnknownPicture(NotFound):
    """No such picture in this case."""

    code = "unknown_picture"
    message = N_("There is no such picture.")


def add(session: Session, case: Case, pictures: Sequence[Picture], *, now: datetime) -> None:
    """Add pictures to a locked case; one that it has already is not added again.

    Raises `TooManyPictures`.
    """
    known = {photo.sha256 for photo in case.photos}
    for picture in pictures:
        if picture.accepted.sha256 in known:
            continue
        known.add(picture.accepted.sha256)
        case.photos.append(
            CasePhoto(
                sha256=picture.accepted.sha256,
                media_type=picture.accepted.media_type,
                width=picture.width,
                height=picture.height,
                at=now,
            )
        )
    if len(known) > MOST:
        raise TooManyPictures(most=MOST)
    session.flush()


def get(case: Case, photo_id: UUID) -> CasePhoto:
    """A picture of this case. Raises `UnknownPicture`."""
    found = next((photo for photo in case.photos if photo.id == photo_id), None)
    if found is None:
        raise UnknownPicture
    return found
