"""What each role may do, and where. Pure: grants and a day in, an `Access` value out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.accounts.models import Grant, Role
from app.core.enums import LabelledEnum
from app.core.text import N_

EVERYWHERE = "*"


class Permission(LabelledEnum):
    """One thing that can be allowed."""

    CATALOG_VIEW = "catalog_view", N_("See the catalogue")
    CATALOG_EDIT = "catalog_edit", N_("Change the catalogue")
    CONTENT_EDIT = "content_edit", N_("Edit home page, news and policies")
    VOICE_EDIT = "voice_edit", N_("Look through reviews and questions")
    VOICE_ANSWER = "voice_answer", N_("Answer reviews and questions")
    LOT_VIEW = "lot_view", N_("See lots")
    LOT_EDIT = "lot_edit", N_("Open and release lots")
    LOT_RECALL = "lot_recall", N_("Recall lots")
    STAMP_VIEW = "stamp_view", N_("See stamps")
    STAMP_REQUEST = "stamp_request", N_("Request and activate stamps")
    STAMP_APPROVE = "stamp_approve", N_("Approve and issue stamps")
    STOCK_VIEW = "stock_view", N_("See stock")
    STOCK_EDIT = "stock_edit", N_("Receive, move and write off stock")
    ORDER_VIEW = "order_view", N_("See orders")
    ORDER_EDIT = "order_edit", N_("Handle orders")
    PAYMENT_EDIT = "payment_edit", N_("Handle money on the bank account")
    REFUND_EDIT = "refund_edit", N_("Pay money back")
    INVOICE_EDIT = "invoice_edit", N_("Keep tax invoices")
    PROMOTION_EDIT = "promotion_edit", N_("Keep promotions and vouchers")
    TILL_SELL = "till_sell", N_("Sell at the till")
    TILL_MANAGE = "till_manage", N_("Manage registers and discrepancies")
    REPORT_VIEW = "report_view", N_("See reports")
    USER_EDIT = "user_edit", N_("Manage users and rights")
    API_EDIT = "api_edit", N_("Connect other programs")
    AUDIT_VIEW = "audit_view", N_("See who changed what")
    ACCOUNT = "account", N_("Use an own account")


P = Permission

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OFFICER: frozenset(Permission) - {P.TILL_SELL},
    Role.PRODUCER: frozenset(
        {P.CATALOG_VIEW, P.VOICE_ANSWER, P.LOT_VIEW, P.LOT_EDIT}
        | {P.STAMP_VIEW, P.STAMP_REQUEST, P.ACCOUNT}
    ),
    Role.POINT_MANAGER: frozenset(
        {P.STOCK_VIEW, P.STOCK_EDIT, P.ORDER_VIEW, P.ORDER_EDIT, P.REFUND_EDIT}
        | {P.INVOICE_EDIT, P.TILL_SELL, P.TILL_MANAGE, P.PROMOTION_EDIT, P.REPORT_VIEW, P.ACCOUNT}
    ),
    Role.CASHIER: frozenset({P.TILL_SELL, P.STOCK_VIEW, P.ACCOUNT}),
    Role.STOCK_KEEPER: frozenset(
        {P.STOCK_VIEW, P.STOCK_EDIT, P.ORDER_VIEW, P.ORDER_EDIT, P.ACCOUNT}
    ),
    Role.CUSTOMER: frozenset({P.ACCOUNT}),
}


def place_scope(place_id: UUID) -> str:
    """Scope of one place."""
    return f"place:{place_id}"


def producer_scope(producer_id: UUID) -> str:
    """Scope of one producer."""
    return f"producer:{producer_id}"


@dataclass(frozen=True)
class Access:
    """The rights of one person on one day, as pairs of permission and scope."""

    pairs: frozenset[tuple[Permission, str]]

    def may(self, permission: Permission, *scopes: str) -> bool:
        """Whether the permission holds everywhere or in one of `scopes`."""
        return any((permission, scope) in self.pairs for scope in (EVERYWHERE, *scopes))

    def anywhere(self, permission: Permission) -> bool:
        """Whether the permission holds in any scope at all."""
        return any(held == permission for held, _ in self.pairs)

    def keys(self, permission: Permission, kind: str) -> frozenset[UUID] | None:
        """Keys of the `kind` of scope in which the permission holds; None means everywhere."""
        if (permission, EVERYWHERE) in self.pairs:
            return None
        prefix = f"{kind}:"
        found = (s for held, s in self.pairs if held == permission and s.startswith(prefix))
        return frozenset(UUID(scope.removeprefix(prefix)) for scope in found)


NOBODY = Access(frozenset())


def access_of(grants: Iterable[Grant], day: date) -> Access:
    """Rights that follow from the grants in force on `day`."""
    in_force = [
        g for g in grants if g.valid_from <= day and (g.valid_to is None or day <= g.valid_to)
    ]
    return Access(frozenset((p, g.scope) for g in in_force for p in ROLE_PERMISSIONS[g.role]))
