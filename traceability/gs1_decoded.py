"""A path that the server has decoded already, put back into the form in which it was sent. Pure.

A server that hands on decoded paths only has turned %2F inside a value into a separator. The grammar
tells most of them apart: after a key come pairs of known numbers in one order. Where a value itself
holds `/21/` or the like, the reading in which that is a separator wins.
"""

from collections.abc import Iterator
from urllib.parse import quote

from traceability.gs1_uri import ORDERS

_QUALIFIERS = {ai for orders in ORDERS.values() for order in orders for ai in order}


def encoded(path: str) -> str:
    """The path with every value percent-encoded; unchanged where the grammar finds no reading."""
    parts = path.split("/")
    if len(parts) < 4 or parts[0] or parts[1] not in ORDERS:
        return quote(path)
    pairs = None if _plain(parts[3:]) else next(_readings(parts[3:], ORDERS[parts[1]]), None)
    if pairs is None:
        return quote(path)
    start = f"/{parts[1]}/{quote(parts[2], safe='')}"
    return start + "".join(f"/{ai}/{quote(value, safe='')}" for ai, value in pairs)


def _plain(parts: list[str]) -> bool:
    """Whether every other part is a qualifier's number, whatever the order: nothing to put back."""
    return len(parts) % 2 == 0 and set(parts[::2]) <= _QUALIFIERS


def _readings(
    parts: list[str], orders: tuple[tuple[str, ...], ...]
) -> Iterator[list[tuple[str, str]]]:
    """Ways to cut the parts into pairs, most separators first."""
    if parts in ([], [""]):
        yield []
    for order in orders:
        if parts and parts[0] in order and len(parts) > 1:
            later = order[order.index(parts[0]) + 1 :]
            yield from _from(parts, later)


def _from(parts: list[str], later: tuple[str, ...]) -> Iterator[list[tuple[str, str]]]:
    ai, rest = parts[0], parts[1:]
    for end in range(1, len(rest)):
        if rest[end] in later and any(rest[:end]):
            for more in _readings(rest[end:], (later,)):
                yield [(ai, "/".join(rest[:end])), *more]
    # One slash at the end is no part of a value.
    whole = rest[:-1] if rest[-1] == "" and len(rest) > 1 else rest
    if any(whole):
        yield [(ai, "/".join(whole))]
