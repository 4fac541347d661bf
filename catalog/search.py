"""Finding published products by words: whole words or their beginnings, marks or none, small slips.

Behind one condition stand the full-text indexes of either database: FTS5 on SQLite, a GIN index over
`to_tsvector` on PostgreSQL; slips are looked up in FTS5's list of words and by trigrams.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from rapidfuzz.distance import DamerauLevenshtein
from sqlalchemy import ColumnElement, and_, func, literal, select, text, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import Boolean

from app.core.text import words_of
from catalog.models import Product, ProductStatus

MAX_TERMS = 8
MAX_LETTERS = 40
MAX_TEXT = 1000  # letters of a query that are read at all
MOST_NEAR = 6
# Words compared letter by letter: those that share most trigrams with what was typed.
MOST_ALIKE = 60


def terms(query: str) -> list[str]:
    """The folded words of a query: at most `MAX_TERMS`, each of at most `MAX_LETTERS` letters."""
    return [word[:MAX_LETTERS] for word in words_of(query[:MAX_TEXT])[:MAX_TERMS]]


class begins_words(GenericFunction[bool]):  # noqa: N801  (named like the SQL function it stands for)
    """Whether each of some words begins a word of the product's text.

    Arguments: key of the product, its text, the query for FTS5, the query for PostgreSQL.
    """

    type = Boolean()
    inherit_cache = True


@compiles(begins_words, "sqlite")
def _fts5(element: Any, compiler: Any, **options: Any) -> str:
    key, _text, query, _other = (compiler.process(c, **options) for c in element.clauses)
    matching = f"SELECT product_id FROM product_search WHERE product_search MATCH {query}"  # noqa: S608  # nosec B608
    return f"{key} IN ({matching})"


@compiles(begins_words, "postgresql")
def _tsquery(element: Any, compiler: Any, **options: Any) -> str:
    _key, words, _other, query = (compiler.process(c, **options) for c in element.clauses)
    return f"to_tsvector('simple', {words}) @@ to_tsquery('simple', {query})"


def matching(words: Sequence[str]) -> ColumnElement[bool] | None:
    """Condition on products: each of the folded words begins a word of `search_text`; None for none."""
    if not words:
        return None
    fts5 = " ".join(f'"{word}"*' for word in words)
    tsquery = " & ".join(f"'{word}':*" for word in words)
    return begins_words(Product.id, Product.search_text, fts5, tsquery)


def found(session: Session, words: Sequence[str]) -> Sequence[UUID]:
    """Keys of the published products that the words find. One statement."""
    condition = matching(words)
    query = select(Product.id).where(Product.status == ProductStatus.PUBLISHED)
    return session.scalars(query if condition is None else query.where(condition)).all()


def allowed_slips(term: str) -> int:
    """Letters left out, added, changed or swapped that are forgiven: by the length of the word."""
    if not term.isalpha() or len(term) < 4:
        return 0
    return 1 if len(term) <= 6 else 2


def corrected(session: Session, words: Sequence[str]) -> list[str]:
    """The words, with those that begin no word of a published product set right where possible.

    Two statements for each word that could be a slip.
    """
    return [_nearest(session, word) if allowed_slips(word) else word for word in words]


def _nearest(session: Session, word: str) -> str:
    near = nearest(word, _candidates(session, word))
    counts = _offered(session, [word, *near])
    if counts[word]:
        return word
    offered = [candidate for candidate in near if counts[candidate]]
    least = min((_distance(word, candidate) for candidate in offered), default=0)
    best = [candidate for candidate in offered if _distance(word, candidate) == least]
    return min(best, key=lambda candidate: (-counts[candidate], candidate), default=word)


def nearest(term: str, candidates: Iterable[str]) -> list[str]:
    """The candidates within the allowed slips, the nearest first; at most `MOST_NEAR`."""
    slips = allowed_slips(term)
    near = {c for c in candidates if c != term and c.isalpha() and _distance(term, c) <= slips}
    return sorted(near, key=lambda c: (_distance(term, c), c))[:MOST_NEAR]


def _distance(term: str, candidate: str) -> int:
    return int(DamerauLevenshtein.distance(term, candidate))


_FTS5_WORDS = text(
    "SELECT term FROM product_word WHERE length(term) BETWEEN :shortest AND :longest"
)
_TRIGRAM_WORDS = text(
    "SELECT word FROM search_word WHERE length(word) BETWEEN :shortest AND :longest "
    "ORDER BY word <-> :term LIMIT :most"
)


def _candidates(session: Session, term: str) -> Sequence[str]:
    slips = allowed_slips(term)
    values = {"shortest": len(term) - slips, "longest": len(term) + slips}
    if session.get_bind().dialect.name == "sqlite":
        return session.scalars(_FTS5_WORDS, values).all()
    return session.scalars(_TRIGRAM_WORDS, values | {"term": term, "most": MOST_ALIKE}).all()


def _offered(session: Session, words: Sequence[str]) -> dict[str, int]:
    """For each word, how many published products have a word that it begins."""
    published = Product.status == ProductStatus.PUBLISHED
    counts = [
        select(literal(word), func.count(Product.id)).where(and_(published, condition))
        for word in words
        if (condition := matching([word])) is not None
    ]
    return {word: int(count) for word, count in session.execute(union_all(*counts))}
