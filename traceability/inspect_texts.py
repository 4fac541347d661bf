"""Every sentence that the inspector's script shows, translated; it has no words of its own."""

from flask_babel import gettext as _


def inspect_texts() -> dict[str, str]:
    """Sentences by the key under which the script asks for them. `{name}` is filled in there."""
    return _bundle() | _answers() | _facts() | _reports()


def _bundle() -> dict[str, str]:
    return {
        "no_bundle": _("No batches on this phone yet. Choose the file that you took along."),
        "bundle_ready": _("{n} batches taken along, good until {expires}"),
        "bundle_made": _("Everything here is as it was on {made}."),
        "bundle_over": _("What you took along was good until {expires}"),
        "take_new": _("Take a new file along before you go on."),
        "signed": _("The signature of the programme office is right."),
        "cannot_verify": _("This browser cannot check the signature. Use a newer one to be sure."),
        "not_a_bundle": _("This is not a file for inspections."),
        "wrong_signature": _("The signature is not that of the programme office. Do not use it."),
    }


def _answers() -> dict[str, str]:
    return {
        "malformed": _("Not a stamp code: it has 16 letters and digits"),
        "not_taken": _("Not one of the batches taken along: nothing can be said of it"),
        "not_issued": _("This code was never issued in this batch"),
        "recalled": _("The goods are called back"),
        "void": _("This stamp was declared void"),
        "not_activated": _("Issued, but never put into use"),
        "held": _("The lot is on hold"),
        "sold": _("Issued and put into use; a sale was noted already"),
        "activated": _("Issued and put into use"),
    }


def _facts() -> dict[str, str]:
    return {
        "as_of": _("As of {made}; it says nothing of what is in the pack."),
        "lot_line": _("Lot {lot} · made {made} · use by {expires}"),
        "stamp_line": _("Stamp {n} of {size} in batch {ref}"),
        "stars": _("OCOP {n} stars until {until}"),
        "no_stars": _("No recognition in force was known"),
        "past_date": _("The use-by date is over."),
    }


def _reports() -> dict[str, str]:
    return {
        "waiting": _("{n} reports wait for a network. They are sent by themselves."),
        "refused": _("{n} reports were refused. Take a new file along and open this page again."),
        "all_sent": _("Every report has arrived."),
    }
