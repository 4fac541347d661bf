"""Finding published products by words: whole words or their beginnings, marks or none, small slips.

The same conditions run on both databases; nothing here needs an index of its own.
"""

import string
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein
from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from app.core.text import fold
from catalog.models import Product, ProductStatus

MAX_TERMS = 8
MAX_LETTERS = 40
MAX_TEXT = 1000  # letters of a query that are read at all
VOCABULARY_SECONDS = 60.0
_SIGNS = string.punctuation + "“”‘’«»…–—"


def terms(text: str) -> list[str]:
    """The folded words of a query: at most `MAX_TERMS`, each of at most `MAX_LETTERS` letters.

    Signs around a word do not count; a word of nothing but signs stays as it is.
    """
    words = fold(text[:MAX_TEXT].replace("\0", " ")).split()
    return [(word.strip(_SIGNS) or word)[:MAX_LETTERS] for word in words[:MAX_TERMS]]


def matching(words: Sequence[str]) -> ColumnElement[bool] | None:
    """Condition on products: each of the folded words begins a word of `search_text`; None for none."""
    return and_(*(_begins(word) for word in words)) if words else None


def _begins(word: str) -> ColumnElement[bool]:
    column = Product.search_text
    return or_(
        column.startswith(word, autoescape=True),
        column.contains(f" {word}", autoescape=True),
        column.contains(f" ({word}", autoescape=True),
    )


@dataclass(frozen=True)
class Vocabulary:
    """The words of the published products: sorted, and how many products have each."""

    words: Sequence[str]
    counts: Mapping[str, int]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Vocabulary":
        """The vocabulary of folded texts."""
        counts = Counter(
            word for text in texts for word in {raw.removeprefix("(") for raw in text.split()}
        )
        return cls(sorted(counts), counts)

    def begins(self, term: str) -> bool:
        """Whether some word begins with `term`."""
        place = bisect_left(self.words, term)
        return place < len(self.words) and self.words[place].startswith(term)

    def nearest(self, term: str) -> str:
        """`term`, or when it begins no word the nearest word within the allowed slips.

        Of equally near words the one of most products is taken, then the first by alphabet.
        """
        slips = allowed_slips(term)
        if not slips or self.begins(term):
            return term
        near = [
            (distance, -count, bare)
            for word, count in self.counts.items()
            if (bare := word.strip(_SIGNS)).isalpha() and abs(len(bare) - len(term)) <= slips
            if (distance := DamerauLevenshtein.distance(term, bare, score_cutoff=slips)) <= slips
        ]
        return min(near)[2] if near else term


def allowed_slips(term: str) -> int:
    """Letters left out, added, changed or swapped that are forgiven: by the length of the word."""
    if not term.isalpha() or len(term) < 4:
        return 0
    return 1 if len(term) <= 6 else 2


_known: dict[str, tuple[tuple[Any, ...], float, Vocabulary]] = {}


def corrected(session: Session, words: Sequence[str]) -> list[str]:
    """The words, with those that begin no word of a published product set right where possible.

    One statement, and a second one when the products have changed or a minute has passed.
    """
    known = vocabulary(session)
    return [known.nearest(word) for word in words]


def vocabulary(session: Session) -> Vocabulary:
    """The words of all published products as they were at most a minute ago."""
    key, state, now = str(session.get_bind().engine.url), _state(session), time.monotonic()
    kept = _known.get(key)
    if kept is None or kept[0] != state or now - kept[1] > VOCABULARY_SECONDS:
        published = select(Product.search_text).where(Product.status == ProductStatus.PUBLISHED)
        kept = (state, now, Vocabulary.of(session.scalars(published)))
        _known[key] = kept
    return kept[2]


def _state(session: Session) -> tuple[Any, ...]:
    """What differs as soon as products are published, withdrawn or (nearly always) revised."""
    length = func.sum(func.length(Product.search_text))
    newest = func.max(Product.created_at), func.max(cast(Product.id, Text))
    query = select(func.count(), *newest, length)
    return tuple(session.execute(query.where(Product.status == ProductStatus.PUBLISHED)).one())
