"""Whose goods something is: a producer works with the lots and stamps of its own products only."""

from app.accounts.access import producer_scope
from catalog.models import Sku


def scopes_of(sku: Sku) -> tuple[str, ...]:
    """The scopes in which a right over the article's lots and stamps may be held."""
    producer_id = sku.product.producer_id
    return () if producer_id is None else (producer_scope(producer_id),)
