"""Words of EPCIS 2.0 and of the Core Business Vocabulary, and the namespaces they stand for. Pure.

Rules: GS1 EPCIS 2.0 (event types, actions), GS1 CBV 2.0, section 7 (business steps, dispositions,
types of transactions, sources and destinations, reasons of errors).
"""

from collections.abc import Mapping

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
# Addresses of the same context that others may name.
CONTEXTS = frozenset(
    {
        CONTEXT,
        "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
        "https://gs1.github.io/EPCIS/epcis-context.jsonld",
    }
)
VERSION = "2.0"

OBJECT, AGGREGATION = "ObjectEvent", "AggregationEvent"
TRANSACTION, TRANSFORMATION = "TransactionEvent", "TransformationEvent"
ASSOCIATION = "AssociationEvent"
TYPES = (OBJECT, AGGREGATION, TRANSACTION, TRANSFORMATION, ASSOCIATION)
ACTIONS = ("ADD", "OBSERVE", "DELETE")


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


STEPS = _set(
    """accepting arriving assembling collecting commissioning consigning creating_class_instance
    cycle_counting decommissioning departing destroying disassembling dispensing encoding
    entering_exiting holding inspecting installing killing loading other packing picking receiving
    removing repackaging repairing replacing reserving retail_selling sampling sensor_reporting
    shipping staging_outbound stock_taking stocking storing transporting unloading unpacking
    void_shipping"""
)
DISPOSITIONS = _set(
    """active available completeness_inferred completeness_verified conformant container_closed
    container_open damaged destroyed dispensed disposed encoded expired in_progress in_transit
    inactive mismatch_class mismatch_instance mismatch_quantity needs_replacement
    no_pedigree_match non_conformant non_sellable_other partially_dispensed recalled reserved
    retail_sold returned sellable_accessible sellable_not_accessible stolen unavailable
    unknown"""
)
TRANSACTIONS = _set(
    "bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt"
)
PARTIES = frozenset({"owning_party", "possessing_party", "location"})
REASONS = frozenset({"did_not_occur", "incorrect_data"})

# Steps with which a life begins and ends: their action is fixed (CBV 2.0, section 7.1).
BEGINS = frozenset({"commissioning", "creating_class_instance"})
ENDS = frozenset({"decommissioning", "destroying", "killing"})
# Other steps after which a thing need not be followed any longer.
MAY_END = ENDS | {"dispensing", "other", "removing", "retail_selling"}

CBV = "https://ref.gs1.org/cbv/"
GS1 = "https://gs1.org/voc/"
# Kind of word → the words known, and what stands before one when it is written out.
WORDS: Mapping[str, tuple[frozenset[str], str]] = {
    "bizStep": (STEPS, f"{CBV}BizStep-"),
    "disposition": (DISPOSITIONS, f"{CBV}Disp-"),
    "transaction": (TRANSACTIONS, f"{CBV}BTT-"),
    "party": (PARTIES, f"{CBV}SDT-"),
    "reason": (REASONS, f"{CBV}ER-"),
}
# The same words as names of the first edition.
OLD_NAMES = (
    ("urn:epcglobal:cbv:bizstep:", f"{CBV}BizStep-"),
    ("urn:epcglobal:cbv:disp:", f"{CBV}Disp-"),
    ("urn:epcglobal:cbv:btt:", f"{CBV}BTT-"),
    ("urn:epcglobal:cbv:sdt:", f"{CBV}SDT-"),
    ("urn:epcglobal:cbv:er:", f"{CBV}ER-"),
)
# Prefixes that the context of the standard brings along.
NAMESPACES: Mapping[str, str] = {
    "epcis": "https://ref.gs1.org/epcis/",
    "cbv": CBV,
    "gs1": GS1,
    "cbvmda": "urn:epcglobal:cbv:mda",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}


def bare(kind: str, text: str) -> str:
    """The word of the vocabulary that `text` means, in whichever form; else the text itself."""
    words, start = WORDS[kind]
    full = new_name(text)
    word = full.removeprefix(start).removeprefix("cbv:").rpartition("-")[2]
    return word if word in words and full in {word, start + word, _curie(start, word)} else text


def full(kind: str, text: str) -> str:
    """The word written out as a URI; what is none of the vocabulary stays as it is."""
    words, start = WORDS[kind]
    word = bare(kind, text)
    return start + word if word in words else new_name(text)


def new_name(text: str) -> str:
    """A name of the first edition as the address it has now."""
    for old, new in OLD_NAMES:
        if text.startswith(old):
            return new + text.removeprefix(old)
    return text


def _curie(start: str, word: str) -> str:
    return f"cbv:{start.removeprefix(CBV)}{word}"
