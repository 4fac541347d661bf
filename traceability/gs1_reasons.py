"""Why an address is no Digital Link, in a sentence for people: one for each reason of `gs1_uri`."""

from app.core.text import N_

REASONS = {
    "scheme": N_("The address must begin with https:// or http://."),
    "scheme-case": N_("The scheme must be all small letters or all capitals."),
    "host": N_("The address names no host."),
    "path": N_("The address needs pairs of a GS1 number and a value, such as /01/ and a GTIN."),
    "alpha": N_("Write the GS1 number, such as 01, and no word such as gtin or lot."),
    "other-key": N_("This kind of GS1 key is not served here; 01, 414 and 417 are."),
    "gtin-13": N_("A GTIN in an address has 14 digits: put a zero before this one."),
    "key-length": N_("A GTIN has 14 digits here, a GLN has 13."),
    "check-digit": N_("The check digit is wrong: one of the digits was misread."),
    "order": N_("The parts stand in the wrong order: 22, then 10, then 21."),
    "repeated": N_("A GS1 number stands in the address twice."),
    "qualifier": N_("These GS1 numbers cannot stand together in one address."),
    "empty": N_("A value is empty."),
    "too-long": N_("A value is longer than GS1 allows."),
    "too-short": N_("A value is shorter than GS1 demands."),
    "characters": N_("A value holds characters that GS1 does not allow."),
    "encoding": N_("A percent sign in the address is not followed by two hexadecimal digits."),
    "unknown-ai": N_("The address asks with a GS1 number that is not known here."),
    "attribute": N_("A value after the question mark does not fit its GS1 number."),
    "date": N_("A date must be year, month and day in six digits."),
    "in-path": N_("Lot, serial and the like belong before the question mark."),
    "needs-serial": N_("A digital signature (8030) belongs to one piece: the serial is missing."),
}
