"""What the layouts need on every page: shelves, cart badge, the staff menu of this person."""

import time
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.access import Permission, place_scope, producer_scope
from app.accounts.guards import access
from app.content.samples import SLUGS
from app.core.text import N_
from app.core.web import language, read_session, settings
from app.storefront import compared
from app.storefront.badge import cart_count
from catalog.models import Category, Producer
from pos.stock import places

P = Permission

# (group, [(permission, endpoint, label)]): by task, in the order of a working day.
MENU: list[tuple[str, list[tuple[Permission, str, str]]]] = [
    (
        N_("Sell"),
        [
            (P.TILL_SELL, "counter.start", N_("Till")),
            (P.ORDER_VIEW, "orders.index", N_("Orders")),
            (P.ORDER_VIEW, "parcels.index", N_("Parcels")),
            (P.ORDER_EDIT, "remittances.index", N_("Money collected at the door")),
            (P.PAYMENT_EDIT, "bank.index", N_("Money that came")),
            (P.REFUND_EDIT, "refunds.index", N_("Refunds")),
            (P.ORDER_VIEW, "case_desk.index", N_("Returns and complaints")),
            (P.INVOICE_EDIT, "invoices.index", N_("Tax invoices")),
            (P.PROMOTION_EDIT, "promotions.index", N_("Promotions")),
            (P.TILL_MANAGE, "tills.index", N_("Registers and sessions")),
            (P.TILL_MANAGE, "tills.discrepancies", N_("To clear up")),
        ],
    ),
    (
        N_("Stock"),
        [
            (P.STOCK_VIEW, "stock.index", N_("Stock by place")),
            (P.STOCK_VIEW, "shortages.index", N_("Running short")),
            (P.STOCK_EDIT, "stock.receive", N_("Receive goods")),
            (P.STOCK_VIEW, "stock.movements", N_("Movements")),
            (P.STOCK_VIEW, "recalls.mine", N_("To be put aside")),
        ],
    ),
    (
        N_("Products"),
        [
            (P.CATALOG_VIEW, "catalog.products", N_("Products")),
            (P.CATALOG_VIEW, "labels.gaps", N_("Label gaps")),
            (P.CATALOG_VIEW, "catalog.producers", N_("Producers")),
            (P.CATALOG_VIEW, "catalog.recognitions", N_("Recognitions")),
            (P.CATALOG_VIEW, "vat.rates", N_("VAT rates")),
            (P.CATALOG_VIEW, "channels.index", N_("Sales channels")),
            (P.CATALOG_VIEW, "register.decisions", N_("Decisions")),
        ],
    ),
    (
        N_("Traceability"),
        [
            (P.LOT_VIEW, "lots.index", N_("Lots")),
            (P.STAMP_VIEW, "stamps.index", N_("Stamps")),
            (P.STAMP_APPROVE, "watch.index", N_("Scans and copies")),
            (P.LOT_RECALL, "recalls.index", N_("Recalls")),
            (P.CATALOG_EDIT, "resolver_links.index", N_("Links of the resolver")),
            (P.STAMP_APPROVE, "inspections.index", N_("Inspection")),
            (P.LOT_VIEW, "epcis_staff.index", N_("Events (EPCIS)")),
        ],
    ),
    (
        N_("Programme"),
        [
            (P.VOICE_EDIT, "voice_desk.index", N_("Reviews")),
            (P.VOICE_ANSWER, "voice_desk.questions", N_("Questions and answers")),
            (P.CONTENT_EDIT, "blocks.index", N_("Home page")),
            (P.CONTENT_EDIT, "news_desk.index", N_("News")),
            (P.CONTENT_EDIT, "policies_desk.index", N_("Policies")),
            (P.CONTENT_EDIT, "claims_desk.index", N_("Forbidden words")),
            (P.REPORT_VIEW, "reports.sales", N_("Sales report")),
            (P.API_EDIT, "connections.index", N_("Other programs")),
            (P.USER_EDIT, "people.index", N_("People and rights")),
            (P.AUDIT_VIEW, "people.audit", N_("Who changed what")),
        ],
    ),
]


def staff_nav() -> list[dict[str, Any]]:
    """The menu entries that this person may open, by group."""
    held = access()
    groups = []
    for title, entries in MENU:
        items = [
            {
                "label": _(text),
                "url": url_for(endpoint),
                "active": request.endpoint == endpoint,
            }
            for permission, endpoint, text in entries
            if held.anywhere(permission)
        ]
        if items:
            groups.append({"label": _(title), "items": items})
    return groups


def is_staff() -> bool:
    """Whether the signed-in person has any work to do here."""
    return bool(current_user.is_authenticated and any(p != P.ACCOUNT for p, _s in access().pairs))


@dataclass(frozen=True)
class Shelf:
    """A shelf as the layouts name it."""

    slug: str
    name_vi: str
    name_en: str | None


_shelves: dict[Any, tuple[float, list[Shelf]]] = {}


def nav_categories() -> list[Shelf]:
    """The shelves of the shop, in their order, at most as old as the index of the products."""
    if "nav_categories" not in g:
        key, kept = read_session().get_bind().engine.url, settings().index_seconds
        made, shelves = _shelves.get(key, (0.0, []))
        if not kept or time.monotonic() - made >= kept:
            shelves = _read_shelves(read_session())
            _shelves[key] = time.monotonic(), shelves
        g.nav_categories = shelves
    return list(g.nav_categories)


def _read_shelves(session: Session) -> list[Shelf]:
    query = select(Category.slug, Category.name_vi, Category.name_en).order_by(Category.position)
    return [Shelf(*row) for row in session.execute(query)]


def place_scopes(session: Session) -> list[tuple[str, str]]:
    """Scopes of the real places with their names, for granting rights."""
    return [(place_scope(place.id), place.name) for place in places.physical(session)]


def producer_scopes(session: Session) -> list[tuple[str, str]]:
    """Scopes of the producers with their names, for granting rights."""
    makers = session.execute(select(Producer.id, Producer.name).order_by(Producer.slug))
    return [(producer_scope(key), name) for key, name in makers]


def _context() -> dict[str, Any]:
    return {
        "demo": settings().demo,
        "shop": settings(),
        "lang": language(),
        "cart_count": cart_count,
        "compared": compared.chosen,
        "nav_categories": nav_categories,
        "staff_nav": staff_nav,
        "policy_slugs": SLUGS,
        "is_staff": is_staff,
    }


def init_navigation(app: Flask) -> None:
    """Register the context of the layouts; values that cost a query are functions."""
    app.context_processor(_context)
