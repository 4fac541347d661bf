"""Every sentence that the till's script shows, translated; it has no words of its own."""

from flask_babel import gettext as _


def till_texts() -> dict[str, str]:
    """Sentences by the key under which the script asks for them. `{name}` is filled in there."""
    return _ticket() | _looking_up() | _paying() | _state()


def _ticket() -> dict[str, str]:
    return {
        "empty_title": _("Scan the first article"),
        "empty_text": _("Stamp, barcode or code. Or tap a key."),
        "lines": _("{n} articles"),
        "lot": _("Lot {lot}"),
        "lot_expires": _("Lot {lot} · expires {day}"),
        "no_stock": _("Not in the books here"),
        "scarce": _("The books have only {n}"),
        "stamps": _("{n} stamps scanned"),
        "less": _("One less"),
        "more": _("One more"),
        "quantity": _("Quantity"),
        "key_search": _("Search"),
        "key_choose": _("Choose a line"),
        "remove": _("Remove"),
        "removed": _("{name} was removed."),
        "emptied": _("The ticket was emptied."),
        "undo": _("Undo"),
        "rounding": _("Rounding: {amount}"),
        "restored": _("The ticket from before is still here."),
    }


def _looking_up() -> dict[str, str]:
    return {
        "twice": _("This stamp is already on the ticket. Each stamp belongs to one pack."),
        "nothing_found": _("Nothing found for “{text}”. Try another word, or scan the pack."),
        "no_keys": _("Nothing is in stock here yet. Receive goods first, or search by name."),
        "on_hand": _("{n} in stock"),
        "none_here": _("None in stock here"),
        "kept_code": _("No connection. Scan the pack again in a moment."),
    }


def _paying() -> dict[str, str]:
    return {
        "pay": _("Pay"),
        "due": _("To pay"),
        "given_cash": _("Cash given"),
        "change": _("Change due"),
        "missing": _("Still missing"),
        "exact": _("Exact amount"),
        "clear": _("Clear"),
        "take": _("Take the cash"),
        "back": _("Back"),
        "cash": _("Cash"),
        "sending": _("Booking the sale…"),
        "unsent": _("The sale is not booked yet"),
        "unsent_text": _(
            "No answer from the server. The ticket is kept; it is tried again by itself and never"
            " booked twice."
        ),
        "try_again": _("Try again now"),
        "refused": _("The sale was not booked"),
        "refused_text": _("Nothing was booked. Go back, mend the ticket, and take the cash again."),
        "done": _("Sold"),
        "total": _("Total"),
        "flagged": _("Booked. The manager will look at it: {n}."),
        "print": _("Print receipt"),
        "next": _("Next customer"),
    }


def _state() -> dict[str, str]:
    return {
        "online": _("Connected"),
        "offline": _("No connection"),
        "signed_out": _("You have been signed out. The ticket is kept; sign in again and go on."),
        "closed": _("This session was closed elsewhere. Open a new one to go on."),
        "waiting": _("1 sale waiting"),
        "failed": _("Something went wrong ({code}). Try again."),
        "unit_g": _("g"),
        "unit_ml": _("ml"),
    }
