"""What is known of stamps, as other programs read it: the words of the stamp page, and no more."""

from app.api import schemas
from app.api.products import recognition
from app.core.text import N_
from traceability import serials
from traceability.scans import Verdict, VerdictKind

# The same sentences as on the page of a stamp.
TEXTS = {
    VerdictKind.ACTIVE: N_("This stamp was issued and put into use"),
    VerdictKind.SOLD: N_("The pack with this stamp has been sold"),
    VerdictKind.LAPSED: N_("This stamp was issued; the OCOP recognition has ended"),
    VerdictKind.HELD: N_("Sale of this lot is stopped for now"),
    VerdictKind.NOT_ACTIVATED: N_("This stamp was issued but not put into use"),
    VerdictKind.RECALLED: N_("This lot has been recalled"),
    VerdictKind.VOID: N_("This stamp is void"),
    VerdictKind.UNKNOWN: N_("No such stamp was issued here"),
    VerdictKind.MALFORMED: N_("This is not a stamp code"),
}
NOTE = N_(
    "A stamp can be copied. What counts is that code, product, lot and place of sale fit together,"
    " and how often the stamp was scanned before."
)


def told(verdict: Verdict, asked: str, text: str, note: str) -> schemas.Stamp:
    """The answer to the question `asked`; `text` and `note` are already translated."""
    return schemas.Stamp(
        asked=asked,
        serial=serials.grouped(verdict.serial) if verdict.serial else None,
        answer=verdict.kind,
        text=text,
        product=_product(verdict),
        lot=_lot(verdict),
        recognition=recognition(verdict.recognition) if verdict.vouched else None,
        sold_at=verdict.sold_at,
        scans=verdict.tally.scans,
        first_scan_at=verdict.tally.first_at,
        note=note,
    )


def _product(verdict: Verdict) -> schemas.StampProduct | None:
    sku, product, producer = verdict.sku, verdict.product, verdict.producer
    if sku is None or product is None:
        return None
    return schemas.StampProduct(
        name=schemas.Text(vi=product.name_vi, en=product.name_en),
        sku=sku.code,
        gtin=sku.gtin,
        producer=producer.name if producer else None,
    )


def _lot(verdict: Verdict) -> schemas.StampLot | None:
    lot = verdict.lot
    if lot is None:
        return None
    return schemas.StampLot(code=lot.code, made_on=lot.made_on, expires_on=lot.expires_on)
