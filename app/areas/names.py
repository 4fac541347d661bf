"""Comparing names of units as people and lists write them. Pure."""

import re
import unicodedata

from app.core.text import fold

_KIND = re.compile(r"(tinh|thanh pho|thi xa|thi tran|huyen|phuong|xa)\s+(?=\S)")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


def folded_name(text: str) -> str:
    """A name for looking up: folded, without the kind of unit («Xã Đông Tảo» → `dong tao`)."""
    return _KIND.sub("", fold(text), count=1) if _KIND.match(fold(text)) else fold(text)


def same_spelling(text: str) -> str:
    """A name in a form in which spellings of the same name agree: hoà and hòa, Quý and Quí.

    Every mark counts otherwise: Việt Hưng and Việt Hùng are two places.
    """
    return " ".join(_spelling(word) for word in text.casefold().split())


def _spelling(word: str) -> str:
    parts = unicodedata.normalize("NFD", word)
    letters = "".join(part for part in parts if part not in _TONES)
    tones = "".join(part for part in parts if part in _TONES)
    return letters.replace("y", "i") + tones
