"""What browsers send with a case, and its pictures for those who may see them."""

from collections.abc import Iterable
from uuid import UUID

from flask import request
from werkzeug.wrappers import Response

from app.core.errors import Rejected
from app.core.text import N_
from app.core.web import private_file, settings
from catalog import files, photo_files
from catalog.photo_files import Picture
from pos.aftersales import pictures
from pos.aftersales.models import CasePhoto
from pos.aftersales.pictures import TooManyPictures

# The pictures with room for the other fields.
MAX_BODY = pictures.MOST * files.MAX_BYTES + 256 * 1024
SIX_FIGURES = 7


class NoNumber(Rejected):
    """Neither digits nor empty."""

    code = "no_number"
    message = N_("Enter whole numbers of goods.")


def allow_pictures(_endpoint: str | None, _values: object) -> None:
    """Take larger forms than elsewhere; runs before anything reads the form."""
    request.max_content_length = MAX_BODY


def kept_pictures() -> list[Picture]:
    """The pictures of this form, judged by their content and written to disk.

    Raises `TooManyPictures`, `FileTooLarge`, `NotAPicture`.
    """
    sent = [file for file in request.files.getlist("pictures") if file.filename]
    if len(sent) > pictures.MOST:
        raise TooManyPictures(most=pictures.MOST)
    judged = [photo_files.judge(file.stream.read(files.MAX_BYTES + 1)) for file in sent]
    for picture in judged:
        files.keep(settings().instance_dir / pictures.FOLDER, picture.accepted)
    return judged


def number(name: str) -> int:
    """A whole number that was typed; 0 for nothing. Raises `NoNumber`."""
    text = request.form.get(name, "").strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= SIX_FIGURES):
        raise NoNumber
    return int(text)


def units(keys: Iterable[UUID]) -> dict[UUID, int]:
    """Units that were typed beside these lines."""
    return {key: number(f"units-{key}") for key in keys}


def shown(photo: CasePhoto) -> Response:
    """The picture itself: never kept by others, and harmless even if it were no picture."""
    content = files.read(settings().instance_dir / pictures.FOLDER, photo.sha256)
    return private_file(content, photo.media_type)
