"""Errands of the catalogue, an entry point of the worker: long work outside any transaction, and then
what came of it in a transaction of its own. Each bears a repetition."""

from pathlib import Path
from uuid import UUID

from app.core import clock
from app.core.db import reading, transaction
from app.core.types import Json
from catalog import channel_links, link_fetch, photo_files, photos
from catalog.files import FileMissing
from catalog.link_fetch import Fetch


def make_sizes(folder: Path, payload: Json) -> None:
    """Make the sizes of a photograph from its original in `folder`."""
    key = UUID(payload["photo"])
    with reading() as session:
        sha256 = photos.waiting(session, key)
    if sha256 is None:
        return
    try:
        widths = photo_files.make(folder, sha256)
    except FileMissing:
        # Trying again would not bring it back; the state tells the staff to upload it anew.
        widths = ()
    with transaction() as session:
        photos.note_sizes(session, key, widths)


def drop_files(folder: Path, payload: Json) -> None:
    """Delete the files of a photograph that no product shows any more."""
    sha256 = str(payload["sha256"])
    with reading() as session:
        if photos.is_used(session, sha256):
            return
    photo_files.drop(folder, sha256)


def look_at_link(fetch: Fetch, payload: Json) -> None:
    """Look whether the page of another shop is still there."""
    key = UUID(payload["link"])
    with reading() as session:
        url = channel_links.to_look_at(session, key, clock.now())
    if url is None:
        return
    answer = link_fetch.look(url, fetch)
    with transaction() as session:
        channel_links.note(session, key, answer, now=clock.now())
