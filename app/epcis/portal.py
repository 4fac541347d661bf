"""The way to the national traceability portal, behind one interface.

No public machine interface of the portal is known. Until there is one, files are laid into a folder,
from where people or a carrier of the province take them.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Parcel:
    """What is handed over: files by name."""

    made_at: datetime
    files: Sequence[tuple[str, bytes]]


class Portal(Protocol):
    """Whoever takes data for the national portal."""

    def hand_over(self, parcel: Parcel) -> str:
        """Give the parcel away; returns what it can be found by. Giving it again changes nothing."""


@dataclass(frozen=True)
class Folder:
    """A portal that is a folder: a sub-folder for each parcel, named for its content."""

    root: Path

    def hand_over(self, parcel: Parcel) -> str:
        """Write the files; a file that is there already is not touched."""
        digest = hashlib.sha256()
        for name, content in parcel.files:
            digest.update(name.encode() + b"\0" + content)
        name = f"{parcel.made_at:%Y%m%d}-{digest.hexdigest()[:16]}"
        folder = self.root / name
        folder.mkdir(parents=True, exist_ok=True)
        for file_name, content in parcel.files:
            path = folder / file_name
            if not path.exists():
                path.write_bytes(content)
        return str(folder)
