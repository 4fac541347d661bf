"""Times and numbers as EPCIS writes them. Pure."""

import math
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from app.core.clock import VIETNAM

_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):([0-5]\d)", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_WIDEST = timedelta(hours=14)
OUR_OFFSET = "+07:00"


class BadTime(ValueError):
    """Not a time with date, time of day and offset from UTC."""

    code = "bad_time"


def read_time(text: object) -> datetime:
    """The moment, in UTC, to the millisecond. Raises BadTime."""
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise BadTime(text)
    try:
        whole = datetime.fromisoformat(found[1] + found[3].replace("Z", "+00:00"))
        millis = round(Decimal(f"0.{found[2] or 0}") * 1000)
        return whole.astimezone(UTC) + timedelta(milliseconds=millis)
    except (ValueError, OverflowError):
        raise BadTime(text) from None


def read_offset(text: object) -> timedelta:
    """A time zone's offset such as `+07:00`. Raises BadTime."""
    found = _OFFSET.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise BadTime(text)
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    if offset > _WIDEST:
        raise BadTime(text)
    return -offset if found[1] == "-" else offset


def own_offset(text: str) -> timedelta | None:
    """The offset inside a time; None when it is told in UTC by the letter Z."""
    return None if text.endswith("Z") else read_offset(text[-6:])


def utc_text(moment: datetime) -> str:
    """A moment as the hash and the record time have it: UTC, three decimals."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{_millis(moment):03d}Z"


def local_text(moment: datetime) -> str:
    """A moment as our own events have it: Vietnamese time, three decimals."""
    here = moment.astimezone(VIETNAM)
    return here.strftime("%Y-%m-%dT%H:%M:%S.") + f"{_millis(moment):03d}{OUR_OFFSET}"


def _millis(moment: datetime) -> int:
    return moment.microsecond // 1000


def number_text(text: str) -> str:
    """A number without sign of plus and needless zeros; anything else stays as it is."""
    if len(text) > 60 or not _NUMBER.fullmatch(text):
        return text
    plain = f"{Decimal(text):f}"
    trimmed = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if trimmed in {"", "-0", "-"} else trimmed


def is_number(value: object) -> bool:
    """Whether it is a finite number, and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
