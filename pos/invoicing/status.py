"""Kinds and states of invoices, with their allowed moves."""

from app.core.enums import LabelledEnum
from app.core.states import Moves
from app.core.text import N_


class InvoiceKind(LabelledEnum):
    """What an invoice is for. A correction names the invoice that it corrects."""

    INVOICE = "invoice", N_("Invoice")
    ADJUSTMENT = "adjustment", N_("Adjustment")
    REPLACEMENT = "replacement", N_("Replacement")


class InvoiceStatus(LabelledEnum):
    """Where an invoice stands."""

    NOT_REQUIRED = "not_required", N_("Not required")
    QUEUED = "queued", N_("To be sent")
    SENT = "sent", N_("Sent, no answer yet")
    ISSUED = "issued", N_("Issued")
    FAILED = "failed", N_("Refused")
    ADJUSTED = "adjusted", N_("Adjusted")
    REPLACED = "replaced", N_("Replaced")


S = InvoiceStatus
MOVES = Moves(
    {
        S.NOT_REQUIRED: {S.QUEUED, S.FAILED},
        S.QUEUED: {S.SENT, S.NOT_REQUIRED},
        S.SENT: {S.ISSUED, S.FAILED},
        S.FAILED: {S.QUEUED},
        # What was corrected in one way is corrected in the same way again.
        S.ISSUED: {S.ADJUSTED, S.REPLACED},
    }
)

# Those that the tax authority knows of.
ISSUED = (S.ISSUED, S.ADJUSTED, S.REPLACED)
OPEN = (S.QUEUED, S.SENT)
