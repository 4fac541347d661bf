"""Bars of EAN-8 and GS1-128 as SVG: small packs, and labels that tell lot and dates to a till.

Rules: GS1 General Specifications, sections 5.2 (EAN-8: guards, two sets of digits, margins of 7
modules) and 5.4 (GS1-128: Code 128 that begins with FNC1, margins of 10 modules).
"""

from traceability.gs1_elements import FNC1, Pairs, build, hri
from traceability.gs1_numbers import ean8

_LEFT = [
    *("0001101", "0011001", "0010011", "0111101", "0100011"),
    *("0110001", "0101111", "0111011", "0110111", "0001011"),
]
EAN8_MARGIN, CODE128_MARGIN = 7, 10
HEIGHT, TEXT = 60, 12  # modules
# Widths of bars and spaces of the values 0 to 102 of Code 128, six digits each.
_WIDTHS = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231"
    "113222123122123221223211221132221231213212223112312131311222321122321221312212322112322211"
    "212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131"
    "113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111"
    "314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211"
    "241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141"
    "214121412121111143111341131141114113114311411113411311113141114131311141411131"
)
_START_B, _START_C, _STOP = "211214", "211232", "2331112"
_FNC1, _TO_C, _TO_B = 102, 99, 100
_START_VALUE = {"B": 104, "C": 105}


class TooLong(ValueError):
    """A GS1-128 symbol holds 48 characters."""

    code = "bars_too_long"


LONGEST = 48


def ean8_modules(gtin: str) -> str:
    """The 67 modules from guard to guard, 1 is a bar. Raises InvalidGtin."""
    digits = ean8(gtin)
    left = "".join(_LEFT[int(digit)] for digit in digits[:4])
    right = "".join(_LEFT[int(digit)] for digit in digits[4:]).translate(str.maketrans("01", "10"))
    return f"101{left}01010{right}101"


def ean8_svg(gtin: str) -> str:
    """The barcode of a small pack with its digits. Raises InvalidGtin."""
    return _svg(ean8_modules(gtin), EAN8_MARGIN, f"EAN-8 {ean8(gtin)}", ean8(gtin))


def gs1_128_modules(pairs: Pairs) -> str:
    """The modules of the elements, 1 is a bar. Raises MalformedElements, TooLong."""
    text = build(pairs)
    if len(text) > LONGEST:
        raise TooLong(f"{len(text)} characters do not fit into one symbol")
    first, values = _values(text)
    start = _START_VALUE[first]
    check = (start + sum(place * value for place, value in enumerate(values, 1))) % 103
    widths = _START_B if first == "B" else _START_C
    widths += "".join(_WIDTHS[6 * value : 6 * value + 6] for value in [*values, check]) + _STOP
    return "".join(("1", "0")[at % 2] * int(width) for at, width in enumerate(widths))


def gs1_128_svg(pairs: Pairs) -> str:
    """The symbol with its line for people. Raises MalformedElements, TooLong."""
    line = hri(pairs)
    return _svg(gs1_128_modules(pairs), CODE128_MARGIN, f"GS1-128 {line}", line)


def _values(text: str) -> tuple[str, list[int]]:
    """Set in which the symbol begins, and its values: pairs of digits in set C, the rest in B."""
    kind = first = "C" if _digits(text, 0) >= 2 else "B"
    at, values = 0, [_FNC1]
    while at < len(text):
        run = _digits(text, at)
        if kind == "C" and run < 2 and text[at] != FNC1:
            kind = "B"
            values.append(_TO_B)
        elif kind == "B" and run >= 4 and run % 2 == 0:
            kind = "C"
            values.append(_TO_C)
        if text[at] == FNC1:
            values.append(_FNC1)
            at += 1
        elif kind == "C":
            values.append(int(text[at : at + 2]))
            at += 2
        else:
            values.append(ord(text[at]) - 32)
            at += 1
    return first, values


def _digits(text: str, at: int) -> int:
    """How many digits stand there in a row."""
    end = at
    while end < len(text) and text[end].isdigit():
        end += 1
    return end - at


def _svg(modules: str, margin: int, name: str, line: str) -> str:
    width, path, start = len(modules) + 2 * margin, "", 0
    for at in range(1, len(modules) + 1):
        if at < len(modules) and modules[at] == modules[start]:
            continue
        if modules[start] == "1":
            path += f"M{margin + start} 0h{at - start}v{HEIGHT}h-{at - start}z"
        start = at
    text, named = _escaped(line), _escaped(name)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT + TEXT}" role="img" '
        f'aria-label="{named}"><path fill="#fff" d="M0 0h{width}v{HEIGHT + TEXT}H0z"/>'
        f'<path fill="#000" shape-rendering="crispEdges" d="{path}"/>'
        f'<text x="{width / 2:g}" y="{HEIGHT + TEXT - 2}" font-size="10" text-anchor="middle" '
        f'font-family="Be Vietnam Pro, sans-serif">{text}</text></svg>'
    )


def _escaped(text: str) -> str:
    for sign, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot")):
        text = text.replace(sign, f"&{name};")
    return text
