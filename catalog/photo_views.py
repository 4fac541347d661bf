"""The files of photographs, for everyone."""

from flask import Blueprint, make_response
from werkzeug.wrappers import Response

from app.core.web import read_session, settings
from catalog import photo_files, photos
from catalog.photos import UnknownPhoto

bp = Blueprint("photo_files", __name__)

# The name holds the hash of the content, so what it names never changes.
FOR_EVER = "public, max-age=31536000, immutable"


@bp.get("/anh/<file_name>")
def size(file_name: str) -> Response:
    """One size of a photograph of a product that is or was offered."""
    match = photo_files.NAME.fullmatch(file_name)
    if match is None:
        raise UnknownPhoto
    sha256, width, suffix = match[1], int(match[2]), match[3]
    if not photos.may_be_served(read_session(), sha256, width):
        raise UnknownPhoto
    content = photo_files.read(settings().instance_dir / photo_files.FOLDER, sha256, width, suffix)
    if content is None:
        raise UnknownPhoto
    response = make_response(content)
    response.headers["Content-Type"] = photo_files.FORMATS[suffix].media_type
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
