"""How our goods, places and parties are called in events.

GS1 numbers in canonical form where there are any. Where not, the address of the public page: it is
a URI of our own domain, so it can collide with nobody's, and it leads somewhere.
"""

from dataclasses import dataclass
from urllib.parse import quote

from catalog.models import Producer, Sku, Unit
from pos.stock.models import Place
from traceability import gs1, lots
from traceability.gs1_uri import CANONICAL_ROOT
from traceability.models import Lot, StampBatch

# UN/CEFACT Recommendation 20; pieces have no unit of measure in EPCIS.
UNITS = {Unit.GRAM: "GRM", Unit.MILLILITRE: "MLT"}


@dataclass(frozen=True)
class Names:
    """Names under the address at which this installation is reached."""

    base_url: str

    def lot(self, lot: Lot) -> str:
        """Goods of the lot; of a stand-in for goods without one, goods of the article."""
        sku = lot.sku
        if lot.code == lots.UNIDENTIFIED or lot.code.startswith(lots.STANDING):
            return self.article(sku)
        if sku.gtin:
            return f"{self.article(sku)}/10/{quote(lot.code, safe='')}"
        return f"{self._root}/lo/{quote(sku.code, safe='')}/{quote(lot.code, safe='')}"

    def article(self, sku: Sku) -> str:
        """Goods of the article, whatever their lot."""
        if sku.gtin:
            return f"{CANONICAL_ROOT}/01/{gs1.gtin14(sku.gtin)}"
        return f"{self._root}/san-pham/{sku.product.slug}#{quote(sku.code, safe='')}"

    def stem(self, batch: StampBatch) -> str:
        """What stands before the serial of each stamp of the batch."""
        goods = f"{CANONICAL_ROOT}/01/{batch.identity}/21/"
        return goods if batch.has_gtin else f"{self._root}/t/"

    def place(self, place: Place) -> str:
        """A place by its GLN, else by the address of its page."""
        if place.gln:
            return f"{CANONICAL_ROOT}/414/{place.gln}"
        return f"{self._root}/diem-ban/{quote(place.code, safe='')}"

    def party(self, producer: Producer) -> str:
        """A producer by its GLN, else by the address of its page."""
        if producer.gln:
            return f"{CANONICAL_ROOT}/417/{producer.gln}"
        return f"{self._root}/nha-san-xuat/{producer.slug}"

    @property
    def _root(self) -> str:
        return self.base_url.rstrip("/")


def quantity(name: str, sku: Sku, units: int | None = None) -> dict[str, object]:
    """An element of a quantity list: base units of the article, if their number is known."""
    found: dict[str, object] = {"epcClass": name}
    if units is not None:
        found["quantity"] = units
        if sku.unit in UNITS:
            found["uom"] = UNITS[sku.unit]
    return found
