"""Why an event of others is not taken: one stable word each, with a sentence for people."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.text import N_


@dataclass(frozen=True)
class Problem:
    """What is wrong and where: `code` is one of `SENTENCES`."""

    code: str
    field: str = ""


SENTENCES: Mapping[str, str] = {
    "not_an_object": N_("An event is an object."),
    "unknown_type": N_("There is no such type of event."),
    "missing_field": N_("This field must be there."),
    "malformed_field": N_("This field has another form."),
    "unknown_field": N_(
        "The standard does not know this field. One of your own needs a whole URI or a declared prefix."
    ),
    "foreign_field": N_("Events of this type do not have this field."),
    "bad_context": N_("The context of the event cannot be taken."),
    "bad_time": N_("This is no time with date, time of day and offset."),
    "bad_offset": N_("The time zone's offset looks like +07:00."),
    "offset_mismatch": N_("The time has another offset than the event says."),
    "future_time": N_("This time has not come yet."),
    "too_old": N_("Nobody recorded events then."),
    "unknown_action": N_("The action is ADD, OBSERVE or DELETE."),
    "action_and_step": N_("This action does not go with this business step."),
    "unknown_word": N_("The vocabulary does not have this word."),
    "nothing_named": N_("The event does not say what it is about."),
    "no_input": N_("The event does not say what went in."),
    "no_output": N_("The event does not say what came out."),
    "no_parent": N_("The event does not say what the things belong to."),
    "own_parent": N_("Nothing belongs to itself."),
    "no_transaction": N_("The event does not name a transaction."),
    "too_many": N_("So many at once are not taken."),
    "repeated": N_("This stands in the list twice."),
    "not_a_uri": N_("An identifier is a whole URI."),
    "malformed_identifier": N_("The identifier breaks the rules of GS1."),
    "wrong_check_digit": N_("The check digit of the number is wrong."),
    "mixed_identifiers": N_("Use either EPC URNs or Digital Links in one event, not both."),
    "class_among_instances": N_("A kind or lot stands where single things are listed."),
    "instance_among_classes": N_("A single thing stands where kinds and lots are listed."),
    "not_a_place": N_("This identifier does not name a place."),
    "bad_quantity": N_("A quantity is a number above zero; without a unit it is whole."),
    "bad_unit": N_("A unit has two or three capitals and digits, such as KGM."),
    "error_id_missing": N_("A correction names the event that was wrong by its identifier."),
    "error_time": N_("An error is declared after the event, and not in the future."),
    "error_reason": N_("What did not occur has no corrected form."),
    "nothing_to_correct": N_("The event that was wrong is not known here."),
    "unknown_corrective": N_("The event that puts it right is not known here."),
    "delete_without_prior": N_("What ends here was never seen before."),
    "wrong_hash": N_("The identifier is a hash, but not that of this event."),
    "id_taken": N_("Another event has this identifier."),
}
