"""Label facts of the demonstration. Where nobody has told them, they say that they are made up."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from catalog import label_gaps, labels
from catalog.models import Product

MADE_UP = {"vi": "Minh hoạ: ghi theo nhãn trên bao bì.", "en": "Illustration: as on the pack."}
_KEEP = ("Nơi khô ráo, tránh nắng (minh hoạ).", "Keep dry, out of the sun (illustration).")


def tell(session: Session, product: Product, *, now: datetime, actor_id: UUID | None) -> None:
    """Choose the kind of goods and fill what it must say, marked as made up."""
    kind = labels.profiles()[label_gaps.suggested(product)]
    needed = [item.field for item in kind.items if item.required]
    if "ingredients" in {field.key for field in needed} and not product.ingredients_vi:
        product.ingredients_vi, product.ingredients_en = MADE_UP["vi"], MADE_UP["en"]
    if "storage" in {field.key for field in needed} and not product.storage_vi:
        product.storage_vi, product.storage_en = _KEEP
    facts = {field.key: _made_up(field) for field in needed if field.entered}
    labels.describe(session, product, kind.key, facts, now=now, actor_id=actor_id)


def _made_up(field: labels.Field) -> dict[str, str | None]:
    if field.translated:
        return dict(MADE_UP)
    return {"value": "1" if field.type is labels.FieldType.NUMBER else MADE_UP["vi"]}
