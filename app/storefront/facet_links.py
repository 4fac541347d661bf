"""The values of facets as links: each narrows the listing and keeps everything else that was chosen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from app.storefront.browse import Filters, Listing
from app.storefront.facets import Choice, Facet

SHOWN = 12
OPEN = 4

Names = Callable[[Facet, Choice], str]


@dataclass(slots=True)  # not frozen: a page makes hundreds
class Link:
    """One value; `on` when it is chosen."""

    value: str
    name: str
    count: int
    url: str
    on: bool


@dataclass(frozen=True)
class FacetLinks:
    """A facet that has something to choose. `any_url` takes its choice away, if there is one."""

    facet: Facet
    links: Sequence[Link]
    any_url: str | None
    open: bool


def of(page: Listing, path: str, names: Names) -> list[FacetLinks]:
    """The facets of a listing in their order, the commonest values only and the chosen one."""
    filters = page.filters
    found: list[FacetLinks] = []
    for facet, choices in page.facets.items():
        if choices:
            chosen = filters.wanted.get(facet)
            shown = _shown(facet, choices, chosen)
            before, after = _around(filters, facet, path)
            links = [
                Link(
                    c.value,
                    names(facet, c),
                    c.count,
                    f"{before}{c.value}{after}",
                    c.value == chosen,
                )
                for c in shown
            ]
            any_url = _without(filters, facet, path) if chosen else None
            found.append(FacetLinks(facet, links, any_url, bool(chosen) or len(found) < OPEN))
    return found


def _shown(facet: Facet, choices: Sequence[Choice], chosen: str | None) -> Sequence[Choice]:
    if facet is Facet.TO or len(choices) <= SHOWN:
        return choices
    return [c for place, c in enumerate(choices) if place < SHOWN or c.value == chosen]


def _around(filters: Filters, facet: Facet, path: str) -> tuple[str, str]:
    """What stands before and behind the value in an address; values need no quoting themselves."""
    args = urlencode(filters.args(**{facet.value: "\x00"}))
    before, after = args.split("%00")
    return f"{path}?{before}", after


def _without(filters: Filters, facet: Facet, path: str) -> str:
    args = urlencode(filters.args(**{facet.value: None}))
    return f"{path}?{args}" if args else path


def chips(page: Listing, path: str, names: Names) -> list[Link]:
    """The chosen values as links that take them away again."""
    known: Mapping[Facet, Sequence[Choice]] = page.facets
    return [
        Link(value, names(facet, choice), choice.count, _without(page.filters, facet, path), True)
        for facet, value in page.filters.wanted.items()
        for choice in known[facet]
        if choice.value == value
    ]
