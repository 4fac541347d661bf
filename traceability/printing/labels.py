"""EAN-13 barcodes for packs that have a GTIN.

The bars follow the GS1 General Specifications, section 5.2: three digit sets, the first digit
told by which set the left half uses, guard bars a little longer than the rest, white margins of
11 modules on the left and 7 on the right.
"""

from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from traceability.gs1 import ean13

# Set A; set C is its complement, set B is set C read backwards.
_A = (
    "0001101",
    "0011001",
    "0010011",
    "0111101",
    "0100011",
    "0110001",
    "0101111",
    "0111011",
    "0110111",
    "0001011",
)
_C = tuple(code.translate(str.maketrans("01", "10")) for code in _A)
_B = tuple(code[::-1] for code in _C)
# Which of the six left digits are in set B, by the first digit.
_PARITY = (
    "AAAAAA",
    "AABABB",
    "AABBAB",
    "AABBBA",
    "ABAABB",
    "ABBAAB",
    "ABBBAA",
    "ABABAB",
    "ABABBA",
    "ABBABA",
)
_GUARD, _CENTRE = "101", "01010"

LEFT, RIGHT = 11, 7  # white margins, modules
BARS = 95
WIDTH = LEFT + BARS + RIGHT
BAR_HEIGHT = 69  # modules: 22.85 mm at the nominal 0.33 mm
GUARD_HEIGHT = BAR_HEIGHT + 5
HEIGHT = BAR_HEIGHT + 12
_DIGIT_SIZE = 10
_BASELINE = HEIGHT - 2
_GUARDS = {*range(3), *range(45, 50), *range(92, 95)}


def ean13_modules(gtin13: str) -> str:
    """The 95 modules from guard to guard, 1 is a bar. Raises InvalidGtin."""
    digits = ean13(gtin13)
    sets = _PARITY[int(digits[0])]
    left = "".join(
        (_A if kind == "A" else _B)[int(digit)]
        for digit, kind in zip(digits[1:7], sets, strict=True)
    )
    right = "".join(_C[int(digit)] for digit in digits[7:])
    return _GUARD + left + _CENTRE + right + _GUARD


def ean13_svg(gtin13: str) -> str:
    """The barcode with its digits, one unit a module. Raises InvalidGtin."""
    digits = ean13(gtin13)
    path = "".join(f"M{x} 0h{width}v{tall}h-{width}z" for x, width, tall in _bars(digits))
    text = "".join(
        f'<text x="{x:g}" y="{_BASELINE}">{digit}</text>' for digit, x in _digits(digits)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="EAN-13 {digits}"><path fill="#fff" d="M0 0h{WIDTH}v{HEIGHT}H0z"/>'
        f'<path fill="#000" shape-rendering="crispEdges" d="{path}"/>'
        f'<g fill="#000" font-family="Be Vietnam Pro, sans-serif" font-size="{_DIGIT_SIZE}" '
        f'text-anchor="middle">{text}</g></svg>'
    )


def ean13_png(gtin13: str, *, box: int = 4) -> bytes:
    """The barcode with its digits in black and white, `box` pixels a module. Raises InvalidGtin."""
    digits = ean13(gtin13)
    image = Image.new("L", (WIDTH * box, HEIGHT * box), 255)
    draw = ImageDraw.Draw(image)
    for x, width, tall in _bars(digits):
        draw.rectangle((x * box, 0, (x + width) * box - 1, tall * box - 1), fill=0)
    font = ImageFont.load_default(_DIGIT_SIZE * box)
    for digit, middle in _digits(digits):
        draw.text((middle * box, _BASELINE * box), digit, fill=0, font=font, anchor="ms")
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _bars(digits: str) -> Iterator[tuple[int, int, int]]:
    """(x, width, height) of each bar; adjoining modules of one height are one bar."""
    modules = ean13_modules(digits)
    start = 0
    for at in range(1, BARS + 1):
        if at < BARS and modules[at] == modules[start] and (at in _GUARDS) == (start in _GUARDS):
            continue
        if modules[start] == "1":
            yield LEFT + start, at - start, GUARD_HEIGHT if start in _GUARDS else BAR_HEIGHT
        start = at


def _digits(digits: str) -> Iterator[tuple[str, float]]:
    """Each digit and the middle of its place: the first before the bars, six under each half."""
    yield digits[0], LEFT / 2 - 0.5
    for place, digit in enumerate(digits[1:7]):
        yield digit, LEFT + 3 + 7 * place + 3.5
    for place, digit in enumerate(digits[7:]):
        yield digit, LEFT + 50 + 7 * place + 3.5
