"""The digital product passport: what article 32 of Decree 37/2026/NĐ-CP asks to be told, as JSON-LD.

Name and GTIN, the party with address and identifier, origin, traceability, certificates, dates, safety
warnings and a unique identifier, in the words of GS1's Web Vocabulary. Unknown facts are left out.
Pure: values in, dictionaries out.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from catalog.models import Producer, Product, Sku
from catalog.recognitions import RecognitionView
from traceability.gs1_numbers import DEMO_PREFIX
from traceability.models import JournalEntry, Lot, LotStatus

Node = dict[str, Any]

CONTEXT: Node = {
    "gs1": "https://ref.gs1.org/voc/",
    "schema": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
COUNTRY = {"@type": "gs1:Country", "gs1:countryCode": "VN"}


def of_lot(
    lot: Lot,
    view: RecognitionView,
    papers: Sequence[Any],
    entries: Sequence[JournalEntry],
    *,
    address: str,
) -> Node:
    """The passport of a lot; `address` is its own identifier, an absolute address.

    `papers` have kind, number, issuer, issued_on and valid_until.
    """
    sku, product = lot.sku, lot.sku.product
    return _known(
        {
            "@context": CONTEXT,
            "@id": address,
            "@type": ["gs1:Product", "schema:Product"],
            "gs1:productName": _texts(product.name_vi, product.name_en),
            "gs1:gtin": real_gtin(sku),
            "schema:sku": sku.code,
            "gs1:manufacturer": _party(product.producer),
            "gs1:countryOfOrigin": COUNTRY,
            "gs1:provenanceStatement": _origin(product),
            "gs1:hasBatchLotNumber": lot.code,
            "gs1:productionDate": _day(lot.made_on),
            "gs1:expirationDate": _day(lot.expires_on),
            "gs1:consumerStorageInstructions": _texts(product.storage_vi, product.storage_en),
            "gs1:ingredientStatement": _texts(product.ingredients_vi, product.ingredients_en),
            "gs1:warningCopyDescription": _warning(product),
            "gs1:certification": [*_recognition(view), *(_paper(paper) for paper in papers)],
            "schema:subjectOf": [_event(entry) for entry in entries],
            "gs1:consumerSafetyInformation": _recall(lot),
        }
    )


def of_stamp(passport: Node, serial: str, *, address: str) -> Node:
    """The passport of one pack: that of its lot, with its serial and its own identifier."""
    return {**passport, "@id": address, "gs1:hasSerialNumber": serial}


def real_gtin(sku: Sku) -> str | None:
    """The GTIN in 14 digits, unless it is missing or of the range kept for demonstrations."""
    known = sku.gtin and not sku.gtin.startswith(DEMO_PREFIX)
    return str(sku.gtin).zfill(14) if known else None


def _known(node: Mapping[str, Any]) -> Node:
    return {key: value for key, value in node.items() if value not in (None, "", [], {})}


def _texts(vietnamese: str | None, english: str | None) -> list[Node]:
    texts = (("vi", vietnamese), ("en", english))
    return [{"@language": language, "@value": text} for language, text in texts if text]


def _day(day: date | None) -> Node | None:
    return {"@type": "xsd:date", "@value": day.isoformat()} if day else None


def _time(entry: JournalEntry) -> Node:
    return {"@type": "xsd:dateTime", "@value": entry.occurred_at.isoformat()}


def _party(producer: Producer | None) -> Node | None:
    if producer is None:
        return None
    street = ", ".join(filter(None, (producer.address, producer.area_text)))
    return _known(
        {
            "@type": "gs1:Organization",
            "gs1:organizationName": producer.name,
            "gs1:globalLocationNumber": producer.gln,
            "schema:taxID": producer.tax_code,
            "schema:address": street,
        }
    )


def _origin(product: Product) -> list[Node]:
    place = product.area_text or (product.producer.area_text if product.producer else None)
    return _texts(place, None)


def _warning(product: Product) -> list[Node]:
    fact = product.facts.get("warning", {})
    return _texts(fact.get("vi") or fact.get("value"), fact.get("en"))


def _recognition(view: RecognitionView) -> list[Node]:
    if view.shown_stars is None:
        return []
    return [
        _known(
            {
                "@type": "gs1:CertificationDetails",
                "gs1:certificationStandard": "OCOP",
                "gs1:certificationValue": f"{view.shown_stars}",
                "gs1:certificationIdentification": view.decision_no,
                "gs1:certificationAgency": view.issuer,
                "gs1:certificationStartDate": _day(view.issued_on),
                "gs1:certificationEndDate": _day(view.valid_until),
            }
        )
    ]


def _paper(paper: Any) -> Node:
    return _known(
        {
            "@type": "gs1:CertificationDetails",
            "gs1:certificationStandard": paper.kind.value,
            "gs1:certificationIdentification": paper.number,
            "gs1:certificationAgency": paper.issuer,
            "gs1:certificationStartDate": _day(paper.issued_on),
            "gs1:certificationEndDate": _day(paper.valid_until),
        }
    )


def _event(entry: JournalEntry) -> Node:
    return _known(
        {
            "@type": "schema:Event",
            "schema:name": entry.kind.value,
            "schema:startDate": _time(entry),
            "schema:location": entry.place,
            "schema:description": entry.text,
            "schema:identifier": entry.hash,
        }
    )


def _recall(lot: Lot) -> str | None:
    return lot.status_reason or "recalled" if lot.status is LotStatus.RECALLED else None
