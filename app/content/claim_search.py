"""Texts that already promise healing: kept before the rule, brought by an import, or changed by hand.

What is entered on a page is refused there (`catalog.claims`); this looks at what lies in the database.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.content.models import Block, NewsItem, PolicyKind, PolicyVersion
from app.core.enums import LabelledEnum
from app.core.text import N_
from catalog import claims, labels
from catalog.claims import Claim
from catalog.models import Producer, Product


class TextKind(LabelledEnum):
    """What holds the text, and so where it is changed."""

    PRODUCT = "product", N_("Product")
    LABEL = "label", N_("Label")
    PRODUCER = "producer", N_("Producer")
    NEWS = "news", N_("News")
    BLOCK = "block", N_("Home page")
    POLICY = "policy", N_("Policy")


Where = str | labels.Field


@dataclass(frozen=True)
class Finding:
    """One text with refused phrases. `key` names its object, `where` is a fact or a field's msgid."""

    kind: TextKind
    key: str
    name: str | LabelledEnum
    where: Where
    claims: list[Claim]


PRODUCT_TEXTS = {
    "name_vi": N_("Name (Vietnamese)"),
    "name_en": N_("Name (English)"),
    "summary_vi": N_("Description (Vietnamese)"),
    "summary_en": N_("Description (English)"),
    "ingredients_vi": N_("Ingredients (Vietnamese)"),
    "ingredients_en": N_("Ingredients (English)"),
    "storage_vi": N_("Storage (Vietnamese)"),
    "storage_en": N_("Storage (English)"),
}
STORIES = {"story_vi": N_("Story (Vietnamese)"), "story_en": N_("Story (English)")}
TITLES = {"title_vi": N_("Title in Vietnamese"), "title_en": N_("Title in English")}
BODIES = {"body_vi": N_("Text in Vietnamese"), "body_en": N_("Text in English")}
SUMMARIES = {"summary_vi": N_("Summary in Vietnamese"), "summary_en": N_("Summary in English")}
WORDS = N_("Other words of the block")


def everywhere(session: Session) -> list[Finding]:
    """All texts with refused phrases: of products, producers, news, blocks and newest policies."""
    sources = (_products, _producers, _news, _blocks, _policies)
    return [finding for source in sources for finding in source(session)]


def _found(
    kind: TextKind, key: object, name: str | LabelledEnum, texts: Mapping[Where, str | None]
) -> Iterator[Finding]:
    for where, text in texts.items():
        held = claims.found(text or "")
        if held:
            yield Finding(kind, str(key), name, where, held)


def _named(row: object, fields: Mapping[str, str]) -> dict[Where, str | None]:
    return {where: getattr(row, name) for name, where in fields.items()}


def _products(session: Session) -> Iterator[Finding]:
    columns = [getattr(Product, name) for name in PRODUCT_TEXTS]
    rows = session.execute(select(Product.id, Product.facts, *columns).order_by(Product.sort_key))
    for row in rows:
        yield from _found(TextKind.PRODUCT, row.id, row.name_vi, _named(row, PRODUCT_TEXTS))
        facts = {_fact(key): _joined(fact) for key, fact in row.facts.items()}
        yield from _found(TextKind.LABEL, row.id, row.name_vi, facts)


def _fact(key: str) -> Where:
    return labels.fields().get(key, key)


def _joined(values: object) -> str:
    """All words of a fact or of the options of a block, whatever their keys."""
    if isinstance(values, Mapping):
        return "\n".join(_joined(value) for value in values.values())
    return values if isinstance(values, str) else ""


def _producers(session: Session) -> Iterator[Finding]:
    for row in session.scalars(select(Producer).order_by(Producer.slug)):
        yield from _found(TextKind.PRODUCER, row.id, row.name, _named(row, STORIES))


def _news(session: Session) -> Iterator[Finding]:
    for row in session.scalars(select(NewsItem).order_by(NewsItem.created_at.desc(), NewsItem.id)):
        texts = _named(row, TITLES | SUMMARIES | BODIES)
        yield from _found(TextKind.NEWS, row.id, row.title_vi, texts)


def _blocks(session: Session) -> Iterator[Finding]:
    for row in session.scalars(select(Block).order_by(Block.position)):
        texts = _named(row, TITLES | BODIES) | {WORDS: _joined(row.options)}
        yield from _found(TextKind.BLOCK, row.id, row.title_vi or row.kind, texts)


def _policies(session: Session) -> Iterator[Finding]:
    """The newest version of each; those before it stay as they were agreed to."""
    newest: dict[PolicyKind, PolicyVersion] = {}
    for row in session.scalars(select(PolicyVersion).order_by(PolicyVersion.number)):
        newest[row.kind] = row
    for kind, row in newest.items():
        yield from _found(TextKind.POLICY, kind.value, kind, _named(row, BODIES))
