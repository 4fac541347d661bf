"""Files of journal entries at the edge of the web: taken, kept, and handed out."""

from flask import Response, request

from app.core.errors import Rejected
from app.core.text import N_
from app.core.web import private_file, settings
from catalog import files
from traceability.history_models import JournalFile
from traceability.journal import FileOfEntry

FOLDER = "journal"
MOST = 3
MAX_BODY = MOST * files.MAX_BYTES + 256 * 1024
LONGEST_NAME = 120


class TooManyFiles(Rejected):
    """More than an entry takes."""

    code = "too_many_files"
    message = N_("An entry has at most %(most)s files.")


def allow(_endpoint: str | None, _values: object) -> None:
    """Take larger forms than elsewhere; runs before anything reads the form."""
    request.max_content_length = MAX_BODY


def kept() -> list[FileOfEntry]:
    """The files of this form, judged by their content and written to disk.

    Raises `TooManyFiles`, `FileTooLarge`, `WrongFileType`.
    """
    sent = [file for file in request.files.getlist("papers") if file.filename]
    if len(sent) > MOST:
        raise TooManyFiles(most=MOST)
    found: dict[str, FileOfEntry] = {}
    for file in sent:
        accepted = files.accept(file.stream.read(files.MAX_BYTES + 1))
        files.keep(settings().instance_dir / FOLDER, accepted)
        name = (file.filename or "").replace("\0", "")[:LONGEST_NAME]
        found[accepted.sha256] = FileOfEntry(accepted.sha256, accepted.media_type, name)
    return list(found.values())


def answer(file: JournalFile) -> Response:
    """The file itself: harmless even if it were something else than it says."""
    content = files.read(settings().instance_dir / FOLDER, file.sha256)
    return private_file(content, file.media_type)
