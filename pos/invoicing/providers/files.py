"""Each invoice as JSON and XML in a folder, for the accountant's own program.

The shop numbers them itself. The tax authority's code is not known here and stays empty. A file is put
in its place whole or not at all, and writing it again gives the same file under the same name.
"""

import json
import os
import tempfile
from pathlib import Path

from pos.invoicing.providers.base import Answer, Ask, InvoiceRefused
from pos.invoicing.providers.xml_document import to_xml

FOLDER = "einvoices"


class Files:
    """Files below `folder`, one sub-folder for each year."""

    name = "file"
    ready = True

    def __init__(self, folder: Path, letters: str) -> None:
        self.folder = folder
        self.letters: str | None = letters

    def issue(self, ask: Ask) -> Answer:
        """Write both files. Raises `InvoiceRefused` without a number."""
        if ask.symbol is None or ask.number is None:
            raise InvoiceRefused(why="no number")
        stem = self._stem(ask)
        stem.parent.mkdir(parents=True, exist_ok=True)
        put(stem.with_suffix(".xml"), to_xml(ask))
        put(stem.with_suffix(".json"), to_json(ask))
        return Answer(ask.symbol, ask.number)

    def look(self, ask: Ask) -> Answer | None:
        """The files are there; JSON is written last."""
        if ask.symbol is None or ask.number is None:
            return None
        there = self._stem(ask).with_suffix(".json").exists()
        return Answer(ask.symbol, ask.number) if there else None

    def _stem(self, ask: Ask) -> Path:
        year = str(ask.document["made_on"])[:4]
        return self.folder / year / f"{ask.symbol}-{ask.number:08}"


def to_json(ask: Ask) -> bytes:
    """The document with its number, always in the same order."""
    whole = ask.document | {"symbol": ask.symbol, "number": ask.number}
    return json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def put(path: Path, content: bytes) -> None:
    """Write a file in one step: a reader sees the old one or the whole new one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
