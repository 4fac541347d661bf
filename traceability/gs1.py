"""Identifiers of GS1 in one place: numbers with check digits, and Digital Link addresses.

What each part does is said in `gs1_numbers`, `gs1_uri`, `gs1_values` and `gs1_elements`.
"""

from traceability.gs1_numbers import (
    DEMO_PREFIX,
    InvalidGln,
    InvalidGtin,
    check_digit,
    demo_gtin,
    ean8,
    ean13,
    gln,
    gtin14,
    is_gln,
    is_gtin,
)
from traceability.gs1_uri import (
    DigitalLink,
    MalformedLink,
    build,
    digital_link,
    parse_path,
    parse_uri,
)

__all__ = [
    "DEMO_PREFIX",
    "DigitalLink",
    "InvalidGln",
    "InvalidGtin",
    "MalformedLink",
    "build",
    "check_digit",
    "demo_gtin",
    "digital_link",
    "ean8",
    "ean13",
    "gln",
    "gtin14",
    "is_gln",
    "is_gtin",
    "parse_path",
    "parse_uri",
]
