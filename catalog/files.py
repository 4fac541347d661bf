"""Files that people send: judged by content, made harmless, kept outside the web root by hash."""

import hashlib
import io
import os
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from app.core.errors import NotFound, Rejected
from app.core.text import N_

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 3_000

MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
SUFFIXES = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
}


class FileTooLarge(Rejected):
    """More bytes than allowed."""

    code = "file_too_large"
    message = N_("The file is larger than %(most)s MB. Send a smaller one.")


class WrongFileType(Rejected):
    """Neither a PDF nor a picture, whatever its name says."""

    code = "wrong_file_type"
    message = N_("Only PDF, JPEG, PNG and WebP files are taken. This file is none of them.")


class FileMissing(NotFound):
    """The file is not in the store."""

    code = "file_missing"
    message = N_("The file of this paper is missing.")


@dataclass(frozen=True)
class Accepted:
    """What is kept of a file: pictures are drawn anew, so nothing hidden in them survives."""

    content: bytes
    media_type: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def accept(content: bytes) -> Accepted:
    """Judge a file by its content. Raises `FileTooLarge`, `WrongFileType`."""
    if len(content) > MAX_BYTES:
        raise FileTooLarge(most=MAX_BYTES // 1024 // 1024)
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return Accepted(content, "application/pdf")
    return _picture(content)


def _picture(content: bytes) -> Accepted:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=list(MEDIA_TYPES)) as image:
                kind = str(image.format)
                if image.width * image.height > MAX_PIXELS:
                    raise WrongFileType
                return Accepted(_drawn_anew(image, kind), MEDIA_TYPES[kind])
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise WrongFileType from error


def _drawn_anew(image: Image.Image, kind: str) -> bytes:
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    clean = upright.convert("RGB") if kind == "JPEG" else upright.convert("RGBA")
    out = io.BytesIO()
    clean.save(out, kind, quality=88)
    return out.getvalue()


def keep(folder: Path, accepted: Accepted) -> str:
    """Write the file under its hash and return the hash; the same content is kept once."""
    write_once(path_of(folder, accepted.sha256), accepted.content)
    return accepted.sha256


def write_once(path: Path, content: bytes) -> None:
    """Write a file unless it is there: whole or not at all, also when the machine stops midway."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(part).replace(path)


def read(folder: Path, sha256: str) -> bytes:
    """The kept file; raises `FileMissing`, also when it was changed since."""
    path = path_of(folder, sha256)
    if not path.is_file():
        raise FileMissing
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FileMissing
    return content


def path_of(folder: Path, sha256: str) -> Path:
    """Where the file with this hash lies. Raises `FileMissing` for what is no hash."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise FileMissing
    return folder / sha256[:2] / sha256
