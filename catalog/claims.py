"""Claims that a food heals: which phrases a text holds, and the refusal to take such a text.

The phrases are data (`data/health_claims.csv`); rows of kind `allowed` are warnings that speak of
medicine to deny it. The mark `M` there says that a phrase is from memory, not from a text of law.
"""

import csv
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.core.errors import Rejected
from app.core.text import N_, fold

_FILE = Path(__file__).parent / "data" / "health_claims.csv"
_ALLOWED = "allowed"


@dataclass(frozen=True)
class Claim:
    """A phrase that no text of a shop may hold, and why; `mark` tells how far that was read."""

    phrase: str
    kind: str
    note: str
    mark: str


class HealthClaim(Rejected):
    """A text says that a food heals. `detail` maps each field to its phrases."""

    code = "health_claim"
    message = N_("“%(field)s” must not promise healing: “%(phrase)s”.")


def all_claims() -> tuple[Claim, ...]:
    """The phrases that are refused, in the order of the file."""
    return tuple(row for row in _rows() if row.kind != _ALLOWED)


def found(text: str) -> list[Claim]:
    """Refused phrases in `text`, on whole words, without regard to case.

    A word that is written with marks must have those of the phrase: «chưa bệnh» (not yet ill) is
    not «chữa bệnh» (heals). A word without any may be either, so it counts.
    """
    if not _hint().search(fold(text)):
        return []
    words = _without_warnings(_words(text))
    return [claim for claim in all_claims() if _places(words, _words(claim.phrase))]


def demand_none(**texts: str | None) -> None:
    """Raise `HealthClaim` for the first field that holds a refused phrase; None is no text."""
    phrases = {field: [c.phrase for c in found(text or "")] for field, text in texts.items()}
    wrong = {field: held for field, held in phrases.items() if held}
    for field, held in wrong.items():
        raise HealthClaim(field=field, phrase=held[0], detail=wrong)


@cache
def _hint() -> re.Pattern[str]:
    """Finds some phrase in a folded text, and sometimes more: most texts are done with in one look."""
    phrases = (r"[\W_]*".join(w.bare for w in _words(c.phrase)) for c in all_claims())
    return re.compile("|".join(phrases))


@cache
def _rows() -> tuple[Claim, ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Claim(**row) for row in csv.DictReader(file))


@dataclass(frozen=True)
class _Word:
    """A word as it is written and without its marks."""

    spelt: str
    bare: str

    def may_be(self, other: "_Word") -> bool:
        """Whether this word of a text can stand for a word of a phrase."""
        return self.spelt == other.spelt or self.spelt == self.bare == other.bare


_BAR = _Word("|", "|")
_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


def _words(text: str) -> tuple[_Word, ...]:
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return tuple(_Word(_spelt(word), fold(word)) for word in _WORD.findall(decomposed))


def _spelt(word: str) -> str:
    """The tone goes to the end: «khoẻ» and «khỏe» are one word in two ways of writing."""
    letters = "".join(c for c in word if c not in _TONES)
    tones = "".join(c for c in word if c in _TONES)
    return unicodedata.normalize("NFC", letters) + tones


def _places(words: Sequence[_Word], phrase: Sequence[_Word]) -> list[int]:
    """Where the phrase begins in the words."""
    starts = range(len(words) - len(phrase) + 1)
    return [n for n in starts if all(w.may_be(p) for w, p in zip(words[n:], phrase, strict=False))]


@cache
def _warnings() -> tuple[tuple[_Word, ...], ...]:
    """All allowed phrases, longest first."""
    allowed = (_words(row.phrase) for row in _rows() if row.kind == _ALLOWED)
    return tuple(sorted(allowed, key=len, reverse=True))


def _without_warnings(words: Sequence[_Word]) -> list[_Word]:
    """Bars take the place of a warning, so that the words around it do not join."""
    left = list(words)
    for warning in _warnings():
        for start in _places(left, warning):
            left[start : start + len(warning)] = [_BAR] * len(warning)
    return left
