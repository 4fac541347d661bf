"""Photographs on disk: the original under its hash, and beside it the sizes for the pages."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from app.core.text import N_
from catalog import files
from catalog.files import Accepted, WrongFileType

FOLDER = "photos"
WIDTHS = (320, 640, 1280)
NAME = re.compile(r"([0-9a-f]{64})-([1-9][0-9]{0,3})\.(avif|webp|jpg)")


class NotAPicture(WrongFileType):
    """No picture, or one that unpacks to too much."""

    code = "not_a_picture"
    message = N_("Only JPEG, PNG and WebP pictures of at most 40 megapixels are taken.")


@dataclass(frozen=True)
class Format:
    """How one kind of file is written."""

    pillow: str
    media_type: str
    options: Mapping[str, Any]


# By suffix, the smallest files first: that is the order in which a browser is offered them.
FORMATS: Mapping[str, Format] = {
    "avif": Format("AVIF", "image/avif", {"quality": 60, "speed": 7}),
    "webp": Format("WEBP", "image/webp", {"quality": 78, "method": 4}),
    "jpg": Format("JPEG", "image/jpeg", {"quality": 82, "optimize": True, "progressive": True}),
}


@dataclass(frozen=True)
class Picture:
    """A photograph that was judged and drawn anew; `width` and `height` in pixels."""

    accepted: Accepted
    width: int
    height: int


def judge(content: bytes) -> Picture:
    """Judge what was sent by its content. Raises `FileTooLarge`, `NotAPicture`."""
    try:
        accepted = files.accept(content)
    except WrongFileType as error:
        raise NotAPicture from error
    if accepted.media_type == "application/pdf":
        raise NotAPicture
    with Image.open(io.BytesIO(accepted.content)) as image:
        return Picture(accepted, image.width, image.height)


def media_type(content: bytes) -> str:
    """Type of an original, which is one of the three kinds that `judge` lets pass."""
    with Image.open(io.BytesIO(content), formats=list(files.MEDIA_TYPES)) as image:
        return files.MEDIA_TYPES[str(image.format)]


def widths_of(width: int) -> tuple[int, ...]:
    """Sizes to make of a picture, in pixels: never more than it has."""
    return tuple(sorted({min(width, most) for most in WIDTHS}))


def name_of(sha256: str, width: int, suffix: str) -> str:
    """Name of one size: the same content has the same names for ever."""
    return f"{sha256}-{width}.{suffix}"


def make(folder: Path, sha256: str) -> tuple[int, ...]:
    """Write all sizes of an original and return their widths; sizes that are there stay.

    Raises `FileMissing`.
    """
    original = files.read(folder, sha256)
    with Image.open(io.BytesIO(original), formats=list(files.MEDIA_TYPES)) as image:
        flat = _on_white(image)
    for width in widths_of(flat.width):
        size = (width, max(1, round(flat.height * width / flat.width)))
        drawn = flat.resize(size, Image.Resampling.LANCZOS)
        for suffix in FORMATS:
            path = _beside(folder, sha256, width, suffix)
            if not path.exists():
                files.write_once(path, _written(drawn, FORMATS[suffix]))
    return widths_of(flat.width)


def _on_white(image: Image.Image) -> Image.Image:
    """JPEG knows no transparency, and black would come through."""
    whole = image.convert("RGBA")
    ground = Image.new("RGBA", whole.size, "white")
    flat = Image.alpha_composite(ground, whole).convert("RGB")
    if profile := image.info.get("icc_profile"):
        flat.info["icc_profile"] = profile
    return flat


def _written(image: Image.Image, form: Format) -> bytes:
    out = io.BytesIO()
    profile = image.info.get("icc_profile")
    image.save(out, form.pillow, **form.options, **({"icc_profile": profile} if profile else {}))
    return out.getvalue()


def read(folder: Path, sha256: str, width: int, suffix: str) -> bytes | None:
    """One size, or None when it was not made."""
    path = _beside(folder, sha256, width, suffix)
    return path.read_bytes() if path.is_file() else None


def _beside(folder: Path, sha256: str, width: int, suffix: str) -> Path:
    return files.path_of(folder, sha256).with_name(name_of(sha256, width, suffix))


def drop(folder: Path, sha256: str) -> None:
    """Delete an original and all that was made of it; what is gone already does not matter."""
    original = files.path_of(folder, sha256)
    for path in (*original.parent.glob(f"{sha256}-*"), original):
        path.unlink(missing_ok=True)
