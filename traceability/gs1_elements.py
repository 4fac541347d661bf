"""Element strings: what a GS1-128 or GS1 DataMatrix symbol carries, and its form for people. Pure.

Rules: GS1 General Specifications, sections 7.8 (order, FNC1 between elements, which have a length
of their own) and 4.14 (brackets round the numbers for people).
"""

import re

from traceability.gs1_values import KNOWN, Ai, BadValue, check

FNC1 = "\x1d"  # how a scanner hands on the end mark
SYMBOLOGIES = ("]C1", "]d2", "]Q3", "]e0", "]J1")  # GS1-128, DataMatrix, QR, DataBar, DotCode
_BRACKETED = re.compile(r"\(([0-9]{2,4})\)([^()]*(?:\((?![0-9]{2,4}\))[^()]*|\)[^()]*)*)")

Pairs = list[tuple[str, str]]


class MalformedElements(ValueError):
    """Not an element string; `reason` is a stable word for the why, those of `BadValue` included."""

    code = "malformed_elements"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def build(pairs: Pairs) -> str:
    """The element string of (AI, value) pairs, fixed lengths first so that fewer marks are needed.

    FNC1 stands only between elements. Raises MalformedElements.
    """
    _check(pairs)
    ordered = sorted(pairs, key=lambda pair: not KNOWN[pair[0]].fixed)
    text = "".join(f"{ai}{value}{'' if KNOWN[ai].fixed else FNC1}" for ai, value in ordered)
    return text.removesuffix(FNC1)


def parse(text: str) -> Pairs:
    """The pairs in an element string as scanned, with or without the mark of its symbology.

    Raises MalformedElements with reason `empty`, `unknown-ai`, `too-short`, `repeated` and those of
    the values.
    """
    for symbology in SYMBOLOGIES:
        text = text.removeprefix(symbology)
    rest, pairs = text.removeprefix(FNC1), []
    if not rest:
        raise MalformedElements("empty")
    while rest:
        ai = _ai_of(rest)
        rest = rest[len(ai.number) :]
        value, rest = _cut(ai, rest)
        pairs.append((ai.number, value))
    _check(pairs)
    return pairs


def parse_bracketed(text: str) -> Pairs:
    """The pairs in `(01)…(10)…` as people write them. Raises MalformedElements."""
    pairs = [(found[1], found[2]) for found in _BRACKETED.finditer(text)]
    if not pairs or "".join(f"({ai}){value}" for ai, value in pairs) != text:
        raise MalformedElements("brackets")
    _check(pairs)
    return pairs


def hri(pairs: Pairs) -> str:
    """The line below a symbol: numbers in brackets, which the symbol itself does not hold."""
    return "".join(f"({ai}){value}" for ai, value in pairs)


def _ai_of(text: str) -> Ai:
    """No AI is the beginning of another, so the first that fits is the one."""
    found = next((KNOWN[text[:n]] for n in (2, 3, 4) if text[:n] in KNOWN), None)
    if found is None:
        raise MalformedElements("unknown-ai")
    return found


def _cut(ai: Ai, rest: str) -> tuple[str, str]:
    if not ai.fixed:
        value, _mark, after = rest.partition(FNC1)
        return value, after
    value, after = rest[: ai.longest], rest[ai.longest :]
    if FNC1 in value:
        raise MalformedElements("too-short")
    # A mark behind a fixed length is not needed, but allowed.
    return value, after.removeprefix(FNC1)


def _check(pairs: Pairs) -> None:
    seen: dict[str, str] = {}
    for ai, value in pairs:
        try:
            check(ai, value)
        except BadValue as error:
            raise MalformedElements(error.reason) from None
        if seen.setdefault(ai, value) != value:
            raise MalformedElements("repeated")
