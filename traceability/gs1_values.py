"""Application identifiers (AI): which are known here, and what their values look like. Pure.

Rules: GS1 General Specifications, section 3; GS1 Syntax Dictionary (lengths, character sets,
dates, check digits). An AI that is not in the table is refused, not guessed at.
"""

import re
from dataclasses import dataclass

CSET82 = re.compile(r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*""")
_DIGITS = re.compile("[0-9]*")
_BASE64 = re.compile("[0-9A-Za-z_-]*")


class BadValue(ValueError):
    """The value does not fit its AI; `reason` is a stable word for the why."""

    code = "bad_ai_value"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Ai:
    """One application identifier. `fixed`: its length in an element string needs no end mark."""

    number: str
    charset: re.Pattern[str]
    shortest: int
    longest: int
    check: str = ""  # "digit", "date", "time"

    @property
    def fixed(self) -> bool:
        """Whether the first two digits of the AI alone tell its length (section 7.8.5)."""
        return self.number[:2] in FIXED_STARTS


# First two digits of AIs whose element needs no FNC1 behind it.
FIXED_STARTS = frozenset(
    {"00", "01", "02", "03", "04", "20", "41"}
    | {str(start) for start in (*range(11, 20), *range(31, 37))}
)


def _digits(number: str, length: int, check: str = "") -> Ai:
    return Ai(number, _DIGITS, length, length, check)


def _text(number: str, longest: int) -> Ai:
    return Ai(number, CSET82, 1, longest)


def _measures() -> list[Ai]:
    """Net and gross measures: the fourth digit says where the decimal point stands."""
    starts = [f"{n}" for n in (*range(310, 317), *range(320, 338), *range(340, 358))]
    return [
        _digits(f"{start}{places}", 6)
        for start in (*starts, *map(str, range(360, 370)))
        for places in range(6)
    ]


_ALL = [
    _digits("00", 18, "digit"),
    _digits("01", 14, "digit"),
    _digits("02", 14, "digit"),
    _text("10", 20),
    *(_digits(number, 6, "date") for number in ("11", "12", "13", "15", "16", "17")),
    _digits("20", 2),
    _text("21", 20),
    _text("22", 20),
    _text("235", 28),
    _text("240", 30),
    _text("241", 30),
    _text("250", 30),
    _text("251", 30),
    _text("254", 20),
    Ai("30", _DIGITS, 1, 8),
    Ai("37", _DIGITS, 1, 8),
    *_measures(),
    *(Ai(f"392{places}", _DIGITS, 1, 15) for places in range(10)),
    _text("400", 30),
    *(_digits(number, 13, "digit") for number in ("410", "411", "412", "413", "414", "415")),
    *(_digits(number, 13, "digit") for number in ("416", "417")),
    _digits("422", 3),
    _digits("7003", 10, "time"),
    Ai("8008", _DIGITS, 8, 12),
    _text("8020", 25),
    Ai("8030", _BASE64, 1, 90),
    _text("90", 30),
    *(_text(str(number), 90) for number in range(91, 100)),
]
KNOWN = {ai.number: ai for ai in _ALL}


def check(number: str, value: str) -> None:
    """Raise BadValue with reason `unknown-ai`, `empty`, `too-long`, `too-short`, `characters`,
    `check-digit` or `date`."""
    ai = KNOWN.get(number)
    if ai is None:
        raise BadValue("unknown-ai")
    if not value:
        raise BadValue("empty")
    if not ai.charset.fullmatch(value):
        raise BadValue("characters")
    if len(value) > ai.longest:
        raise BadValue("too-long")
    if len(value) < ai.shortest:
        raise BadValue("too-short")
    if ai.check == "digit" and not _ends_well(value):
        raise BadValue("check-digit")
    if ai.check in {"date", "time"} and not _is_date(value):
        raise BadValue("date")


def _ends_well(digits: str) -> bool:
    total = sum(int(d) * (1 if place % 2 else 3) for place, d in enumerate(reversed(digits[:-1])))
    return -total % 10 == int(digits[-1])


def _is_date(digits: str) -> bool:
    """YYMMDD, where day 00 is the end of the month, then perhaps HHMM (section 3.4)."""
    month, day = int(digits[2:4]), int(digits[4:6])
    # The century is not told, so 29 February is let pass in the years divisible by four.
    leap = int(digits[:2]) % 4 == 0
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    clock = digits[6:] or "0000"
    return 1 <= month <= 12 and day <= days[month - 1] and clock[:2] < "24" and clock[2:] < "60"
