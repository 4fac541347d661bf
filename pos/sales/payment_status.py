"""States of refunds, bank entries and notices of providers, with their allowed moves."""

from app.core.enums import LabelledEnum
from app.core.states import Moves
from app.core.text import N_


class RefundKind(LabelledEnum):
    """Why money goes back."""

    EXCESS = "excess", N_("More came than was due")
    ENDED = "ended", N_("The order has ended")
    DECIDED = "decided", N_("Decided by staff")
    OUTSIDE = "outside", N_("Made at the provider")


class RefundStatus(LabelledEnum):
    """Where a refund stands."""

    REQUESTED = "requested", N_("To be paid back")
    SENT = "sent", N_("On its way back")
    SETTLED = "settled", N_("Paid back")
    FAILED = "failed", N_("Could not be paid back")


class EntryStatus(LabelledEnum):
    """What became of an entry on the shop's account."""

    NEW = "new", N_("To be looked at")
    MATCHED = "matched", N_("Matched")
    MISMATCHED = "mismatched", N_("Another amount")
    IGNORED = "ignored", N_("Put aside")


class NoticeStatus(LabelledEnum):
    """What became of a notice of a provider."""

    NEW = "new", N_("Received")
    WAITING = "waiting", N_("Nothing fits yet")
    DONE = "done", N_("Worked off")
    FLAGGED = "flagged", N_("To be looked at by staff")


class DisputeStatus(LabelledEnum):
    """How a buyer's objection at their bank stands."""

    OPEN = "open", N_("Open")
    WON = "won", N_("Decided for the shop")
    LOST = "lost", N_("Decided for the buyer")


_R = RefundStatus
REFUND_MOVES = Moves(
    {
        _R.REQUESTED: {_R.SENT, _R.SETTLED, _R.FAILED},
        _R.SENT: {_R.SETTLED, _R.FAILED},
        # A bank may send money back that seemed to have arrived.
        _R.SETTLED: {_R.FAILED},
    }
)

_E = EntryStatus
ENTRY_MOVES = Moves(
    {
        _E.NEW: {_E.MATCHED, _E.MISMATCHED, _E.IGNORED},
        _E.IGNORED: {_E.MATCHED, _E.MISMATCHED},
    }
)
