"""Why a voucher is not taken, in words for the buyer."""

from app.core.errors import Conflict, Rejected
from app.core.text import N_


class UnknownVoucher(Rejected):
    """No promotion has the code."""

    code = "unknown_voucher"
    message = N_("We do not know this code. Look whether it is typed as it is written.")


class VoucherNotYet(Conflict):
    """It begins later."""

    code = "voucher_not_yet"
    message = N_("This code holds from %(day)s on.")


class VoucherOver(Conflict):
    """Its last day has passed, or it was ended."""

    code = "voucher_over"
    message = N_("This code does not hold any more.")


class VoucherUsedUp(Conflict):
    """It has been used as often as it could be."""

    code = "voucher_used_up"
    message = N_("This offer has been used up. Your order can be placed without it.")


class VoucherUsedByYou(Conflict):
    """The person has used it as often as one person may."""

    code = "voucher_used_by_you"
    message = N_("You have used this offer as often as it is possible for one person.")


class VoucherNotForThis(Conflict):
    """It does not fit this order."""

    code = "voucher_not_for_this"
    message = N_("This code does not hold for the goods in this order.")


class VoucherBelowMinimum(VoucherNotForThis):
    """The goods it holds for cost too little."""

    code = "voucher_below_minimum"
    message = N_("Goods for %(missing)s more are needed for this code.")


class VoucherOtherProducer(VoucherNotForThis):
    """It holds for goods of certain producers only."""

    code = "voucher_other_producer"
    message = N_("This code holds for goods of other producers only.")


class VoucherOtherPoint(VoucherNotForThis):
    """It holds at certain points only."""

    code = "voucher_other_point"
    message = N_("This code holds at other sales points only.")


class VoucherOtherChannel(VoucherNotForThis):
    """It holds online only, or at sales points only."""

    code = "voucher_other_channel"
    message = N_("This code holds for another way of buying: %(channel)s.")


class VoucherNoGain(VoucherNotForThis):
    """Without it the buyer pays no more."""

    code = "voucher_no_gain"
    message = N_(
        "This code takes nothing more off this order: "
        "what is taken off already cannot be added to it or is worth more."
    )


class VoucherNeedsPerson(VoucherNotForThis):
    """The uses of one person are limited, and nobody knows who this is."""

    code = "voucher_needs_person"
    message = N_("This code needs your phone number or your account.")
