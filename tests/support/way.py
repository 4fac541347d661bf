"""The way of an online order over the desks of the staff, through HTTP."""

from uuid import UUID

from support.browser import Browser

ORDERS, PARCELS = "/quan-ly/don-hang", "/quan-ly/giao-hang"


def packed(keeper: Browser, order_id: UUID) -> None:
    """The shop agrees and packs."""
    for step in ("accept", "pack"):
        assert keeper.post(f"{ORDERS}/{order_id}/{step}").status_code == 303, step


def delivered(keeper: Browser, order_id: UUID) -> None:
    """A parcel is made, handed over and brought to the buyer's door."""
    made = keeper.post(f"{PARCELS}/don/{order_id}", {"service": "post.standard"})
    assert made.status_code == 303
    parcel = made.headers["Location"].rpartition("/")[2]
    for step in ("hand_over", "delivered"):
        assert keeper.post(f"{PARCELS}/{parcel}/{step}").status_code == 303, step


def completed(keeper: Browser, order_id: UUID) -> None:
    """All the way to goods and money in the right hands."""
    packed(keeper, order_id)
    delivered(keeper, order_id)
    assert keeper.post(f"{ORDERS}/{order_id}/complete").status_code == 303
