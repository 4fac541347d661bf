"""One gift set of the demonstration, of goods of two producers. It is made up and says so."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.demo import label_facts
from app.demo.goods import Offered
from catalog import bundles, pricing, products
from catalog.models import PriceChannel, Sku, Unit
from catalog.products import Texts

TEXTS = Texts(
    name_vi="Bộ quà Phố Hiến (Minh hoạ)",
    name_en="Phố Hiến gift set (illustration)",
    summary_vi="Minh hoạ: bộ quà gồm sản phẩm của nhiều nhà sản xuất, bán theo giá riêng.",
    summary_en="Illustration: a set of goods of several producers, sold at a price of its own.",
)
CODE = "BO-QUA-01"
OFF_PERCENT = 10


def load(
    session: Session, offered: Sequence[Offered], *, day: date, now: datetime, actor_id: UUID
) -> None:
    """Offer a set of two articles, a tenth below what they cost by themselves."""
    parts = _parts(session, offered, day)
    if len(parts) < 2:
        return
    first = parts[0].product
    product = products.draft(
        session,
        TEXTS,
        producer=first.producer,
        category=first.category,
        now=now,
        actor_id=actor_id,
        illustration=first.illustration,
        area_text=first.area_text,
    )
    sku = products.add_sku(
        session,
        product,
        code=CODE,
        name_vi="Hộp quà",
        name_en="Gift box",
        net_content=1,
        net_unit=Unit.PIECE,
        now=now,
        actor_id=actor_id,
    )
    content = {part.id: 1 for part in parts}
    bundles.set_parts(session, sku, content, now=now, actor_id=actor_id)
    known = pricing.prices(session, content, PriceChannel.WEB, day)
    alone = sum(price.amount for price in known.values())
    amount = alone * (100 - OFF_PERCENT) // 100 // 1000 * 1000
    since = day - timedelta(days=1)
    pricing.set_price(session, sku, amount, valid_from=since, now=now, actor_id=actor_id)
    label_facts.tell(session, product, now=now, actor_id=actor_id)
    products.publish(session, product, day=day, now=now, actor_id=actor_id)


def _parts(session: Session, offered: Sequence[Offered], day: date) -> list[Sku]:
    """The first articles on stock of two producers, sold by the piece at a price."""
    found: dict[UUID, Sku] = {}
    for one in offered:
        sku, maker = one.skus[0], one.product.producer_id
        sold = pricing.prices(session, [sku.id], PriceChannel.WEB, day)
        countable = one.stocked and one.product.counted and sku.unit is Unit.PIECE
        if countable and sold and maker and maker not in found:
            found[maker] = sku
    return list(found.values())[:2]
