"""Tax codes of Vietnam: ten digits with a check digit, a branch `-NNN`, or a personal number. Pure."""

import re

from stdnum.vn import mst


def normal(text: str) -> str:
    """The code without the blanks that people write into it."""
    return re.sub(r"\s+", "", text)


def is_valid(text: str) -> bool:
    """Whether it can be a tax code; the twelve digits of a personal number have no check digit."""
    code = normal(text)
    return re.fullmatch(r"\d{12}", code) is not None or bool(mst.is_valid(code))


def is_company(text: str | None) -> bool:
    """Whether the code is an enterprise's or a co-operative's; persons use their twelve digits."""
    code = normal(text or "")
    return bool(mst.is_valid(code))
