"""A second opinion on events: the hash as GS1's own example computes it, and the JSON-LD context.

The package is needed by tests alone. It warns of old functions of Python while it works.
"""

import copy
import warnings
from collections.abc import Mapping
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from epcis_event_hash_generator import hash_generator, json_to_py
    from pyld import jsonld

from app.core.types import Json
from traceability.epcis_vocabulary import CONTEXT

# Its loader does not look into the context of the standard for prefixes.
BUILT_IN = {"cbvmda": "{urn:epcglobal:cbv:mda}"}


def pre_hash(event: Json, namespaces: Mapping[str, str]) -> list[str]:
    """The pieces of what is hashed, in its order."""
    document = {
        "@context": [CONTEXT, dict(namespaces)],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-11-24T10:00:00+07:00",
        "epcisBody": {"eventList": [copy.deepcopy(event)]},
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        json_to_py._namespaces.clear()
        json_to_py._namespaces.update(BUILT_IN)
        read = json_to_py.event_list_from_epcis_document_json(document)
        text = hash_generator.derive_prehashes_from_events(read, "\n")[0]
    return [line for line in str(text).split("\n") if line]


def event_id(event: Json, namespaces: Mapping[str, str]) -> str:
    """The identifier it computes."""
    found = hash_generator.calculate_hashes_from_pre_hashes(["".join(pre_hash(event, namespaces))])
    return str(found[0])


def expanded(document: Json) -> Any:
    """The document with every term written out by the context of the standard; no network."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return jsonld.expand(document)
