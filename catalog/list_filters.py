"""Filters of the staff lists out of an address; what makes no sense is not set."""

from collections.abc import Mapping
from uuid import UUID

from catalog.models import ProductStatus
from catalog.overview import Lapse
from catalog.product_list import Filters, Order, Stars


def product_filters(args: Mapping[str, str]) -> Filters:
    """What an address asks of the list of products."""
    return Filters(
        text=args.get("q", "").replace("\0", "").strip()[:60],
        status=next((s for s in ProductStatus if s.value == args.get("status")), None),
        shelf=_uuid(args.get("shelf")),
        producer=_uuid(args.get("producer")),
        stars=next((s for s in Stars if s.value == args.get("stars")), None),
        gaps=args.get("gaps") == "1",
        no_photo=args.get("no_photo") == "1",
        order=next((o for o in Order if o.value == args.get("order")), Order.NAME),
    )


def lapse_from(args: Mapping[str, str]) -> Lapse:
    """What an address asks of the list of recognitions."""
    return next((x for x in Lapse if x.value == args.get("lapse")), Lapse.ALL)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
