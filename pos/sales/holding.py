"""Whose order this is: the browser that placed or found it, or the member who bought it."""

from flask import session as cookie

from app.accounts.guards import actor_id
from app.core.web import read_session
from pos.sales import orders
from pos.sales.models import Order
from pos.sales.orders import UnknownOrder

MINE = "orders"  # numbers of the orders that this browser may see


def mine(number: str) -> Order:
    """The order, for its holder. Raises `UnknownOrder` for everybody else, as for no order."""
    found = orders.by_number(read_session(), number)
    member = actor_id()
    if number in cookie.get(MINE, []) or (member is not None and found.customer_id == member):
        return found
    raise UnknownOrder
