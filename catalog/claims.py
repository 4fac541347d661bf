"""Claims that a food heals: which phrases a text holds, and the refusal to take such a text.

The phrases are data (`data/health_claims.csv`); rows of kind `allowed` are warnings that speak of
medicine to deny it. The mark `M` there says that a phrase is from memory, not from a text of law.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.core.errors import Rejected
from app.core.text import N_, words_of

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
    """Refused phrases in `text`, whole words, without regard to case and marks."""
    words = f" {_without_warnings(' '.join(words_of(text)))} "
    return [claim for claim in all_claims() if f" {_folded(claim.phrase)} " in words]


def demand_none(**texts: str | None) -> None:
    """Raise `HealthClaim` for the first field that holds a refused phrase; None is no text."""
    phrases = {field: [c.phrase for c in found(text or "")] for field, text in texts.items()}
    wrong = {field: held for field, held in phrases.items() if held}
    for field, held in wrong.items():
        raise HealthClaim(field=field, phrase=held[0], detail=wrong)


@cache
def _rows() -> tuple[Claim, ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Claim(**row) for row in csv.DictReader(file))


@cache
def _folded(phrase: str) -> str:
    return " ".join(words_of(phrase))


@cache
def _warnings() -> re.Pattern[str]:
    """All allowed phrases, longest first, on whole words."""
    allowed = (_folded(row.phrase) for row in _rows() if row.kind == _ALLOWED)
    return re.compile(rf"\b(?:{'|'.join(sorted(allowed, key=len, reverse=True))})\b")


def _without_warnings(words: str) -> str:
    """A bar takes the place of a warning, so that the words around it do not join."""
    return _warnings().sub("|", words)
