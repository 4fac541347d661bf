"""One QR symbol at a time as a picture, with our mark in the middle if wanted.

The mark hides modules, so the symbol is made at level H, which bears the loss of 30 %; the mark
takes less than a twentieth of the area.
"""

from base64 import b64encode
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from traceability.printing.qr import QUIET_ZONE, qr_modules, qr_png, qr_svg

LEVEL = "H"
SHARE = 0.22  # of the side, with the white around the mark
_FILE = Path(__file__).with_name("data") / "logo.png"


def png(text: str, *, mark: bool, box: int = 12) -> bytes:
    """A PNG with `box` pixels a module. Raises TooLong."""
    plain = qr_png(text, box=box, level=LEVEL)
    if not mark:
        return plain
    picture = Image.open(BytesIO(plain)).convert("RGB")
    left, side = _place(len(qr_modules(text, LEVEL)), box)
    ground = (left, left, left + side - 1, left + side - 1)
    ImageDraw.Draw(picture).rectangle(ground, fill="white")
    edge = box // 2
    drawn = _mark().resize((side - 2 * edge, side - 2 * edge), Image.Resampling.LANCZOS)
    picture.paste(drawn, (left + edge, left + edge), drawn)
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def svg(text: str, *, mark: bool, label: str = "") -> str:
    """An SVG, one unit a module. Raises TooLong."""
    plain = qr_svg(text, level=LEVEL, label=label)
    if not mark:
        return plain
    left, side = _place(len(qr_modules(text, LEVEL)), 1)
    data = b64encode(_FILE.read_bytes()).decode("ascii")
    inner, room = left + 0.5, side - 1
    return plain.replace(
        "</svg>",
        f'<path fill="#fff" d="M{left} {left}h{side}v{side}h-{side}z"/>'
        f'<image x="{inner}" y="{inner}" width="{room}" height="{room}" '
        f'href="data:image/png;base64,{data}"/></svg>',
    )


def _place(modules: int, box: int) -> tuple[int, int]:
    """Left edge and side of the mark's white ground, on whole modules."""
    side = int(modules * SHARE)
    side -= (modules - side) % 2
    return (QUIET_ZONE + (modules - side) // 2) * box, side * box


@cache
def _mark() -> Image.Image:
    return Image.open(_FILE).convert("RGBA")
