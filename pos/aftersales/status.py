"""Why cases are opened, what buyers wish, and the states of a case with their allowed moves."""

from app.core.enums import LabelledEnum
from app.core.states import Moves
from app.core.text import N_


class Reason(LabelledEnum):
    """What is wrong, in the buyer's words."""

    DAMAGED = "damaged", N_("Broken or spoilt")
    WRONG = "wrong", N_("Wrong goods")
    NOT_AS_DESCRIBED = "not_as_described", N_("Not as described")
    PAST_DATE = "past_date", N_("Past its date")
    MISSING = "missing", N_("Goods are missing")
    OTHER = "other", N_("Something else is wrong")
    CHANGED_MIND = "changed_mind", N_("Nothing is wrong, I have changed my mind")

    @property
    def is_fault(self) -> bool:
        """Whether the shop or the goods are to blame."""
        return self is not Reason.CHANGED_MIND


class Wish(LabelledEnum):
    """What the buyer asks for, and what the shop grants."""

    MONEY = "money", N_("Money back")
    EXCHANGE = "exchange", N_("The same goods again")
    EXPLANATION = "explanation", N_("An explanation")

    @property
    def takes_units(self) -> bool:
        """Whether the units are used up: no second case can be about them."""
        return self is not Wish.EXPLANATION


class CaseStatus(LabelledEnum):
    """Where a case stands."""

    OPEN = "open", N_("Waiting for the shop's answer")
    ASKED = "asked", N_("Waiting for the buyer's answer")
    ANSWERED = "answered", N_("The buyer has answered")
    ACCEPTED = "accepted", N_("Granted")
    AWAITED = "awaited", N_("Granted, the goods are awaited")
    RECEIVED = "received", N_("The goods have come back")
    SETTLED = "settled", N_("Settled and closed")
    REFUSED = "refused", N_("Turned down")
    WITHDRAWN = "withdrawn", N_("Withdrawn by the buyer")


class Condition(LabelledEnum):
    """Where goods that came back go."""

    STOCK = "stock", N_("Back on sale")
    QUARANTINE = "quarantine", N_("Put aside to be checked")
    WASTE = "waste", N_("Thrown away")


S = CaseStatus
CASE_MOVES = Moves(
    {
        S.OPEN: {S.ASKED, S.ACCEPTED, S.REFUSED, S.WITHDRAWN},
        S.ASKED: {S.ANSWERED, S.ACCEPTED, S.REFUSED, S.WITHDRAWN},
        S.ANSWERED: {S.ASKED, S.ACCEPTED, S.REFUSED, S.WITHDRAWN},
        S.ACCEPTED: {S.AWAITED, S.SETTLED},
        # Goods that never come end the case, too.
        S.AWAITED: {S.RECEIVED, S.REFUSED, S.WITHDRAWN},
        S.RECEIVED: {S.SETTLED},
    }
)

# The shop has to act; an answer is due.
OURS = (S.OPEN, S.ANSWERED)
UNDECIDED = (S.OPEN, S.ASKED, S.ANSWERED)
DONE = (S.SETTLED, S.REFUSED, S.WITHDRAWN)
